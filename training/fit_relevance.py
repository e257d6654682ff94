"""Fits the weights of qa/relevance.py on questions whose answer sentence is known, and prints them.

    python -m training.fit_relevance [--questions 1200]

Data: SQuAD 2.0 training articles and SQuADShifts (wiki, reddit, amazon) from the evaluation folder,
nothing of any `dev` set. All paragraphs become one library, so that every question also meets the
near passages of others; a sentence is right when it holds a gold answer in the gold paragraph. The
model is a logistic regression over all sentences of a question, each question weighing the same.
Unanswerable questions of SQuAD 2.0 take part with no right sentence.
"""

import argparse
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import EVAL, evaluation
from index import Index, build
from index.search import search
from qa.evidence import Sentence, evidence
from qa.relevance import FEATURES, features

SEED = 7
SETS = ("train.squad2", "train.wiki", "train.reddit", "train.amazon")
HITS = 5


def questions(per_set: int) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """(a sample of the questions, id -> paragraph for every paragraph of the sets)."""
    score = evaluation()
    chosen: list[dict[str, Any]] = []
    paragraphs: dict[str, str] = {}
    for name in SETS:
        rows = score.rows(EVAL / "squad" / f"{name}.jsonl.gz")
        random.Random(SEED).shuffle(rows)
        none = [row for row in rows if not row["answers"]]
        chosen += [row for row in rows if row["answers"]][:per_set] + none[: per_set // 2]
        for row in rows[: per_set * 4]:
            paragraphs.setdefault(row["context"], row["title"])
    for row in chosen:
        paragraphs.setdefault(row["context"], row["title"])
    return chosen, paragraphs


def examples(
    index: Index, chosen: list[dict[str, Any]]
) -> list[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    """For each question, the features of its sentences and which of them are right."""
    found = []
    with index.pinned() as snapshot:
        for row in chosen:
            hits = search(snapshot, [row["question"]], HITS, None)
            candidates = evidence(snapshot, hits)
            right = np.array([_right(sentence, row) for sentence in candidates])
            if len(candidates):
                found.append((features(snapshot, row["question"], candidates), right))
    return found


def _right(sentence: Sentence, row: dict[str, Any]) -> bool:
    return sentence.article.text.strip() == row["context"].strip() and any(
        answer["text"] in sentence.text for answer in row["answers"]
    )


def fit(data: list[tuple[NDArray[np.float64], NDArray[np.bool_]]], steps: int = 3000) -> NDArray[np.float64]:
    """Gradient ascent with momentum on the mean log-likelihood, lightly regularised."""
    rows = np.concatenate([x for x, _ in data])
    labels = np.concatenate([y for _, y in data]).astype(float)
    weights = np.concatenate([np.full(len(y), 1 / len(y)) for _, y in data])
    weights /= weights.sum()
    theta = np.zeros(rows.shape[1])
    velocity = np.zeros_like(theta)
    for _ in range(steps):
        chances = 1 / (1 + np.exp(-rows @ theta))
        gradient = rows.T @ (weights * (labels - chances)) - 1e-6 * theta
        velocity = 0.9 * velocity + gradient
        theta = theta + 4.0 * velocity
    return theta


def report(theta: NDArray[np.float64], data: list[tuple[NDArray[np.float64], NDArray[np.bool_]]]) -> str:
    """Accuracy of the first sentence where one is right, and how sure it was when right and wrong."""
    tops = [(1 / (1 + np.exp(-(x @ theta)))).max() for x, _ in data]
    correct = [bool(y[int(np.argmax(x @ theta))]) for x, y in data]
    able = [y.any() for _, y in data]
    first = np.mean([c for c, a in zip(correct, able, strict=True) if a])
    sure = [
        np.mean([t for t, c in zip(tops, correct, strict=True) if c is wanted]) for wanted in (True, False)
    ]
    lines = [
        f"first sentence right {first:.3f} where one is; "
        f"mean top chance right {sure[0]:.3f}, wrong {sure[1]:.3f}"
    ]
    for low in np.arange(0, 1, 0.1):
        some = [c for t, c in zip(tops, correct, strict=True) if low <= t < low + 0.1]
        if some:
            lines.append(
                f"  chance {low:.1f}-{low + 0.1:.1f}: {len(some):4d} questions, right {np.mean(some):.2f}"
            )
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--questions", type=int, default=300, help="answerable ones of each set")
    chosen, paragraphs = questions(options.parse_args().questions)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "paragraphs.jsonl"
        lines = [
            json.dumps({"id": str(number), "title": title.replace("_", " "), "text": text})
            for number, (text, title) in enumerate(paragraphs.items())
        ]
        source.write_text("\n".join(lines), encoding="utf-8")
        print(build(source, library=Path(folder) / "library"))
        with Index.open(Path(folder) / "library") as index:
            data = examples(index, chosen)
    random.Random(SEED).shuffle(data)
    held_out, used = data[: len(data) // 4], data[len(data) // 4 :]
    theta = fit(used)
    for name, weight in zip(FEATURES, theta, strict=True):
        print(f"{weight:8.2f}  {name}")
    print("held out:", report(theta, held_out))


if __name__ == "__main__":
    main()

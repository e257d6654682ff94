"""Fits the two models of qa/chances.py: `python -m training.calibrate [--every N] [--library DIR]`.

On the articles of training/written that are kept back from training: a library of all of them is built, and
their questions, a third of which have no answer, are asked of it. Writes qa/calibration.json.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from index import build
from index.search import search
from index.types import Hit
from qa import Assistant, Settings, chances
from qa.extract import Extract, extract
from qa.followup import stand_alone
from qa.reader import the_reader
from qa.scoring import contains, exact

from .examples import KEPT_BACK, WRITTEN

TARGET = Path(chances.__file__).with_name("calibration.json")
Row = tuple[chances.Features, bool]


def articles() -> Iterator[tuple[dict, bool]]:
    """Each article as a library reads it, with its questions, and whether it was kept back."""
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            yield {"id": f"{path.stem}-{number}"} | json.loads(line), number % KEPT_BACK == 0


def asked(assistant: Assistant, every: int) -> tuple[list[Row], list[Row]]:
    """Of one question in `every`, the features of its answer and whether it is right, and of every hit that
    was read whether an answer stands in it."""
    right: list[Row] = []
    holds: list[Row] = []
    number = 0
    for article, kept_back in articles():
        for question in article["questions"] if kept_back else ():
            number += 1
            if number % every:
                continue
            hits, found = extracted(assistant, question["question"])
            answers = question["answers"]
            if found.right:
                right.append((found.right, exact(found.short or "", answers)))
            if answers:
                for hit, features in zip(hits, found.holds, strict=False):
                    there = hit.passage.article_id == article["id"] and contains(hit.passage.text, answers)
                    holds.append((features, there))
    return right, holds


def extracted(assistant: Assistant, question: str) -> tuple[list[Hit], Extract]:
    settings = assistant.settings
    with assistant.index.pinned() as snapshot:
        hits = search(snapshot, [question], settings.hits, None)
        favours = [0.0] * len(hits)
        return hits, extract(
            snapshot,
            the_reader(),
            stand_alone(question, ()),
            hits,
            favours,
            settings.read,
            settings.sentences,
        )


def fitted(rows: list[Row]) -> list[float]:
    """The weights of a logistic regression, the bias among them; slightly regularised."""
    features, labels = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    model = LogisticRegression(C=3.0, fit_intercept=False, max_iter=2000).fit(features, labels)
    return [round(float(weight), 3) for weight in model.coef_[0]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--every", type=int, default=1, help="ask one question in so many")
    options.add_argument("--library", type=Path, help="keep the library here")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        library = given.library or Path(folder, "library")
        lines = [json.dumps(article) for article, _ in articles()]
        source = Path(folder, "written.jsonl")
        source.write_text("\n".join(lines), encoding="utf-8")
        build([source], library=library)
        with Assistant.open(library, Settings(abstain_below=0)) as assistant:
            right, holds = asked(assistant, given.every)
    said = f"{len(right)} questions on the articles of training/written that are kept back from training"
    found = {"from": said, "right": fitted(right), "holds": fitted(holds)}
    TARGET.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{TARGET}: {sum(label for _, label in right)} of {len(right)} right")


if __name__ == "__main__":
    main()

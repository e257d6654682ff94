"""Fits the three models of qa/chances.py: `python -m training.calibrate [--every N] [--libraries DIR]`.

On the questions of training/written that are kept back from training, a third of which have no answer,
each asked of a library of its file's 20 to 84 articles; and on news of the evaluation data's `train` half,
asked of the articles that were found for them. Writes qa/calibration.json.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks import news
from benchmarks.common import evaluation
from index import build
from index.search import search
from index.types import Hit
from qa import Assistant, Settings, Turn, chances
from qa.candidates import Candidate
from qa.extract import Extract, extract
from qa.followup import stand_alone
from qa.reader import the_reader
from qa.scoring import contains, exact

from .examples import answer_of, articles

TARGET = Path(chances.__file__).with_name("calibration.json")
NEWS_EVERY = 8
"""One news question in so many, with its articles: more would take hours to encode."""
AS_IT_IS = (1.0, 1.0)
"""What the weights of the first two of chances.PICKS are drawn to, and those of all others to 0."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was read, its answers, the article that has them if that is known, what was found."""

    question: str
    answers: Sequence[str]
    article: str | None
    hits: Sequence[Hit]
    found: Extract

    def right(self, candidate: Candidate) -> bool:
        return exact(candidate.text, self.answers)


def written_questions(
    found: Iterable[tuple[dict[str, Any], bool]],
) -> Iterator[tuple[str, list[Turn], list[str], str]]:
    """Of the articles that are kept back: each with what was asked and answered before it, its answers, and
    its article."""
    for article, kept_back in found:
        for each in article["questions"] if kept_back else ():
            before = each.get("before", "")
            told = answer_of(before, article)
            history = [Turn(before, f"**{told}**" if told else "")] if before else []
            yield each["question"], history, each["answers"], article["id"]


def news_questions() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = evaluation().rows(news.NEWS / "train.questions.jsonl")
    return rows[::NEWS_EVERY]


def asked(
    assistant: Assistant, question: str, history: Sequence[Turn], answers: Sequence[str], article: str | None
) -> Asked:
    settings, standing = assistant.settings, stand_alone(question, history)
    with assistant.index.pinned() as snapshot:
        hits = search(snapshot, standing.wordings, settings.hits, None, standing.weights)
        found = extract(
            snapshot,
            the_reader(),
            standing,
            hits,
            [0.0] * len(hits),
            settings.read,
            settings.sentences,
            sure=1.0,
        )
    return Asked(standing.read, answers, article, hits, found)


def all_asked(folder: Path, every: int) -> Iterator[Asked]:
    """Every written question in `every`, and the news questions; their libraries are built in `folder`."""
    for name, group in groupby(articles(), lambda one: one[0]["id"].rpartition("-")[0]):
        of_file = list(group)
        source = folder / f"{name}.jsonl"
        source.write_text("\n".join(json.dumps(article) for article, _ in of_file), encoding="utf-8")
        build([source], library=folder / name)
        with Assistant.open(folder / name, Settings(abstain_below=0)) as assistant:
            for question in list(written_questions(of_file))[::every]:
                yield asked(assistant, *question)
    questions = news_questions()
    wanted = {url for row in questions for url in row["candidate_urls"]}
    found = [article for article in news.articles(["train"]) if article["url"] in wanted]
    build([news.write(folder / "news.jsonl.gz", found)], library=folder / "news")
    with Assistant.open(folder / "news", Settings(abstain_below=0)) as assistant:
        for row in questions:
            yield asked(assistant, row["question"], (), row["answers"], None)


def best_of(rows: Sequence[Asked]) -> list[float]:
    """The weights of a conditional logit (McFadden 1974) that gives the candidates that are right the highest
    chance, over the questions that have one; regularised towards AS_IT_IS."""
    sets = []
    for row in rows:
        labels = np.array([row.right(candidate) for candidate in row.found.candidates])
        if labels.any():
            features = [chances.picks(row.question, candidate) for candidate in row.found.candidates]
            sets.append((np.array(features), labels))
    towards = np.zeros(len(chances.PICKS))
    towards[: len(AS_IT_IS)] = AS_IT_IS

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        away = weights - towards
        total, slope = 0.5 * away @ away, away.copy()
        for features, labels in sets:
            scores = features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            there = shares[labels].sum() + 1e-12
            total -= np.log(there)
            slope -= features.T @ (shares * labels / there - shares)
        return total, slope

    found = minimize(loss, towards, jac=True, method="L-BFGS-B").x
    return [round(float(weight), 3) for weight in found]


def features_of_right(rows: Sequence[Asked], weights: Sequence[float]) -> Iterator[tuple[Any, bool]]:
    for row in rows:
        if row.found.candidates:
            ranked = chances.picked(row.question, row.found.candidates, weights)
            features = chances.right(row.question, ranked, row.hits, row.found.readings)
            yield features, row.right(ranked[0])


def features_of_holding(rows: Sequence[Asked], weights: Sequence[float]) -> Iterator[tuple[Any, bool]]:
    for row in rows:
        if row.answers:
            ranked = chances.picked(row.question, row.found.candidates, weights)
            for hit, features in zip(
                row.hits, chances.holds(ranked, row.hits, row.found.readings), strict=False
            ):
                own = row.article in (None, hit.passage.article_id)
                yield features, own and contains(hit.passage.text, row.answers)


def fitted(rows: Sequence[tuple[Any, bool]]) -> list[float]:
    """The weights of a logistic regression, the bias among them; slightly regularised."""
    features, labels = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    model = LogisticRegression(C=3.0, fit_intercept=False, max_iter=2000).fit(features, labels)
    return [round(float(weight), 3) for weight in model.coef_[0]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--every", type=int, default=1, help="ask one written question in so many")
    options.add_argument("--libraries", type=Path, help="keep the libraries in this folder")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = given.libraries or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        rows = list(all_asked(folder, given.every))
    of_news = sum(row.article is None for row in rows)
    weights = best_of(rows)
    right = list(features_of_right(rows, weights))
    found = {
        "from": f"{len(rows) - of_news} questions of training/written that are kept back from training, "
        f"and {of_news} of the news of realtimeqa's train half",
        "picks": weights,
        "right": fitted(right),
        "holds": fitted(list(features_of_holding(rows, weights))),
    }
    TARGET.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {sum(label for _, label in right)} of {len(right)} right")


if __name__ == "__main__":
    main()

"""Which candidate is the best, how likely it is right, and which hits hold it: three logistic models, over a
few plain features each.

Their weights are in calibration.json, which says what they were fitted to (training/calibrate.py).
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import numpy as np

from index.types import Hit

from . import kinds
from .candidates import Candidate
from .reader import Reading

Features = tuple[float, ...]

_WORD = re.compile(r"\w+")

PICKS = (
    "pooled",  # what its places weigh (qa/candidates.py)
    "sentence",  # the log-odds of its best place's sentence, alone (qa/relevance.py)
    "echo",  # the share of its words that the question has
    "length",  # log of its number of words
)
RIGHT = (
    "bias",
    "share",  # of the best candidate among all
    "lead",  # by how much its share is above the next one's
    "span",  # its best place's score against having none, as a probability
    "odds",  # that the passage of that place answers, as a probability
    "most odds",  # the highest of all passages
    "found",  # that passage's search score
    "sentence",  # the chance of its best place's sentence
    "kind",  # whether the answer is of the kind that is asked for
    "no kind",  # whether the question does not say which
    "length",  # log of its number of words
)
HOLDS = (
    "bias",
    "found",  # the search score
    "rank",  # 1 / (1 + its place)
    "odds",  # of the passage to answer, as a probability
    "span",  # its best span's score, as a probability
    "share",  # of the candidates in it, together
)


def picks(question: str, candidate: Candidate) -> Features:
    """The features of a candidate among the others, in the order of PICKS."""
    said = set(_words(question))
    words = _words(candidate.text)
    return (
        candidate.pooled,
        candidate.sentence,
        sum(word in said for word in words) / max(1, len(words)),
        math.log(1 + len(words)),
    )


def picked(
    question: str, candidates: Sequence[Candidate], weights: Sequence[float] | None = None
) -> list[Candidate]:
    """The candidates with their shares, a softmax over their features, the likeliest first. `weights`: others
    than the calibrated ones."""
    weights = weights or _calibration()["picks"]
    scores = np.array([np.dot(weights, picks(question, each)) for each in candidates])
    shares = np.exp(scores - scores.max(initial=-np.inf))
    shares /= shares.sum()
    order = np.argsort(-scores, kind="stable")
    return [replace(candidates[n], share=float(shares[n])) for n in order]


def right(
    question: str,
    candidates: Sequence[Candidate],
    hits: Sequence[Hit],
    readings: Sequence[Reading],
) -> Features:
    """The features of the first candidate, in the order of RIGHT."""
    first = candidates[0]
    number = first.places[0][0]
    reading = readings[number]
    kind = kinds.asked(question)
    return (
        1.0,
        first.share,
        first.share - (candidates[1].share if len(candidates) > 1 else 0.0),
        _squashed(_span_at(hits[number], reading, first)),
        _squashed(reading.odds),
        _squashed(max(each.odds for each in readings)),
        hits[number].score,
        _squashed(first.sentence),
        float(kinds.has(kind, f" {first.text}", question)),
        float(kind is None),
        math.log(1 + len(_words(first.text))),
    )


def holds(
    candidates: Sequence[Candidate], hits: Sequence[Hit], readings: Sequence[Reading]
) -> list[Features]:
    """The features of each hit that was read, in the order of HOLDS."""
    shares = [0.0] * len(readings)
    for candidate in candidates:
        for number in {place[0] for place in candidate.places}:
            shares[number] += candidate.share
    return [
        (1.0, hit.score, 1 / (1 + rank), _squashed(reading.odds), _squashed(reading.best), shares[rank])
        for rank, (hit, reading) in enumerate(zip(hits, readings, strict=False))
    ]


def chance(model: str, features: Features, favour: float = 0.0) -> float:
    """The probability that a model ("right", "holds") gives these features; `favour` are log-odds on top."""
    return _squashed(favour + sum(w * x for w, x in zip(_calibration()[model], features, strict=True)))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _span_at(hit: Hit, reading: Reading, candidate: Candidate) -> float:
    """The reader's own score of the candidate's best place."""
    _, start, end = candidate.places[0]
    start, end = start - hit.passage.start, end - hit.passage.start
    return max(
        (span.score for span in reading.spans if span.start <= start and end <= span.end), default=-20.0
    )


def _squashed(score: float) -> float:
    """1 / (1 + exp(-score)), from the log-odds to the probability."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def _calibration() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads((files(__package__) / "calibration.json").read_text("utf-8"))
    return found

"""How likely a short answer is right, and which hits hold it: two logistic models over a few plain features.

Their weights are in calibration.json, which says what they were fitted to (training/calibrate.py).
"""

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from index.types import Hit

from . import kinds
from .candidates import Candidate
from .reader import Reading

Features = tuple[float, ...]

RIGHT = (
    "bias",
    "share",  # of the best candidate among all
    "lead",  # by how much its share is above the next one's
    "span",  # its best place's score against having none, as a probability
    "odds",  # that the passage of that place answers, as a probability
    "most odds",  # the highest of all passages
    "found",  # that passage's search score
    "sentence",  # the chance of its best place's sentence (qa/relevance.py)
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
        first.chance,
        float(kind is not None and kinds.has(kind, f" {first.text}", question)),
        float(kind is None),
        math.log(1 + len(first.text.split())),
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

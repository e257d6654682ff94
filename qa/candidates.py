"""Short answers: the spans that the reader found in all passages, pooled, since one said in several places is
likelier."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.types import Hit

from .reader import Reading
from .scoring import normalised

_SOFTNESS = 2.0
"""Spans count exp(score / 2) when they are pooled."""
_ODDS_PART, _FOUND_PART = 0.7, 3.0
"""Of a span's score: the passage's log-odds to answer, and what its search score (0-1) adds."""
_FAVOUR_PART = 4.0
"""What log-odds that speak for a hit besides its words add to the scores of its spans."""
_AROUND = " \t\n.,;:!?“”\"'‘’()[]–—-"


Place = tuple[int, int, int]
"""The number of a hit, and the first and last index of the words in its article's text, half-open."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer in its fewest words, `article.text[start:end]` of a hit's article, at its best place.

    `pooled` is the log of what all its places weigh together; `places` has them all, best first; `sentence`
    are the log-odds of the best one's sentence to carry the answer, where they were asked, and `share` is
    the chance that it is the best of the candidates (qa/chances.py)."""

    text: str
    pooled: float
    places: tuple[Place, ...]
    sentence: float = 0.0
    share: float = 0.0


def pooled(
    hits: Sequence[Hit], readings: Sequence[Reading], favours: Sequence[float], wordings: float = 1.0
) -> list[Candidate]:
    """The candidates of the first hits, which are those that were read; the weightiest first. `favours` are
    log-odds that speak for each hit besides its words, such as its date. In how many `wordings` was searched,
    by their weights, is how much the search's score counts: of a follow-up it knows what it is about."""
    places: dict[str, list[tuple[float, int, int, int]]] = {}
    for number, (hit, reading) in enumerate(zip(hits, readings, strict=False)):
        lifted = (
            _ODDS_PART * reading.odds + _FOUND_PART * wordings * hit.score + _FAVOUR_PART * favours[number]
        )
        for span in reading.spans:
            start, end = _trimmed(hit.passage.text, span.start, span.end)
            key = normalised(hit.passage.text[start:end])
            if key:
                at = hit.passage.start
                places.setdefault(key, []).append((span.score + lifted, number, at + start, at + end))
    found = []
    for each in places.values():
        best = sorted(each, key=lambda place: -place[0])
        _, number, start, end = best[0]
        passage = hits[number].passage
        text = passage.text[start - passage.start : end - passage.start]
        weight = math.log(sum(math.exp(score / _SOFTNESS) for score, *_ in each))
        found.append(Candidate(text, weight, tuple(place[1:] for place in best)))
    return sorted(found, key=lambda each: -each.pooled)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the punctuation around it; a closing bracket stays where its opening one is inside."""
    while start < end and text[start] in _AROUND:
        start += 1
    while end > start and text[end - 1] in _AROUND:
        if text[end - 1] == ")" and "(" in text[start : end - 1]:
            break
        end -= 1
    return start, end

"""How likely each sentence is to carry the answer: a logistic model over a few plain features.

The weights are fitted by training/fit_relevance.py on questions with known answer sentences; that file
says on which. No model beyond the encoder is needed.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from index.types import Hit

from .evidence import Sentence

FEATURES = (
    "bias",
    "sentence similarity",  # cosine of question and sentence
    "context similarity",  # cosine of question and sentence with the one before it and the title
    "words in sentence",  # share of the question's words, by rarity, that stand in the sentence
    "words in context",  # … in the sentence, the one before it, or the title
    "kind of answer",  # whether it has what the question word asks for: a name, a date, a number
    "no kind asked",  # whether the question word asks for none of these
    "is a question",
    "length",  # log of its number of words
    "rank",  # 1 / (1 + rank of its passage)
)
WEIGHTS = (-6.0, 4.0, 3.0, 2.0, 2.0, 0.8, 0.4, -1.5, 0.1, 0.8)

# Words that ask, and say nothing of what is asked about.
_ASKING = (
    "who whom whose what which when where why how much many did do does done has have had were can could "
    "would should tell me about say says said article articles please i my you your know find there any"
)
_QUESTION_KINDS = (
    (
        "number",
        re.compile(
            r"\bhow (many|much|old|long|far|high|tall|big|large|fast|often|deep|heavy)\b|\bwhat (percentage|share|number|price|age|score)\b"
        ),
    ),
    (
        "time",
        re.compile(r"\bwhen\b|\b(what|which) (year|date|day|month|time|decade|century)\b|\bhow long ago\b"),
    ),
    (
        "name",
        re.compile(
            r"\b(who|whom|whose|where)\b|\b(what|which) (country|city|town|state|company|team|club|person|man|woman|airport|station|newspaper|film|book|place)\b"
        ),
    ),
)
_MONTH = r"january|february|march|april|may|june|july|august|september|october|november|december"
_DAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_TIME = re.compile(
    rf"\b(1\d\d\d|20\d\d|{_MONTH}|{_DAY}|yesterday|today|tomorrow|\d+ (?:days?|weeks?|months?|years?) ago)\b|\b\d\d?[:.]\d\d\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|twenty|thirty|forty|fifty|hundred|thousand|million|billion|half|quarter|third|dozen)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Scored:
    """The sentences with their chances, likeliest first."""

    ranked: list[tuple[Sentence, float]]

    @property
    def confidence(self) -> float:
        """The chance that the first sentence carries the answer; 0 where there is none."""
        return self.ranked[0][1] if self.ranked else 0.0


def scored(snapshot: Snapshot, question: str, found: Sequence[Sentence]) -> Scored:
    """Each sentence's chance of carrying the answer to the question."""
    if not found:
        return Scored([])
    chances = 1 / (1 + np.exp(-(features(snapshot, question, found) @ np.asarray(WEIGHTS))))
    order = np.argsort(-chances, kind="stable")
    return Scored([(found[i], float(chances[i])) for i in order])


def reranked(hits: Sequence[Hit], weighed: Scored) -> tuple[Hit, ...]:
    """The hits by the likeliest sentence of each, which becomes their score."""
    best: dict[int, float] = {}
    for sentence, chance in weighed.ranked:
        best.setdefault(sentence.rank, chance)
    scores = [best.get(rank, 0.0) for rank in range(len(hits))]
    order = sorted(range(len(hits)), key=lambda rank: -scores[rank])
    return tuple(replace(hits[rank], score=scores[rank]) for rank in order)


def features(snapshot: Snapshot, question: str, found: Sequence[Sentence]) -> NDArray[np.float64]:
    """One row a sentence, one column for each of FEATURES."""
    alone = [sentence.text for sentence in found]
    context = [f"{sentence.article.title}\n{sentence.before} {sentence.text}" for sentence in found]
    vectors = snapshot.encode([question, *alone, *context])
    similarities = vectors[1:] @ vectors[0]
    weights = _rarities(snapshot, question)
    kind = _kind(question)
    asked = {name.casefold() for name in _NAME.findall(question)}
    rows = []
    for i, sentence in enumerate(found):
        rows.append(
            (
                1.0,
                float(similarities[i]),
                float(similarities[len(found) + i]),
                _share(weights, snapshot.lexical.terms(alone[i])),
                _share(weights, snapshot.lexical.terms(context[i])),
                float(_has(kind, sentence.text, asked)),
                float(kind is None),
                float(sentence.text.rstrip("”\"'’ ").endswith("?")),
                math.log(1 + len(sentence.text.split())),
                1 / (1 + sentence.rank),
            )
        )
    return np.asarray(rows)


def _rarities(snapshot: Snapshot, question: str) -> dict[str, float]:
    """The words of the question, as they are indexed, with their inverse document frequencies."""
    asking = set(snapshot.lexical.terms(_ASKING))
    terms = set(snapshot.lexical.terms(question))
    return {term: snapshot.lexical.rarity(term) for term in (terms - asking or terms)}


def _share(weights: dict[str, float], terms: Sequence[str]) -> float:
    """The part of the question's words, by weight, that are among `terms`."""
    total = sum(weights.values())
    return sum(weights[term] for term in set(terms) & weights.keys()) / total if total else 0.0


def _kind(question: str) -> str | None:
    """What the question word asks for: "number", "time", "name"; None where it does not say."""
    lowered = question.lower()
    return next((kind for kind, pattern in _QUESTION_KINDS if pattern.search(lowered)), None)


def _has(kind: str | None, text: str, asked: set[str]) -> bool:
    """Whether a sentence holds something of that kind that the question does not name itself."""
    if kind == "number":
        return _NUMBER.search(text) is not None
    if kind == "time":
        return _TIME.search(text) is not None
    if kind == "name":
        return any(match[0].casefold() not in asked for match in _NAME.finditer(text, 1))
    return False

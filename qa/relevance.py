"""How likely each sentence is to carry the answer: a logistic model over a few plain features.

No model beyond the encoder is needed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.snapshot import Snapshot
from index.types import Hit

from . import kinds
from .evidence import Sentence

FEATURES = (
    "bias",
    "words in sentence",  # share of the question's words, by rarity, that stand in the sentence
    "words in context",  # … in the sentence, the one before it, or the title
    "kind of answer",  # whether it has what the question word asks for: a name, a date, a number
    "no kind asked",  # whether the question word asks for none of these
    "is a question",
    "length",  # log of its number of words
    "rank",  # 1 / (1 + rank of its passage)
    "sentence similarity",  # cosine of question and sentence
    "context similarity",  # cosine of question and sentence with the one before it and the title
)
WEIGHTS = (-2.79, 0.8, 0.8, 0.32, 0.16, -0.6, 0.04, 0.32, 1.6, 1.2)
"""Their directions were chosen by hand (weights fitted to SQuAD's sentences did not quote the right one more
often), their scale and the bias by logistic regression: so that the first sentence's chance is that of
the quoted sentences to hold the answer, on the 139 questions of the samples and of the seed article
(benchmarks/answers.py). A trained and calibrated reader is to take the place of all this."""

_SENTENCE_TO_WORDS = 1.65
"""What the threshold is multiplied with for a chance of whole sentences: with the one that is shipped, that
is a third, which was chosen on the samples."""

# Words that ask, and say nothing of what is asked about.
_ASKING = (
    "who whom whose what which when where why how much many did do does done has have had were can could "
    "would should tell me about say says said article articles please i my you your know find there any"
)


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
    chances = 1 / (1 + np.exp(-log_odds(snapshot, question, found)))
    order = np.argsort(-chances, kind="stable")
    return Scored([(found[i], float(chances[i])) for i in order])


def doubted(confidence: float, abstain_below: float) -> bool:
    """Whether the chance of a sentence is below the threshold, which is that of an answer's exact words."""
    return confidence < min(1.0, _SENTENCE_TO_WORDS * abstain_below)


def log_odds(
    snapshot: Snapshot, question: str, found: Sequence[Sentence], *, in_context: bool = True
) -> NDArray[np.float64]:
    """For each sentence, the log-odds that it carries the answer; see `features`."""
    if not found:
        return np.zeros(0)
    rows = features(snapshot, question, found, in_context=in_context)
    odds: NDArray[np.float64] = rows @ np.asarray(WEIGHTS)
    return odds


def reranked(hits: Sequence[Hit], weighed: Scored) -> tuple[Hit, ...]:
    """The hits by the likeliest sentence of each, which becomes their score; those whose sentences were
    not weighed come last, as they were."""
    best: dict[int, float] = {}
    for sentence, chance in weighed.ranked:
        best.setdefault(sentence.rank, chance)
    scores = [best.get(rank, 0.0) for rank in range(len(hits))]
    order = sorted(range(len(hits)), key=lambda rank: -scores[rank])
    return tuple(replace(hits[rank], score=scores[rank]) for rank in order)


def features(
    snapshot: Snapshot, question: str, found: Sequence[Sentence], *, in_context: bool = True
) -> NDArray[np.float64]:
    """One row a sentence, one column for each of FEATURES. Where it is not `in_context`, for a sentence that
    the reader has read there, its similarity alone stands for both: two thirds of the work are saved."""
    alone = [sentence.text for sentence in found]
    context = list(map(_in_context, found)) if in_context else []
    similarities = snapshot.encode([*alone, *context]) @ snapshot.encode_questions([question])[0]
    plain = _plain(snapshot, question, found)
    return np.column_stack([plain, similarities[: len(found)], similarities[-len(found) :]])


def _plain(snapshot: Snapshot, question: str, found: Sequence[Sentence]) -> list[tuple[float, ...]]:
    """The features of each sentence for which nothing is encoded."""
    weights = _rarities(snapshot, question)
    kind = kinds.asked(question)
    return [
        (
            1.0,
            _share(weights, snapshot.lexical.terms(sentence.text)),
            _share(weights, snapshot.lexical.terms(_in_context(sentence))),
            float(kinds.has(kind, sentence.text, question)),
            float(kind is None),
            float(sentence.text.rstrip("”\"'’ ").endswith("?")),
            math.log(1 + len(sentence.text.split())),
            1 / (1 + sentence.rank),
        )
        for sentence in found
    ]


def _in_context(sentence: Sentence) -> str:
    return f"{sentence.article.title}\n{sentence.before} {sentence.text}"


def _rarities(snapshot: Snapshot, question: str) -> dict[str, float]:
    """The words of the question, as they are indexed, with their inverse document frequencies."""
    asking = set(snapshot.lexical.terms(_ASKING))
    terms = set(snapshot.lexical.terms(question))
    return {term: snapshot.lexical.rarity(term) for term in (terms - asking or terms)}


def _share(weights: dict[str, float], terms: Sequence[str]) -> float:
    """The part of the question's words, by weight, that are among `terms`."""
    total = sum(weights.values())
    return sum(weights[term] for term in set(terms) & weights.keys()) / total if total else 0.0

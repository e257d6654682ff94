"""How well the sentences that a claim cites bear it out, as a chance from 0 to 1.

support = 1 / (1 + exp(-(BIAS + sum of weight * signal))); 1 for a claim that repeats a sentence it cites

A signal is one function and one line in SIGNALS; each gives a part from 0 to 1. The weights are those of a
logistic regression over claims made by rules from articles of our own, as if as many were borne out as not
(training/support.py; benchmarks/results/support.md has what each signal is worth). They are fitted to the
bundled encoder: the cosines of another are others.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from index.snapshot import Snapshot

from .context import Context
from .evidence import Sentence
from .extract import said_of
from .figures import Known, english, figures, names
from .reader import the_reader

WEAK = 0.4
"""A claim below it is marked: of those borne out, one in twenty is, of the others, seven in eight."""
STRONG = 0.7
"""A sentence without a marker gets that of the evidence that bears it out so well: the lowest bound, in
tenths, at which 19 of 20 such attributions are right."""
_UNTOLD = 0.5
"""Where a claim and what it cites are in two languages, which no signal but names and figures can tell of."""
_SAID = 0.85
"""A claim whose words stand in a sentence to this part is held against no other."""
_AROUND = " .,;:!?…\"'“”„‘’«»"
_LIKELIEST = 3
"""Sentences, by their words, whose support is measured for one without a marker."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a claim is borne out by what it cites; where it cites nothing, by the nearest sentence of the
    evidence, which it is `attributed` to where that is strong. `unfounded` are its figures and names that
    stand nowhere there."""

    support: float
    attributed: Sentence | None = None
    unfounded: tuple[str, ...] = ()


class Support:
    """Measures claims against the evidence of one answer."""

    def __init__(self, snapshot: Snapshot, context: Context, question: str, threads: int = 0) -> None:
        """`threads` of the reader, as in `index.settings`."""
        self._snapshot = snapshot
        self._context = context
        self._question = question
        self._threads = threads
        self._terms: dict[str, frozenset[str]] = {}
        self._rarities: dict[str, float] = {}
        self._vectors: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
        texts = [text for each in context.sentences for text in (each.text, each.before)]
        self._all = Known([*texts, *context.headings.values(), question])

    def judge(self, claim: str, cited: Sequence[Sentence]) -> Verdict:
        """All there is to say of a claim."""
        unfounded = self.unfounded(claim)
        if cited:
            return Verdict(self.of(claim, cited), unfounded=unfounded)
        sentence, support = self.best(claim) or (None, 0.0)
        return Verdict(support, sentence if support >= STRONG else None, unfounded)

    def of(self, claim: str, cited: Sequence[Sentence]) -> float:
        """How well these sentences together bear the claim out; 0 where there are none."""
        if not cited:
            return 0.0
        if any(_bare(claim) == _bare(sentence.text) for sentence in cited):
            return 1.0
        if english(claim) != english(_joined(cited)):
            return round(_UNTOLD * self.held(claim, cited), 3)
        told = sum(
            weight * signal for (_, weight), signal in zip(SIGNALS, self.signals(claim, cited), strict=True)
        )
        return round(1 / (1 + math.exp(-(BIAS + told))), 3)

    def signals(self, claim: str, cited: Sequence[Sentence]) -> list[float]:
        """What each of SIGNALS gives."""
        return [signal(self, claim, cited) for signal, _ in SIGNALS]

    def best(self, claim: str) -> tuple[Sentence, float] | None:
        """The sentence of the evidence that bears a claim out best, and how well."""
        by_words = sorted(
            ((self.words(claim, [sentence]), sentence) for sentence in self._context.sentences),
            key=lambda pair: -pair[0],
        )[:_LIKELIEST]
        if by_words and by_words[0][0] >= _SAID:
            by_words = by_words[:1]
        measured = [(sentence, self.of(claim, [sentence])) for _, sentence in by_words]
        return max(measured, key=lambda pair: pair[1], default=None)

    def unfounded(self, claim: str) -> tuple[str, ...]:
        """Figures and names of a claim that stand nowhere in the evidence, its headings, or the question."""
        return self._all.missing(claim)

    def words(self, claim: str, cited: Sequence[Sentence]) -> float:
        """The part of the claim's words, by rarity, that they have."""
        terms = self._terms_of(claim)
        weights = {term: self._rarity(term) for term in terms}
        total = sum(weights.values())
        theirs = self._terms_of(_joined(cited))
        return sum(weights[term] for term in terms & theirs) / total if total else 0.0

    def meaning(self, claim: str, cited: Sequence[Sentence]) -> float:
        """The cosine of both, by the encoder."""
        text = _joined(cited)
        new = [each for each in dict.fromkeys((claim, text)) if each not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._snapshot.encode(new), strict=True))
        return max(0.0, float(self._vectors[claim] @ self._vectors[text]))

    def relevance(self, claim: str, cited: Sequence[Sentence]) -> float:
        """The chance, by the reader, that they answer the claim, read as if it were a question."""
        passage = (said_of(cited[0].article), _joined(cited))
        (reading,) = the_reader(self._threads).read(claim, [passage])
        return 1 / (1 + math.exp(-reading.odds))

    def held(self, claim: str, cited: Sequence[Sentence]) -> float:
        """The part of the claim's figures and names that stand in the cited sentences, around them, or in
        the question; 1 where it has none."""
        texts = [text for each in cited for text in (each.text, each.before)]
        known = Known(
            [*texts, *{self._context.headings.get(each.article.id, "") for each in cited}, self._question]
        )
        held = [known.has_figure(figure) for figure in figures(claim)]
        held += [known.has_name(name) for name in names(claim)]
        return sum(held) / len(held) if held else 1.0

    def all_held(self, claim: str, cited: Sequence[Sentence]) -> float:
        """Whether all of them do: one that is wrong makes a claim wrong."""
        return float(self.held(claim, cited) == 1)

    def _terms_of(self, text: str) -> frozenset[str]:
        if text not in self._terms:
            self._terms[text] = frozenset(self._snapshot.lexical.terms(text))
        return self._terms[text]

    def _rarity(self, term: str) -> float:
        if term not in self._rarities:
            self._rarities[term] = self._snapshot.lexical.rarity(term)
        return self._rarities[term]


def _bare(sentence: str) -> str:
    """Without what quotes it or ends it."""
    return " ".join(sentence.split()).strip(_AROUND)


def _joined(cited: Sequence[Sentence]) -> str:
    return " ".join(sentence.text for sentence in cited)


Signal = Callable[[Support, str, Sequence[Sentence]], float]
"""Takes the measuring Support, a claim, and the sentences that it cites."""

BIAS = -7.43
SIGNALS: tuple[tuple[Signal, float], ...] = (
    (Support.words, 2.76),
    (Support.meaning, 3.18),
    (Support.all_held, 4.54),
    (Support.relevance, 1.45),
)

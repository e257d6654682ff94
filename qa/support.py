"""How well the sentences that a claim cites bear it out, from 0 to 1.

support = (weighted mean of the signals) * (0.4 + 0.6 * part of its figures and names that they have)

A signal is one function and one line in SIGNALS; each gives a part from 0 to 1, or None where it cannot tell.
"""

from collections.abc import Callable, Sequence

import numpy as np

from index.snapshot import Snapshot

from .context import Context
from .evidence import Sentence
from .figures import Known, english, figures, names

WEAK = 0.4
"""A claim below it is marked. Set by hand, as are the weights of the signals."""
STRONG = 0.6
"""A sentence without a marker gets that of the evidence that bears it out so well."""
_UNTOLD = 0.5
"""Where no signal can tell."""
_SAID = 0.85
"""A claim whose words stand in what it cites to this part needs no encoder to be judged."""
_LIKELIEST = 3
"""Sentences, by their words, whose support is measured for one without a marker."""


class Support:
    """Measures claims against the evidence of one answer."""

    def __init__(self, snapshot: Snapshot, context: Context, question: str) -> None:
        self._snapshot = snapshot
        self._context = context
        self._question = question
        self._terms: dict[str, frozenset[str]] = {}
        self._rarities: dict[str, float] = {}
        self._vectors: dict[str, np.ndarray[tuple[int], np.dtype[np.float32]]] = {}
        texts = [text for each in context.sentences for text in (each.text, each.before)]
        self._all = Known([*texts, *context.headings.values(), question])

    def of(self, claim: str, cited: Sequence[Sentence]) -> float:
        """How well these sentences together bear the claim out; 0 where there are none."""
        if not cited:
            return 0.0
        text = " ".join(sentence.text for sentence in cited)
        signals = [(weight, signal(self, claim, text)) for signal, weight in SIGNALS]
        told = [(weight, value) for weight, value in signals if value is not None]
        total = sum(weight for weight, _ in told)
        mean = sum(weight * value for weight, value in told) / total if total else _UNTOLD
        return round(mean * (0.4 + 0.6 * self._held(claim, cited)), 3)

    def best(self, claim: str) -> tuple[Sentence, float] | None:
        """The sentence of the evidence that bears a claim out best, and how well."""
        by_words = sorted(
            self._context.sentences, key=lambda sentence: -(self.words(claim, sentence.text) or 0.0)
        )
        if by_words and (self.words(claim, by_words[0].text) or 0.0) >= _SAID:
            by_words = by_words[:1]
        else:
            self._encode([claim, *(sentence.text for sentence in by_words[:_LIKELIEST])])
        measured = [(sentence, self.of(claim, [sentence])) for sentence in by_words[:_LIKELIEST]]
        return max(measured, key=lambda pair: pair[1], default=None)

    def unfounded(self, claim: str) -> tuple[str, ...]:
        """Figures and names of a claim that stand nowhere in the evidence, its headings, or the question."""
        return self._all.missing(claim)

    def words(self, claim: str, text: str) -> float | None:
        """The part of the claim's words, by rarity, that the text has. None across languages."""
        if english(claim) != english(text):
            return None
        terms = self._terms_of(claim)
        weights = {term: self._rarity(term) for term in terms}
        total = sum(weights.values())
        return sum(weights[term] for term in terms & self._terms_of(text)) / total if total else None

    def meaning(self, claim: str, text: str) -> float | None:
        """The cosine of both, from 0.2 (any two sentences) to 0.9 (a paraphrase). None across languages, and
        where the words tell enough: the encoder takes longer than all the rest."""
        if english(claim) != english(text) or (self.words(claim, text) or 0.0) >= _SAID:
            return None
        self._encode([claim, text])
        cosine = float(self._vectors[claim] @ self._vectors[text])
        return min(1.0, max(0.0, (cosine - 0.2) / 0.7))

    def _encode(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._snapshot.encode(new), strict=True))

    def _held(self, claim: str, cited: Sequence[Sentence]) -> float:
        """The part of the claim's figures and names that stand in the cited sentences, around them, or in
        the question; 1 where it has none."""
        texts = [text for each in cited for text in (each.text, each.before)]
        known = Known(
            [*texts, *{self._context.headings.get(each.article.id, "") for each in cited}, self._question]
        )
        held = [known.has_figure(figure) for figure in figures(claim)]
        held += [known.has_name(name) for name in names(claim)]
        return sum(held) / len(held) if held else 1.0

    def _terms_of(self, text: str) -> frozenset[str]:
        if text not in self._terms:
            self._terms[text] = frozenset(self._snapshot.lexical.terms(text))
        return self._terms[text]

    def _rarity(self, term: str) -> float:
        if term not in self._rarities:
            self._rarities[term] = self._snapshot.lexical.rarity(term)
        return self._rarities[term]


Signal = Callable[[Support, str, str], float | None]
"""Takes the measuring Support, a claim, and the text that it cites."""

SIGNALS: tuple[tuple[Signal, float], ...] = (
    (Support.words, 0.5),
    (Support.meaning, 0.5),
)

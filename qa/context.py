"""Hits to what a model is given to read: numbered sentences under their articles' headings, within a budget.

    Article: The harbour lamp | The Quay | published 1 May 2024 | by Ida Holm
    [1] Ada Lind lit the harbour lamp on Monday.
    [2] It burned for nine hours.

Nothing in an article can look like these lines: each of its sentences is one line, behind its number, and
brackets and angles in it are written as others, so that it can forge no number, no end of the evidence and
no turn of a chat. Citations are spans of the article, and have its own characters.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.days import PartialDate, readable
from index.sentences import is_heading, overlapping, paragraphs, sentences
from index.snapshot import Snapshot
from index.types import Article, Hit

from .evidence import Sentence, evidence
from .unseen import seen_on_one_line

Count = Callable[[Sequence[str]], list[int]]
"""How many tokens each text has."""

NEIGHBOURS = 2
"""Sentences before and after those of a hit that are added while there is room."""
_NEAR = 2000
"""Characters before and after a hit; these are looked for in the paragraphs that are not farther away."""
_SAME = 0.9
"""Two sentences with this part of their words in common are one."""
_LONGEST_HEADING = 300
_LOOKALIKES = str.maketrans(
    {"[": "(", "]": ")", "【": "(", "】": ")", "［": "(", "］": ")", "<": "‹", ">": "›"}
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Context:
    """`text` is what the model reads; number n in it is `sentences[n - 1]`. `headings` are of their articles.

    `left_out` sentences did not fit, `folded` say what another one says.
    """

    text: str
    sentences: tuple[Sentence, ...]
    headings: dict[str, str]
    tokens: int
    left_out: int
    folded: int


def counting(snapshot: Snapshot) -> Count:
    """Tokens of texts, rather too many than too few: no model's own tokenizer is at hand, so it is the
    encoder's word pieces and a tenth more, or a token for four bytes, whichever is more."""

    def count(texts: Sequence[str]) -> list[int]:
        pieces = snapshot.encoder.pieces.counts(texts)
        size = [len(text.encode("utf-8", "replace")) for text in texts]
        return [math.ceil(max(1.1 * n, bytes / 4)) + 1 for n, bytes in zip(pieces, size, strict=True)]

    return count


def harmless(text: str) -> str:
    """An article's words as a model may be shown them: one line, nothing unseen, no brackets, no angles."""
    return seen_on_one_line(text).translate(_LOOKALIKES)


def heading(article: Article) -> str:
    """Title, site, date and authors of an article, in one line."""
    facts = [article.title or "untitled", article.site]
    if article.published is not None:
        facts.append(f"published {_day(article)}")
    if article.authors:
        facts.append("by " + ", ".join(article.authors))
    line = " | ".join(harmless(fact).replace("|", "/") for fact in facts if fact)
    return f"Article: {line if len(line) <= _LONGEST_HEADING else line[:_LONGEST_HEADING] + '…'}"


def packed(
    snapshot: Snapshot, hits: Sequence[Hit], first: Sequence[Sentence], budget: int, count: Count
) -> Context:
    """As much as fits into `budget` tokens: the sentences `first`, those of the hits by rank, then their
    neighbours; whole sentences only, each once."""
    of_hits = evidence(snapshot, hits)
    needed, besides = [*first, *of_hits], list(_neighbours(hits, of_hits))
    packing = _Packing(budget, count, [*needed, *besides])
    for sentence in needed:
        packing.take(sentence, needed=True)
    for sentence in besides:
        packing.take(sentence, needed=False)
    return packing.context()


class _Packing:
    def __init__(self, budget: int, count: Count, sentences: Sequence[Sentence]) -> None:
        """All `sentences` are counted at once, before any is taken: one by one takes many times as long."""
        self._left, self._budget = budget, budget
        articles = {sentence.article.id: sentence.article for sentence in sentences}
        self._heading = {id: heading(article) for id, article in articles.items()}
        self._shown = {sentence: harmless(sentence.text) for sentence in sentences}
        lines = list({*map(_as_heading, self._heading.values()), *map(_as_line, self._shown.values())})
        self._cost = dict(zip(lines, count(lines), strict=True))
        self._chosen: dict[str, list[Sentence]] = {}
        self._words: dict[tuple[str, int, int], frozenset[str]] = {}
        self._left_out = self._folded = 0

    def take(self, sentence: Sentence, *, needed: bool) -> None:
        article = sentence.article
        if any(
            sentence.start < other.end and other.start < sentence.end
            for other in self._chosen.get(article.id, ())
        ):
            return
        shown = self._shown[sentence]
        if not shown:
            return
        words = frozenset(_WORD.findall(shown.casefold()))
        if any(_alike(words, other) for other in self._words.values()):
            self._folded += 1
            return
        cost = self._cost[_as_line(shown)]
        if article.id not in self._chosen:
            cost += self._cost[_as_heading(self._heading[article.id])]
        if cost > self._left:
            self._left_out += needed
            return
        self._left -= cost
        self._chosen.setdefault(article.id, []).append(sentence)
        self._words[(article.id, sentence.start, sentence.end)] = words

    def context(self) -> Context:
        lines: list[str] = []
        numbered: list[Sentence] = []
        for article_id, chosen in self._chosen.items():
            if lines:
                lines.append("")
            lines.append(self._heading[article_id])
            for sentence in sorted(chosen, key=lambda each: each.start):
                numbered.append(sentence)
                lines.append(f"[{len(numbered)}] {self._shown[sentence]}")
        return Context(
            text="\n".join(lines),
            sentences=tuple(numbered),
            headings={article_id: self._heading[article_id] for article_id in self._chosen},
            tokens=self._budget - self._left,
            left_out=self._left_out,
            folded=self._folded,
        )


def _as_line(shown: str) -> str:
    return f"[999] {shown}\n"


def _as_heading(line: str) -> str:
    return f"\n{line}\n"


def _alike(words: frozenset[str], other: frozenset[str]) -> bool:
    if not words or not _SAME * len(words) <= len(other) <= len(words) / _SAME:
        return words == other
    return len(words & other) >= _SAME * len(words | other)


def _neighbours(hits: Sequence[Hit], of_hits: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences next to those of each hit, by the hit's rank, the nearest first."""
    articles = {sentence.article.id: sentence.article for sentence in of_hits}
    parts = {id: paragraphs(article.text) for id, article in articles.items()}
    for rank, hit in enumerate(hits):
        article = articles.get(hit.passage.article_id)
        if article is None:
            continue
        start, end = hit.passage.start, hit.passage.end
        near = overlapping(parts[article.id], start - _NEAR, end + _NEAR)
        spans = sentences(article.text, article.language, near)
        before = [span for span in spans if span[1] <= start][-NEIGHBOURS:]
        after = [span for span in spans if span[0] >= end][:NEIGHBOURS]
        for span in (*after[:1], *before[-1:], *after[1:], *before[-2::-1]):
            if not is_heading(article.text, span):
                yield Sentence(article, *span, rank, "")


def _day(article: Article) -> str:
    day = article.published
    assert day is not None
    return readable(day) if isinstance(day, PartialDate) else f"{readable(day)} ({day.isoformat()})"

"""Articles cut into passages. Spans are chosen first, so a passage's offsets are exact by construction.

Each passage is a run of whole sentences, as long as fits; it begins with the last short ones of the
passage before, and prefers to end where a paragraph ends. Only a sentence longer than a whole passage is
cut inside.
"""

import re
from collections.abc import Iterator

import regex

from .sentences import Span, is_heading, sentences
from .tokens import TokenCounter, WordPieces
from .types import Article, Passage

VERSION = 1
"""Goes into the manifest; raise it when the same article would be cut differently."""

CHARACTERS_PER_TOKEN = 12
"""A passage has at most this many characters for each token that it may have: the tokenizer makes one
unknown piece of a word of any length, and such a run should not become one enormous passage."""

OVERLAP_PART = 1 / 6
"""Sentences that are in all at most this part of a passage's length stand in two passages: what was said
right before often says what the next one is about."""

PARAGRAPH_END_FROM = 0.85
"""A passage this full ends at a paragraph's end when the next paragraph does not fit whole."""

_BLANK_LINE = re.compile(r"[^\S\n]*\n[^\S\n]*\n")
_GRAPHEME = regex.compile(r"\X")


def split(article: Article, pieces: WordPieces, passage_tokens: int) -> list[Passage]:
    """The passages of an article, in order.

    For each `p`: `article.text[p.start:p.end] == p.text`, at most `passage_tokens` word pieces;
    starts strictly increase; every character that is not white space lies in one, at least.
    """
    counter = pieces.counter(article.text)
    units = _units(article, counter, passage_tokens)
    return [
        article.passage(start, end) for start, end in _packed(article.text, units, counter, passage_tokens)
    ]


def _units(article: Article, counter: TokenCounter, limit: int) -> list[Span]:
    """The sentences, those that are too long for one passage cut into pieces that are not."""
    units: list[Span] = []
    for start, end in sentences(article.text, article.language):
        units += _fitting(article.text, start, end, counter, limit)
    return units


def _fits(start: int, end: int, counter: TokenCounter, limit: int) -> bool:
    return end - start <= limit * CHARACTERS_PER_TOKEN and counter.count(start, end) <= limit


def _fitting(text: str, start: int, end: int, counter: TokenCounter, limit: int) -> Iterator[Span]:
    """`text[start:end]` in pieces that fit: cut at white space, else between grapheme clusters."""
    while not _fits(start, end, counter, limit):
        furthest = min(end, start + limit * CHARACTERS_PER_TOKEN, counter.cut(start, limit) or end)
        cut = _last_space(text, start, furthest) or _last_grapheme_end(text, start, furthest)
        yield start, _rstrip(text, start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _last_space(text: str, start: int, end: int) -> int | None:
    """The last index in the second half of `text[start:end]` at which a word begins."""
    if end < len(text) and text[end - 1].isspace():
        return end
    for at in range(end - 1, (start + end) // 2, -1):
        if text[at].isspace():
            return at + 1
    return None


def _last_grapheme_end(text: str, start: int, end: int) -> int:
    """`end`, moved back so that no combined character is torn; one longer than 64 characters is."""
    last = end
    for cluster in _GRAPHEME.finditer(text, max(start, end - 64), min(len(text), end + 64)):
        if cluster.end() > end:
            return last
        last = cluster.end()
    return end


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end


def _packed(text: str, units: list[Span], counter: TokenCounter, limit: int) -> Iterator[Span]:
    """Runs of units as long as fit; each begins with the last units of the one before, while they are
    short and leave room for more. `new` is the first unit that stands in no passage yet."""
    first = new = 0
    while new < len(units):
        last = _last_that_fits(units, first, counter, limit)
        if last + 1 < len(units):
            last = _good_end(text, units, first, new, last, counter, limit)
        yield units[first][0], units[last][1]
        before, first, new = first, last + 1, last + 1
        while (
            new < len(units)
            and first - 1 > before
            and counter.count(units[first - 1][0], units[last][1]) <= limit * OVERLAP_PART
            and _fits(units[first - 1][0], units[new][1], counter, limit)
        ):
            first -= 1


def _last_that_fits(units: list[Span], first: int, counter: TokenCounter, limit: int) -> int:
    """The index of the last unit that fits into a passage that begins with unit `first`."""
    last = first
    while last + 1 < len(units) and _fits(units[first][0], units[last + 1][1], counter, limit):
        last += 1
    return last


def _good_end(
    text: str, units: list[Span], first: int, new: int, last: int, counter: TokenCounter, limit: int
) -> int:
    """`last`, or the unit before it that ends a paragraph where that leaves the passage nearly full; no
    heading, which belongs to what follows. Never a unit before `new`."""
    for end in range(last, new - 1, -1):
        if counter.count(units[first][0], units[end][1]) < limit * PARAGRAPH_END_FROM:
            break
        if _ends_paragraph(text, units[end]) and not is_heading(text, units[end]):
            return end
    return last - 1 if last > new and is_heading(text, units[last]) else last


def _ends_paragraph(text: str, unit: Span) -> bool:
    return _BLANK_LINE.match(text, unit[1]) is not None

"""Articles cut into passages. Spans are chosen first, so a passage's offsets are exact by construction.

Passages follow one another without overlap. Each is a run of whole sentences, as long as fits, that
prefers to end where a paragraph ends; only a sentence longer than a whole passage is cut inside.
"""

from collections.abc import Iterator

import regex

from .sentences import Span, paragraphs, sentences
from .tokens import TokenCounter, WordPieces
from .types import Article, Passage

VERSION = 1
"""Goes into the manifest; raise it when the same article would be cut differently."""

CHARACTERS_PER_TOKEN = 12
"""A passage has at most this many characters for each token that it may have: the tokenizer makes one
unknown piece of a word of any length, and such a run should not become one enormous passage."""

PARAGRAPH_END_FROM = 0.85
"""A passage this full ends at a paragraph's end when the next paragraph does not fit whole."""

_HEADING_CHARACTERS = 120
_GRAPHEME = regex.compile(r"\X")


def split(article: Article, pieces: WordPieces, passage_tokens: int) -> list[Passage]:
    """The passages of an article, in order.

    For each `p`: `article.text[p.start:p.end] == p.text`, at most `passage_tokens` word pieces;
    starts strictly increase; every character that is not white space lies in exactly one.
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


def _packed(text: str, units: list[Span], counter: TokenCounter, limit: int) -> list[Span]:
    """Units joined, first come first in, while they fit."""
    ends = {end for _, end in paragraphs(text)}
    passages: list[Span] = []
    current: list[Span] = []
    for unit in units:
        if current and not _fits(current[0][0], unit[1], counter, limit):
            kept, carried = _broken(text, current, ends, counter, limit)
            if carried and not _fits(carried[0][0], unit[1], counter, limit):
                kept, carried = current, []
            passages.append((kept[0][0], kept[-1][1]))
            current = carried
        current.append(unit)
    if current:
        passages.append((current[0][0], current[-1][1]))
    return passages


def _broken(
    text: str, units: list[Span], paragraph_ends: set[int], counter: TokenCounter, limit: int
) -> tuple[list[Span], list[Span]]:
    """A full run of units as (what makes this passage, what begins the next one)."""
    for last in range(len(units) - 1, 0, -1):
        kept = units[:last]
        if counter.count(kept[0][0], kept[-1][1]) < limit * PARAGRAPH_END_FROM:
            break
        if units[last - 1][1] in paragraph_ends and not _is_heading(text, units[last - 1]):
            return kept, units[last:]
    if len(units) > 1 and _is_heading(text, units[-1]):
        return units[:-1], units[-1:]
    return units, []


def _is_heading(text: str, unit: Span) -> bool:
    """A short paragraph without an end mark belongs to what follows it."""
    start, end = unit
    return end - start <= _HEADING_CHARACTERS and text[end - 1].isalnum() and text[end : end + 2] == "\n\n"

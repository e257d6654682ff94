"""Where the sentences of a text begin and end. Both passages and quotations are made of these spans."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import regex
import sentencex

from .tokens import encodable

Span = tuple[int, int]
"""Half-open Python string indices, without white space at either end."""

_HEADING_CHARACTERS = 120
_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+•‣◦–][ \t]|\d{1,3}[.)][ \t]|\|)")
# What belongs to the character before it, and may not begin a sentence (Unicode Annex 29).
_EXTENDING = regex.compile(r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}]*")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")


def paragraphs(text: str) -> list[Span]:
    """The stretches between blank lines."""
    ends = [(m.start(), m.end()) for m in _PARAGRAPH_END.finditer(text)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [span for pair in zip(starts, stops, strict=True) if (span := _trimmed(text, *pair))]


def overlapping(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """Those that have a character of `text[start:end]`."""
    return [span for span in spans if span[0] < end and start < span[1]]


def sentences(text: str, language: str | None = None, among: Sequence[Span] | None = None) -> list[Span]:
    """The sentences in order; every character that is not white space lies in exactly one. Of some paragraphs
    only where these are given: the sentences of one do not depend on the others."""
    return [
        sentence
        for start, end in (paragraphs(text) if among is None else among)
        for line_start, line_end in _blocks(text, start, end)
        for sentence in _segmented(text, line_start, line_end, language or "en")
    ]


def is_heading(text: str, sentence: Span) -> bool:
    """Whether it is a short paragraph by itself that ends without a mark: a heading, or a title."""
    start, end = sentence
    return end - start <= _HEADING_CHARACTERS and text[end - 1].isalnum() and text[end : end + 2] == "\n\n"


def _blocks(text: str, start: int, end: int) -> list[Span]:
    """A paragraph cut before list items and table rows, and around Markdown headings: such a line
    stands alone, whatever ends the line before it."""
    cuts, after_heading = [start], False
    for line_start, line_end in _lines(text, start, end):
        heading = _HEADING.match(text, line_start, line_end) is not None
        if heading or after_heading or _LIST_ITEM.match(text, line_start, line_end):
            cuts.append(line_start)
        after_heading = heading
    cuts.append(end)
    return [span for pair in pairwise(cuts) if (span := _trimmed(text, *pair))]


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline + 1
        yield start, stop
        start = stop


def _segmented(text: str, start: int, end: int, language: str) -> list[Span]:
    """One block cut by sentencex, whose pieces, joined, are the block; if not, it is one sentence.

    The mark of a list item belongs to its first sentence: `1.` is none.
    """
    mark = _LIST_ITEM.match(text, start, end)
    words = mark.end() if mark else start
    block = encodable(text[words:end])
    pieces = sentencex.segment(language.partition("-")[0].lower(), block)
    if "".join(pieces) != block:
        return [(start, end)]
    spans, at, border = [], words, words
    for piece in pieces:
        border += len(piece)
        stop = max(at, _EXTENDING.match(text, border, end).end())
        if span := _trimmed(text, at, stop):
            spans.append(span)
        at = stop
    return [(start, spans[0][1]), *spans[1:]] if spans else [(start, end)]


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without white space at its ends; None where nothing else is in it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None

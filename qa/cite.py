"""Sentences to citations: numbered in order of appearance, each an exact span of its article."""

import re

from .evidence import Sentence
from .types import Citation

_PREFIX = re.compile(r"^(?:\^|#|(?:sentences?|s|nos?\.?|source|evidence)\s*:?\s*(?=\d))", re.IGNORECASE)
_SUFFIX = re.compile(r"†.*$", re.DOTALL)
_LISTED = re.compile(r"\s*(?:[,;،、&+]|\band\b|\bund\b|\bet\b|\by\b|\s)\s*", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{1,6})\s*(?:[-–—‑−]|to|\.\.)\s*([0-9]{1,6})")
_LONGEST_RANGE = 12
"""A range of more says nothing of what rests on what: its two ends are taken."""


def numbers(inside: str) -> tuple[int, ...] | None:
    """The sentence numbers that a model's marker names, whose brackets hold `inside`; None for no marker.

    `3`, `3, 5`, `3-5`, `3; 5 and 7`, `^3`, `#3`, `sentence 3`, `3†source`.
    """
    text = _SUFFIX.sub("", inside).strip()
    text = re.sub(r"\s*([-–—‑−]|\.\.)\s*", r"\1", text)
    found: list[int] = []
    for part in _LISTED.split(_PREFIX.sub("", text)):
        part = _PREFIX.sub("", part)
        if part.isascii() and part.isdigit() and len(part) <= 6:
            found.append(int(part))
        elif spread := _RANGE.fullmatch(part):
            first, last = int(spread[1]), int(spread[2])
            short = first <= last < first + _LONGEST_RANGE
            found += range(first, last + 1) if short else (first, last)
        else:
            return None
    return tuple(dict.fromkeys(found))


class Citations:
    """Hands out markers. The same span keeps its number."""

    def __init__(self) -> None:
        self._by_span: dict[tuple[str, int, int], Citation] = {}

    def of(self, sentence: Sentence) -> Citation:
        """The citation of a sentence; a new one takes the next number. ValueError outside its article."""
        article = sentence.article
        span = (article.id, sentence.start, sentence.end)
        if span not in self._by_span:
            quoted = article.passage(sentence.start, sentence.end)
            self._by_span[span] = Citation(
                marker=len(self._by_span) + 1,
                article_id=article.id,
                title=article.title,
                url=article.url,
                site=article.site,
                published=article.published,
                quote=quoted.text,
                start=quoted.start,
                end=quoted.end,
            )
        return self._by_span[span]

    def all(self) -> tuple[Citation, ...]:
        """Those handed out so far, by number."""
        return tuple(self._by_span.values())

"""JSON Lines: one article a line, read line by line, so that the file may be of any size.

    {"id": "17", "title": "…", "text": "…", "url": "…", "authors": ["…"], "published": "2023-03-09"}

Only `text` is needed. Also known: `updated`, `site`, `language`.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

from ..errors import SourceError
from ..types import Article, Failure
from .canonical import canonical, one_line
from .decode import byte_order_mark
from .ids import digest
from .origin import Origin
from .stated import make_article
from .titles import opening_words

LONGEST_LINE = 50_000_000  # characters; one line is one article

# How the decoder marks a byte that is not UTF-8.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


class _BadLine(Exception):
    """A line that cannot be an article; the message follows "line 17"."""


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article | Failure]:
    """Every line that is not blank, as an article or as the reason why it is none."""
    same_title: Counter[str] = Counter()
    blank = True
    for number, line in _lines(stream):
        if line is not None and not line.strip():
            continue
        blank = False
        try:
            yield _article(_parsed(line), origin, same_title)
        except _BadLine as problem:
            yield Failure(origin.source, f"line {number} {problem}")
    if blank:
        raise SourceError(origin.source, "has no text")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """The lines with their numbers, from 1; None in place of one that is too long to be read."""
    encoding = byte_order_mark(stream.read(4)) or "utf-8"
    stream.seek(0)
    errors = "replace" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    text = io.TextIOWrapper(stream, encoding, errors, newline="\n")
    for number in count(1):
        line = text.readline(LONGEST_LINE)
        if not line:
            return
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            yield number, line
            continue
        while line and not line.endswith("\n"):
            line = text.readline(LONGEST_LINE)
        yield number, None


def _parsed(line: str | None) -> dict[str, object]:
    """The JSON object on a line."""
    if line is None:
        raise _BadLine(f"is longer than {LONGEST_LINE // 1_000_000} million characters; split it")
    if _NOT_UTF8.search(line):
        raise _BadLine("is not UTF-8; save the file as UTF-8")
    try:
        value = json.loads(line.rstrip())
    except json.JSONDecodeError as error:
        problem = error.msg.removesuffix(" at")  # "Unterminated string starting at"
        raise _BadLine(f"is not JSON ({problem} at column {error.colno}); mend or remove that line") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or thousands of brackets
        raise _BadLine("is not JSON that can be read; mend or remove that line") from None
    if not isinstance(value, dict):
        raise _BadLine('is not a JSON object; an article is written {"title": "…", "text": "…"}')
    return value


def _article(stated: dict[str, object], origin: Origin, same_title: Counter[str]) -> Article:
    """The article that `stated` describes; `same_title` counts the titles that ids were made from."""
    text = stated.get("text")
    if not isinstance(text, str | None):
        raise _BadLine(f'has a "text" that is {_TYPES[type(text)]}; it must be a string')
    text = canonical(text or "")
    if not text:
        raise _BadLine('has no text; put the article into "text"')
    given = stated.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | None):
        raise _BadLine(f'has an "id" that is {_TYPES[type(given)]}; it must be a string or a whole number')
    given_id = one_line(str(given)) if given is not None else None
    opening = opening_words(text)
    return make_article(
        text,
        stated,
        origin,
        title=opening,
        given_id=given_id,
        part=_part(one_line(stated.get("title")) or opening, same_title),
    )


def _part(title: str, same_title: Counter[str]) -> str:
    """What tells this line from the others of its file, whatever lines are inserted before it."""
    mark = digest(title)
    same_title[mark] += 1
    return mark if same_title[mark] == 1 else f"{mark}#{same_title[mark]}"

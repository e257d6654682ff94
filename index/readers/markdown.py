"""Markdown: one article a file, with front matter in YAML or TOML where there is some.

The syntax stays in the text: a quotation is what the person wrote, `**` included.
"""

import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import yaml

from ..errors import SourceError
from ..types import Article
from .canonical import canonical
from .opening import whole_file, whole_text
from .origin import Origin
from .stated import make_article
from .titles import heading_of, title_for

_RULE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_RULE = re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)
# Front matter begins with a key or a comment; prose between two rules does not.
_KEY = re.compile(r"\s*(?:#|[\w\"'][^\n:]{0,60}:(?:\s|$))")
_TOML_KEY = re.compile(r"\s*(?:#|\[|[\w\"'][^\n=]{0,60}=)")
_LONGEST_FRONT_MATTER = 64 * 1024  # characters
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NO_VALUE = ("", "~", "null", "Null", "NULL")


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The file as one article, without its front matter, which states what is known about it."""
    whole = whole_text(whole_file(stream, origin.source), origin)
    block, body = split_front_matter(whole)
    text = canonical(body)
    if not text:
        raise SourceError(origin.source, "has no text below its front matter")
    title = _first_heading(text) or title_for(text, origin.stem)
    yield make_article(text, _stated(block, whole.startswith("+++")), origin, title=title)


def split_front_matter(text: str) -> tuple[str, str]:
    """(front matter, what follows it) of canonical text; the first is empty if there is none."""
    rule, key = (_TOML_RULE, _TOML_KEY) if text.startswith("+++") else (_RULE, _KEY)
    opening = None if text.startswith("...") else rule.match(text)
    if opening is None:
        return "", text
    closing = rule.search(text, opening.end() + 1, _LONGEST_FRONT_MATTER)
    if closing is None:
        return "", text
    block = text[opening.end() : closing.start()]
    if block.strip() and not key.match(block):
        return "", text
    return block, text[closing.end() :]


def _stated(block: str, toml: bool) -> Mapping[str, object]:
    """The front matter's fields; none if it is broken, for the article can be read all the same."""
    if toml:
        try:
            return tomllib.loads(block)
        except (ValueError, RecursionError):  # ValueError: a date that is none, too
            return {}
    try:
        # BaseLoader leaves every value the string that was written. A fuller loader makes of the
        # language code `no` a False, and gives up the whole block for a `date: 2023-02-30`.
        stated = yaml.load(block, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    if not isinstance(stated, dict):
        return {}
    return {name: value for name, value in stated.items() if value not in _NO_VALUE}


def _first_heading(text: str) -> str | None:
    """The first heading of the first level; a `# comment` within a fenced block of code is none."""
    open_fence: str | None = None
    for line in io.StringIO(text):
        if fence := _FENCE.match(line):
            if open_fence is None:
                open_fence = fence[1]
            elif fence[1].startswith(open_fence):  # of the same character, and at least as long
                open_fence = None
        elif open_fence is None and (heading := heading_of(line.strip())):
            return heading
    return None

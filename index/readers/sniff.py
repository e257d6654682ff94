"""Which format a file is in: its content decides, and then its ending."""

import json
import re
from collections.abc import Collection

from .binary import PDF, ZIP
from .canonical import canonical
from .decode import byte_order_mark
from .eml import looks_like_message
from .feed import looks_like_feed
from .formats import ENDINGS
from .markdown import split_front_matter

SNIFFED = 64 * 1024
"""Bytes that a format is told by."""

# HTML begins with its doctype or root; an XML declaration and comments may stand before it.
# Possessive throughout: a page may begin with a thousand comments, and be no HTML after all.
_HTML = re.compile(
    r"(?:\s++|<\?xml[^>]*+>|<!--(?:(?!-->).)*+-->)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_OBJECT_BEGINS = re.compile(r'\{\s*"')


def kind_of(head: bytes, ending: str) -> str:
    """The name in READERS for a file that begins with `head` and whose name has this ending."""
    if head.startswith(PDF):
        return "pdf"
    if head.startswith(ZIP):
        return "zip"
    text = _text(head)
    kind = ENDINGS.get(ending)
    if _HTML.match(text):
        return "html"
    if looks_like_feed(text):
        return "feed"
    if kind in (None, "text") and looks_like_message(text):
        return "eml"
    if kind is None and _begins_with_object(text):
        return "jsonl"
    if kind in (None, "text") and split_front_matter(text)[0]:
        return "markdown"
    return kind or "text"


def is_other_xml(head: bytes) -> bool:
    """Whether a file that begins with `head` is XML, and nothing that has a reader: the settings of some
    program, say."""
    text = _text(head[:SNIFFED])
    return text.lstrip().startswith("<") and not _HTML.match(text) and not looks_like_feed(text)


def _text(head: bytes) -> str:
    return canonical(head.decode(byte_order_mark(head) or "latin-1", "replace"))


def kind_of_archive(names: Collection[str]) -> str:
    """The name in READERS for a ZIP archive, told by the names of the files in it."""
    if "META-INF/container.xml" in names:
        return "epub"
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return "docx"
    return "zip"


def _begins_with_object(text: str) -> bool:
    """Whether the first line is a JSON object, as far as can be seen."""
    line, newline, _ = text.partition("\n")
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return not newline and _OBJECT_BEGINS.match(line) is not None

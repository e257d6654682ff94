"""The formats: to add one, write its file and add a line to READERS, and one to ENDINGS for each ending."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from ..types import Article, Failure
from . import archive, docx, eml, epub, feed, html, jsonl, markdown, pdf, text
from .origin import Origin

Reader = Callable[[BinaryIO, Origin], Iterator[Article | Failure]]
"""Yields the articles of a content, and a Failure for each that is broken; SourceError if none can be."""

READERS: dict[str, Reader] = {
    "text": text.read,
    "markdown": markdown.read,
    "html": html.read,
    "jsonl": jsonl.read,
    "pdf": pdf.read,
    "docx": docx.read,
    "epub": epub.read,
    "eml": eml.read,
    "feed": feed.read,
    "zip": archive.read,
}

ENDINGS = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".pdf": "pdf",
    ".docx": "docx",
    ".epub": "epub",
    ".eml": "eml",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".zip": "zip",
}
"""Ending -> name in READERS, for the files that are read from folders; each may be followed by `.gz`."""

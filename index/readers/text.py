"""Plain text: one article a file."""

from collections.abc import Iterator
from typing import BinaryIO

from ..types import Article
from .opening import whole_file, whole_text
from .origin import Origin
from .stated import make_article
from .titles import title_for


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The file as one article; a title line stays part of its text."""
    text = whole_text(whole_file(stream, origin.source), origin)
    yield make_article(text, {}, origin, title=title_for(text, origin.stem))

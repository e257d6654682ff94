"""Reading one content, whatever format it is in: a file's, or that of a file in an archive."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ..errors import SourceError
from ..types import Article, Failure
from .binary import binary_reason
from .formats import READERS
from .opening import opened
from .origin import Origin
from .sniff import SNIFFED, kind_of, kind_of_archive
from .zipped import unzipped


def head_of(path: Path) -> bytes:
    """What a file's format is told by: its beginning, unpacked; empty if it cannot be read, or is."""
    try:
        with opened(path, str(path)) as stream:
            return stream.read(SNIFFED)
    except SourceError:
        return b""


def read_content(stream: BinaryIO, origin: Origin, ending: str | None = None) -> Iterator[Article | Failure]:
    """What the reader of its format yields; SourceError if it is empty, or of a format without one. `ending`
    takes the place of that of its name."""
    head = stream.read(SNIFFED)
    stream.seek(0)
    if not head:
        raise SourceError(origin.source, "is empty")
    if reason := binary_reason(head):
        raise SourceError(origin.source, reason)
    kind = kind_of(head, origin.ending if ending is None else ending)
    if kind == "zip":
        with unzipped(stream, origin.source) as archive:
            kind = kind_of_archive(archive.names)
        stream.seek(0)
    yield from READERS[kind](stream, origin)

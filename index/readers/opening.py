"""Opening a file without being held up by it: what cannot be used is refused with one line."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from ..errors import SourceError
from .canonical import canonical
from .decode import decode
from .origin import Origin

# No article is as long: the whole of "War and Peace" has 3 MB. What is larger is a mistake, or a
# gzip bomb, and would not fit into memory several times over.
LARGEST = 200_000_000  # bytes, after decompression

GZIP = b"\x1f\x8b"
_SPECIAL = {
    stat.S_IFDIR: "is a folder",
    stat.S_IFIFO: "is a named pipe, not a file",
    stat.S_IFSOCK: "is a socket, not a file",
    stat.S_IFCHR: "is a device, not a file",
    stat.S_IFBLK: "is a device, not a file",
}


@contextmanager
def opened(path: Path, source: str) -> Iterator[BinaryIO]:
    """The content of a regular file, decompressed if it is gzip; seekable.

    Whatever the system or zlib has against it, also while it is read, becomes a SourceError.
    """
    try:
        _refuse_special(path, source)
        with path.open("rb") as file:
            compressed = file.read(len(GZIP)) == GZIP
            file.seek(0)
            yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if compressed else file
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SourceError(source, "is damaged: its gzip data is cut off or corrupt") from None
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError(source, "does not exist") from None
    except OSError as error:
        raise SourceError(source, f"cannot be read: {(error.strerror or str(error)).lower()}") from None


def _refuse_special(path: Path, source: str) -> None:
    """Refuse what is not a regular file without opening it: a named pipe would wait for a writer."""
    try:
        mode = os.stat(path).st_mode
    except ValueError:  # no path: it has a NUL in it
        raise SourceError(source, "does not exist") from None
    if reason := _SPECIAL.get(stat.S_IFMT(mode)):
        raise SourceError(source, reason)


def whole_file(stream: BinaryIO, source: str, largest: int = LARGEST) -> bytes:
    """All of `stream`, if it has no more than `largest` bytes."""
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise SourceError(source, f"is larger than {largest // 1_000_000} MB; split it")
    return data


def whole_text(data: bytes, origin: Origin, declared: str | None = None) -> str:
    """`data` as canonical text that is not blank."""
    text = decode(data, declared)
    if text is None:
        raise SourceError(origin.source, "is not text in any known encoding; save it as UTF-8")
    if not (text := canonical(text)):
        raise SourceError(origin.source, "has no text")
    return text

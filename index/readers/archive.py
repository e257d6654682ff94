"""ZIP archives: each file in one is read as if it stood in a folder of the archive's name."""

import gzip
import io
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

from ..errors import SourceError
from ..types import Article, Failure
from .binary import ZIP
from .canonical import shown
from .opening import GZIP, LARGEST
from .origin import Origin, ending
from .zipped import unzipped

# What is in an archive that is no archive of files -> why it is not read.
_OFFICE = {
    "xl/workbook.xml": "is a spreadsheet, which is not supported; save it as PDF or text",
    "ppt/presentation.xml": "is a presentation, which is not supported; save it as PDF or text",
    "META-INF/manifest.xml": "is an OpenDocument file, which is not supported; save it as DOCX, PDF or text",
}


class _Budget:
    """Counts down the bytes that everything in one archive may unpack to."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._left = LARGEST

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise SourceError(
                self._source, f"is larger than {LARGEST // 1_000_000} MB when unpacked; split it"
            )

    def gunzipped(self, data: bytes) -> bytes:
        """`data` without its gzip."""
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
                unpacked = file.read(max(self._left, 0) + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise SourceError(self._source, "is damaged: its gzip data is cut off or corrupt") from None
        self.spend(len(unpacked))
        return unpacked


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article | Failure]:
    """The articles of its files that have a known ending, hidden ones aside, in the order of their names.

    An archive within the archive is read too, one within that is not.
    """
    any_file = False
    for found in _read(stream, origin, "", _Budget(origin.source)):
        any_file = True
        yield found
    if not any_file:
        raise SourceError(origin.source, "has no file in it that can be read")


def _read(stream: BinaryIO, origin: Origin, within: str, budget: _Budget) -> Iterator[Article | Failure]:
    """`within` is the path of an archive in the archive, with a slash at its end, or empty."""
    with unzipped(stream, origin.source) as archive:
        if reason := next((reason for name, reason in _OFFICE.items() if name in archive), None):
            raise SourceError(origin.source, reason)
        budget.spend(archive.size)
        for name in sorted(filter(_is_article_file, archive.names)):
            place = within + unicodedata.normalize("NFC", name)
            try:
                yield from _member(archive.read(name), origin, place, bool(within), budget)
            except SourceError as error:
                yield Failure(origin.source, f"{shown(repr(place))} in it {error.reason}")


def _member(
    data: bytes, origin: Origin, place: str, nested: bool, budget: _Budget
) -> Iterator[Article | Failure]:
    from .content import read_content  # which knows this reader, too
    from .sniff import is_other_xml, kind_of_archive

    if data.startswith(GZIP):
        data = budget.gunzipped(data)
    if data.startswith(ZIP):
        with unzipped(io.BytesIO(data), origin.source) as archive:
            plain, size = kind_of_archive(archive.names) == "zip", archive.size
        if plain and nested:
            raise SourceError(origin.source, "is an archive in an archive in an archive; unpack it")
        if plain:
            yield from _read(io.BytesIO(data), origin, f"{place}/", budget)
            return
        budget.spend(size)
    if ending(place) == ".xml" and is_other_xml(data):
        return
    for found in read_content(io.BytesIO(data), replace(origin, name=f"{origin.name}/{place}")):
        if isinstance(found, Failure):
            found = Failure(found.source, f"{shown(repr(place))} in it: {found.reason}")
        yield found


def _is_article_file(name: str) -> bool:
    """Whether a member is to be read. Its name is a name only: nothing is ever opened or written by it."""
    from .formats import ENDINGS  # which knows this reader, too

    parts = PurePosixPath(name).parts
    hidden = any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)
    return not hidden and ending(name) in ENDINGS

"""ZIP archives, opened within bounds; nothing of them is ever written to the disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from ..errors import SourceError
from .canonical import shown
from .opening import LARGEST, whole_file

MOST_MEMBERS = 100_000
# DEFLATE comes to 1032 at most, and to some 5 on prose; on the repetitive XML of a long table to 50.
HIGHEST_RATIO = 200
_SMALL = 1_000_000  # bytes that are unpacked whatever their ratio

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    IndexError,
)


class Archive:
    """The members of a ZIP archive, by name; of several with one name the last counts, as in unzip."""

    def __init__(self, archive: zipfile.ZipFile, source: str) -> None:
        self._archive = archive
        self._source = source
        self._members = {
            info.filename: info for info in archive.infolist() if info.filename and not info.is_dir()
        }
        if len(self._members) > MOST_MEMBERS:
            raise SourceError(source, f"has more than {MOST_MEMBERS} files in it; split it")
        # zipfile reads no more of a member than the size that is stated here.
        self.size = sum(info.file_size for info in self._members.values())
        packed = sum(info.compress_size for info in self._members.values())
        if self.size > LARGEST:
            raise SourceError(source, f"is larger than {LARGEST // 1_000_000} MB when unpacked; split it")
        if self.size > max(_SMALL, HIGHEST_RATIO * packed):
            raise SourceError(source, "unpacks to far more than any text would: it may be a ZIP bomb")

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        """In the order of the archive's directory."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """The content of a member; SourceError if there is none of that name, or it is damaged."""
        if name not in self._members:
            raise SourceError(self._source, f"is damaged: {shown(repr(name))} is missing from it")
        if self._members[name].compress_type not in _METHODS:
            raise SourceError(self._source, f"has {shown(repr(name))} packed in a rare way; pack it anew")
        try:
            return self._archive.read(self._members[name])
        except RuntimeError as error:
            if "password" not in str(error):
                raise SourceError(
                    self._source, f"is damaged: {shown(repr(name))} cannot be unpacked"
                ) from None
            raise SourceError(self._source, "is encrypted; save it without its password") from None
        except _DAMAGED:
            raise SourceError(self._source, f"is damaged: {shown(repr(name))} cannot be unpacked") from None


@contextmanager
def unzipped(stream: BinaryIO, source: str) -> Iterator[Archive]:
    """The archive that `stream` is; SourceError if it is damaged, or larger than it may be."""
    data = whole_file(stream, source)  # gzip, which may be around it, cannot be sought in from its end
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED:
        raise SourceError(source, "is damaged: it cannot be opened as a ZIP archive") from None
    with archive:
        yield Archive(archive, source)

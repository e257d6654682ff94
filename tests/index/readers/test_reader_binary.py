import gzip
import io
import zipfile

import pytest

from index.readers.binary import binary_reason


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (zipped(), "ZIP archive or an office document"),
        (b"{\\rtf1\\ansi", "RTF"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"GIF89a", "GIF image"),
        (b"\x7fELF\x02", "program"),
        (gzip.compress(b"It rained."), "gzip within gzip"),
        (b"It \0 rained.", "is a binary file"),
    ],
)
def test_binaries_are_named(head: bytes, named: str) -> None:
    assert named in (binary_reason(head) or "")


@pytest.mark.parametrize(
    "head",
    [
        "It rained.".encode("utf-16"),
        "It rained.".encode("utf-32"),
        b"PK is short for Phil Katz.",
        b"GIF images are old.",
        b"%PDF-1.7\n%\0\xff",
        "Ça alors".encode("latin-1"),
    ],
)
def test_text_and_what_has_a_reader_is_not_refused(head: bytes) -> None:
    assert binary_reason(head) is None

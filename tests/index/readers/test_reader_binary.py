import gzip

import pytest

from index.readers.binary import binary_reason


@pytest.mark.parametrize(
    ("head", "named"),
    [
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
        b"PK\x03\x04\x14\0",
        "Ça alors".encode("latin-1"),
    ],
)
def test_text_and_what_has_a_reader_is_not_refused(head: bytes) -> None:
    assert binary_reason(head) is None

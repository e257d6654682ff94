"""Recognising what is not text by its first bytes, so that it can be refused by its name."""

from .decode import byte_order_mark

PDF = b"%PDF-"
ZIP = b"PK\x03\x04"

# What begins a file -> why it is refused. (https://en.wikipedia.org/wiki/List_of_file_signatures)
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "is an old or an encrypted office document; save it as DOCX, without a password",
    b"{\\rtf": "is an RTF document, which is not supported yet; save it as text or HTML",
    b"\x1f\x8b": "is gzip within gzip; decompress it once",
    b"BZh": "is bzip2 data; decompress it",
    b"\xfd7zXZ\x00": "is xz data; decompress it",
    b"\x28\xb5\x2f\xfd": "is zstd data; decompress it",
    b"PK\x05\x06": "is a ZIP archive with nothing in it",
    b"7z\xbc\xaf": "is a 7z archive; unpack it",
    b"Rar!\x1a": "is a RAR archive; unpack it",
    b"\x89PNG": "is a binary file (a PNG image)",
    b"\xff\xd8\xff": "is a binary file (a JPEG image)",
    b"GIF87a": "is a binary file (a GIF image)",
    b"GIF89a": "is a binary file (a GIF image)",
    b"II*\x00": "is a binary file (a TIFF image)",
    b"\x7fELF": "is a binary file (a program)",
    b"SQLite format 3": "is a binary file (an SQLite database)",
}


def binary_reason(head: bytes) -> str | None:
    """Why a file that begins with `head` is not read; None if it may be text, or has a reader."""
    if head.startswith((PDF, ZIP)):
        return None
    for signature, reason in _SIGNATURES.items():
        if head.startswith(signature):
            return reason
    # Text has no NUL bytes, but in UTF-16 and UTF-32, which are read with their mark only.
    return "is a binary file" if b"\0" in head and not byte_order_mark(head) else None

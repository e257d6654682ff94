"""The body of an answer, unpacked as it comes and never past its limit, and what its headers say of it."""

import zlib
from collections.abc import Iterable
from email.message import Message

from ..errors import NotServed, TooLarge
from ..space import size
from .location import Location
from .wire import Answer

ENCODINGS = "gzip, deflate"
"""What is asked for, and all that is unpacked."""

_HEADER = 1_000  # characters of a Content-Type that are looked at


def read(answer: Answer, location: Location, limit: int) -> bytes:
    """The body, at most `limit` bytes packed or unpacked. TooLarge; NotServed if it cannot be unpacked."""
    packing = answer.headers.get("content-encoding", "").strip().lower()
    stated = answer.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > limit:
        raise _too_large(location, limit)
    if packing in ("", "identity"):
        return _plain(answer.body, location, limit)
    if packing in ("gzip", "x-gzip", "deflate"):
        try:
            return _unpacked(answer.body, packing, location, limit)
        except (zlib.error, EOFError):
            raise NotServed(
                str(location), f"was not read: its body is not valid {packing}.", answer.status
            ) from None
    raise NotServed(
        str(location),
        f"was not read: its body is packed as {packing!r}, which was not asked for.",
        answer.status,
    )


def content_type(answer: Answer) -> tuple[str | None, str | None]:
    """Media type and charset in lower case, as the header states them; None for what it does not state."""
    stated = answer.headers.get("content-type")
    if stated is None:
        return None, None
    message = Message()
    message["content-type"] = stated[:_HEADER]
    charset = message.get_param("charset")
    return message.get_content_type(), charset.strip().lower() if isinstance(charset, str) else None


def _plain(chunks: Iterable[bytes], location: Location, limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise _too_large(location, limit)
    return bytes(body)


def _unpacked(chunks: Iterable[bytes], packing: str, location: Location, limit: int) -> bytes:
    """zlib.error, or EOFError where the body ends before its packing does."""
    body = bytearray()
    packed = 0
    unpacker = None
    for chunk in chunks:
        packed += len(chunk)
        while chunk:
            if unpacker is None or (unpacker.eof and packing != "deflate"):  # gzip may have several members
                unpacker = zlib.decompressobj(_window(packing, chunk))
            body += unpacker.decompress(chunk, limit + 1 - len(body))
            if len(body) > limit or packed > limit:
                raise _too_large(location, limit)
            chunk = b"" if unpacker.eof and packing == "deflate" else unpacker.unused_data
    if unpacker is not None and not unpacker.eof:
        raise EOFError
    return bytes(body)


def _window(packing: str, first: bytes) -> int:
    """zlib's `wbits`. Some servers send deflate bare, without the zlib wrapper that RFC 9110 (8.4.1.2) means:
    the wrapper's first byte says method 8 and a window of at most 32 kB (RFC 1950, 2.2)."""
    if packing != "deflate":
        return zlib.MAX_WBITS | 16
    return zlib.MAX_WBITS if first[0] & 0x0F == 8 and first[0] >> 4 <= 7 else -zlib.MAX_WBITS


def _too_large(location: Location, limit: int) -> TooLarge:
    return TooLarge(str(location), f"was not read: it is longer than {size(limit)}.")

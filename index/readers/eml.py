"""EML: one article a message, such as a newsletter (RFC 5322)."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import BinaryIO

from ..errors import SourceError
from ..types import Article
from .canonical import canonical, one_line
from .decode import declared_encoding, decode
from .html import LARGEST_PAGE, extracted
from .opening import whole_file
from .origin import Origin
from .stated import make_article
from .titles import title_for

# At the least a sender, a day, and what only mail has.
_FIELD = re.compile(r"([A-Za-z][\w-]*):(?: .*|$)")
_OF_ALL = {"from", "date"}
_OF_MAIL = {"message-id", "mime-version", "received", "return-path", "delivered-to"}
# "Ann Lee from The Continental Post"
_OF_A_SITE = re.compile(r"(.+?)\s+(?:from|at|via)\s+(.+)", re.IGNORECASE)
_JAPANESE = "iso-2022-jp"
_LONGEST_FIELD = 4000  # characters
_LIST_NAME = re.compile(r"\s*\"?([^<\"]*)\"?\s*<")


def looks_like_message(text: str) -> bool:
    """Whether canonical text begins with the fields of a message."""
    names: set[str] = set()
    for line in text.split("\n"):
        if line.startswith((" ", "\t")) and names:
            continue
        field = _FIELD.fullmatch(line)
        if field is None:
            break
        names.add(field[1].lower())
    return names >= _OF_ALL and not names.isdisjoint(_OF_MAIL)


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The message as one article, of its HTML where it has some; attachments are left out."""
    data = whole_file(stream, origin.source)
    try:
        message = message_from_bytes(data)
        html, plain = _body(message, "text/html"), _body(message, "text/plain")
        header = _stated(message)
    except RecursionError:
        raise SourceError(origin.source, "is nested too deeply to be read") from None
    except (MessageError, ValueError, LookupError, TypeError) as error:
        problem = type(error).__name__
        raise SourceError(origin.source, f"is damaged: it cannot be read as a message ({problem})") from None
    if not message.keys():
        raise SourceError(origin.source, "is no message: it has no From, Date or Subject")
    text, stated = _article_of(html, plain, origin.source)
    language = _field(message, "Content-Language") or stated.get("language")
    stated = {"url": stated.get("url"), "language": language, **header}
    yield make_article(text, stated, origin, title=title_for(text, origin.stem))


def _article_of(html: str, plain: str, source: str) -> tuple[str, dict[str, object]]:
    """The main text of the HTML, else all of it, else the plain text; and what the HTML states."""
    if 0 < len(html) <= LARGEST_PAGE:
        try:
            return extracted(html, source)
        except SourceError:
            pass
    if not plain:
        raise SourceError(source, "has no text; only its attachments may have some")
    return plain, {}


def _body(message: Message, kind: str) -> str:
    """The first part of this kind that is no attachment, as canonical text; empty if there is none."""
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and (text := _decoded(content, part.get_content_charset())):
                return text
    return ""


def _decoded(content: bytes, charset: str | None) -> str:
    """The text of a part which states this encoding."""
    if charset == _JAPANESE:  # in bytes of ASCII, which would be taken for UTF-8
        return canonical(content.decode(_JAPANESE, "replace"))
    return canonical(decode(content, declared_encoding(f"charset={charset}".encode())) or "")


def _stated(message: Message) -> dict[str, object]:
    name = one_line(_words(parseaddr(_field(message, "From"))[0]))
    of_site = _OF_A_SITE.fullmatch(name) if name else None
    list_name = _LIST_NAME.match(_words(_field(message, "List-Id")))
    return {
        "title": _words(_field(message, "Subject")),
        "authors": [of_site[1] if of_site else name],
        "date": _field(message, "Date"),
        "site": (one_line(list_name[1]) if list_name else None) or (of_site[2] if of_site else None),
    }


def _field(message: Message, name: str) -> str:
    """A field of the header as it is written; empty if there is none."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return decode(raw[:_LONGEST_FIELD].encode("utf-8", "surrogateescape")) or ""


def _words(text: str) -> str:
    """`text` with its encoded words decoded (RFC 2047)."""
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):
        return text

"""A web address taken apart strictly: one that clients could read in two ways is refused.

Checks are got around where the checker and the client disagree on which host an address names. So there
is one reading: backslashes, user names, percent signs in a host, hosts that end in a number but are no plain
IPv4 address (`127.1`, `0x7f.1`, `2130706433`), and characters that clients drop or replace are all refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, urljoin

import idna

from ..errors import UrlRefused

PORTS = {"http": 80, "https": 443}

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}(?=:)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_CREDENTIALS = re.compile(r"^([^:/?#@\\]*:)?[/\\]*.*@", re.DOTALL)
_DOT, _DOTS = re.compile(r"\.|%2e", re.IGNORECASE), re.compile(r"(?:\.|%2e){2}", re.IGNORECASE)
# What RFC 3986 lets stand in a path or a query; the percent sign, so that nothing is escaped twice.
_KEPT = "/?:@!$&'()*+,;=-._~%[]"
_LONGEST_HOST = 253  # characters (RFC 1035, 2.3.4)
_LONGEST = 8_000  # characters; servers refuse longer request lines (RFC 9112, 3)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a request goes. `str()` is the one spelling of it, fit for a terminal."""

    scheme: str
    host: str
    """Lower case, ASCII (IDNA 2008), without last dot; of an IPv6 address the shortest form, bare."""
    port: int
    target: str
    """Path and query, in ASCII, without `.` and `..`."""

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_ip(self) -> bool:
        """Whether the host is an address and not a name."""
        try:
            ip_address(self.host)
        except ValueError:
            return False
        return True

    def follow(self, reference: str) -> "Location":
        """Where a redirect leads from here. UrlRefused as in `parse`."""
        _refuse_odd_characters(reference)
        try:
            return parse(urljoin(str(self), reference))
        except ValueError:
            raise UrlRefused(shown(reference), "is not an address.") from None


def parse(url: str) -> Location:
    """The location that `url` names, which must be absolute. UrlRefused says what is wrong with it."""
    _refuse_odd_characters(url)
    parts = _PARTS.fullmatch(url)
    if parts is None:
        scheme = _SCHEME.match(url)
        if scheme and scheme[0].lower() not in PORTS:
            raise UrlRefused(
                shown(url), f"is not opened: its scheme is {scheme[0]!r}, and only http and https are opened."
            )
        raise UrlRefused(
            shown(url), "is not a web address.", "Give it whole, like https://example.org/feed.xml."
        )
    authority, path, query = parts[2], parts[3], parts[4] or ""
    if "@" in authority:
        raise UrlRefused(shown(url), "is not opened: it holds a user name.", "Give the address without it.")
    scheme_name = parts[1].lower()
    split = _AUTHORITY.fullmatch(authority)
    port = int(split[2]) if split and split[2] else PORTS[scheme_name]
    if split is None or not 1 <= port <= 65_535:
        raise UrlRefused(shown(url), f"is not opened: {shown(authority)!r} is not a host with a port.")
    host = _host(split[1])
    if host is None:
        raise UrlRefused(shown(url), f"is not opened: {shown(split[1])!r} is neither a name nor an address.")
    return Location(scheme_name, host, port, quote(_without_dots(path) + query, safe=_KEPT))


def shown(url: str) -> str:
    """`url` for a message, whatever it is: no user name or password, nothing that moves a cursor."""
    return one_line(_CREDENTIALS.sub(lambda match: f"{match[1] or ''}//…@", url))


def one_line(what: object) -> str:
    """Text from outside for a message: short, controls escaped."""
    text = str(what)
    text = text if len(text) <= 200 else text[:199] + "…"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _refuse_odd_characters(url: str) -> None:
    if len(url) > _LONGEST:
        raise UrlRefused(shown(url), f"is not opened: it is {len(url):,} characters long.")
    for char in url:
        if char == "\\" or char.isspace() or unicodedata.category(char)[0] == "C":
            raise UrlRefused(
                shown(url), f"is not opened: it holds {char!a}, which has no place in an address."
            )


def _host(text: str) -> str | None:
    """The one spelling of a host; None if it has none."""
    if len(text) > _LONGEST_HOST:
        return None
    try:
        if text.startswith("["):
            return None if "%" in text else str(IPv6Address(text[1:-1]))
        name = text.lower().removesuffix(".")
        if not name.isascii():
            name = idna.encode(name, strict=True).decode("ascii")
        labels = name.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return str(IPv4Address(name))
    except (AddressValueError, UnicodeError):  # idna's errors are UnicodeErrors
        return None
    return name if len(name) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, labels)) else None


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4, with `%2e` for a dot: no server reads a path otherwise than robots.txt was asked."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for place, segment in enumerate(segments):
        is_last = place == len(segments) - 1
        if _DOTS.fullmatch(segment):
            del kept[-1:]
        elif not _DOT.fullmatch(segment):
            kept.append(segment)
            continue
        if is_last:
            kept.append("")
    return "/" + "/".join(kept)

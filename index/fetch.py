"""The one guarded way out to the web: nothing else in `index` opens a connection.

An address may come from anybody: a feed, a sitemap, a redirect. So every hop is taken apart strictly, its
host is resolved once, every address that comes back must be public, and the connection goes to an address
that was checked. `allow_private` opens private networks and all ports, for people who mean it.
"""

import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

import certifi

from .errors import AddressRefused, FetchError, NotServed, RobotsRefused
from .web import robots
from .web.addresses import reserved
from .web.body import ENCODINGS, content_type, read
from .web.location import PORTS, Location, parse
from .web.turns import Turns
from .web.wire import Answer, Connect, Deadline, Resolve, addresses_of, asked, connect, resolve

ROBOT = "Byline"

_MOVED = (301, 302, 303, 307, 308)
_SERVED = (200, 203)
_NOT_MODIFIED = 304
_ASKS_TO_WAIT = (429, 503)
_TIMES_ASKED = 3
_VALIDATOR = re.compile(r"[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is waited for and read."""

    size: int = 20_000_000  # bytes, packed and unpacked
    connect: float = 10.0  # seconds, for the name, and again for the connection with its TLS
    total: float = 30.0  # seconds for one page, with its redirects and robots.txt, without waits asked for
    redirects: int = 5
    interval: float = 1.0  # seconds between two requests to one host
    patience: float = 10.0  # seconds that a Retry-After is waited for


@dataclass(frozen=True, slots=True)
class Page:
    """What the web answered. `etag` and `modified`, given to the next `get`, may save the body."""

    url: str
    """Where it was found, after redirects."""
    status: int
    body: bytes
    """Unpacked; empty if `not_modified`."""
    content_type: str | None
    charset: str | None
    etag: str | None
    modified: str | None

    @property
    def not_modified(self) -> bool:
        """Whether it is the same as when `etag` and `modified` were given."""
        return self.status == _NOT_MODIFIED


class Fetcher:
    """Gets pages, one at a time: not to be shared by threads. It holds nothing open.

    It remembers each host's next turn and robots.txt. `resolve` and `connect` stand for the system's, `trust`
    for the certificates that are trusted, by default certifi's and the system's.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        limits: Limits = Limits(),
        resolve: Resolve = resolve,
        connect: Connect = connect,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._limits = limits
        self._resolve = resolve
        self._connect = connect
        self._given_trust = trust
        self._turns = Turns(limits.interval, limits.patience)
        self._robots: dict[str, robots.Robots] = {}

    def get(
        self, url: str, *, etag: str | None = None, modified: str | None = None, obey_robots: bool = False
    ) -> Page:
        """The page at `url`. `obey_robots` asks robots.txt at every hop, as whoever follows links should.

        FetchError, of the kind that says what is in the way; a redirect to what is refused is refused.
        """
        conditions = _conditions(etag, modified)
        deadline = Deadline(self._limits.total)
        start = location = parse(url)
        hops = 0
        while hops <= self._limits.redirects:
            try:
                if obey_robots:
                    self._ask_robots(location, deadline)
                outcome = self._hop(location, conditions, deadline)
                if isinstance(outcome, Page):
                    return outcome
                hops += 1
                location = location.follow(outcome)
            except FetchError as error:
                if hops:
                    error.reached_from(str(start))
                raise
        raise NotServed(str(start), f"was not read: it leads on more than {self._limits.redirects} times.")

    def _hop(
        self, location: Location, conditions: Sequence[tuple[str, str]], deadline: Deadline
    ) -> Page | str:
        """The page, or where the site says that it is."""
        for _ in range(_TIMES_ASKED):
            deadline.extend(self._turns.take(location))
            with asked(
                location,
                self._checked_addresses(location, deadline),
                [*self._headers, *conditions],
                connect=self._connect,
                trust=lambda: self._trust,
                connect_seconds=self._limits.connect,
                deadline=deadline,
            ) as answer:
                wait = answer.headers.get("retry-after", "")
                if answer.status not in _ASKS_TO_WAIT or not self._turns.postpone(location, wait):
                    return self._outcome(answer, location, bool(conditions))
        raise NotServed(
            str(location), f"was not served: its site asked to wait {_TIMES_ASKED} times.", answer.status
        )

    def _checked_addresses(self, location: Location, deadline: Deadline) -> Sequence[str]:
        """The only addresses that are connected to. AddressRefused if any of them may not be."""
        if not self._allow_private and location.port not in PORTS.values():
            raise AddressRefused(
                str(location),
                f"is not opened: port {location.port} is neither 80 nor 443.",
                "If it is meant, add --allow-private.",
            )
        addresses = addresses_of(location, self._resolve, self._limits.connect, deadline)
        for address in addresses:
            found = reserved(address)
            if found and not (self._allow_private and found.private):
                place = address if location.is_ip else f"{location.host} is at {address}, which"
                raise AddressRefused(
                    str(location),
                    f"is not opened: {place} is {found.what}.",
                    "If it is meant, add --allow-private." if found.private else None,
                )
        return addresses

    def _outcome(self, answer: Answer, location: Location, conditional: bool) -> Page | str:
        headers = answer.headers
        if answer.status in _MOVED and headers.get("location"):
            return _as_written(headers["location"])
        if answer.status not in _SERVED and not (conditional and answer.status == _NOT_MODIFIED):
            raise NotServed(
                str(location), f"was not served: its site answered {answer.status}.", answer.status
            )
        served = answer.status != _NOT_MODIFIED
        body = read(answer, location, self._limits.size) if served else b""
        etag, modified = headers.get("etag"), headers.get("last-modified")
        return Page(str(location), answer.status, body, *content_type(answer), etag, modified)

    def _ask_robots(self, location: Location, deadline: Deadline) -> None:
        """RobotsRefused if the site's robots.txt forbids the page, or says nothing because it is broken."""
        if location.origin not in self._robots:
            self._robots[location.origin] = self._read_robots(location, deadline)
        if not self._robots[location.origin].allows(location.target):
            raise RobotsRefused(
                str(location), f"is not read: {location.origin}/robots.txt asks robots not to."
            )

    def _read_robots(self, location: Location, deadline: Deadline) -> robots.Robots:
        """What there is no robots.txt for is allowed; what has one that fails is not (RFC 9309, 2.3.1)."""
        at = location.follow("/robots.txt")
        try:
            for _ in range(self._limits.redirects + 1):
                outcome = self._hop(at, (), deadline)
                if isinstance(outcome, Page):
                    return robots.parse(outcome.body, ROBOT)
                at = at.follow(outcome)
        except NotServed as error:
            if error.status is not None and 400 <= error.status < 500 and error.status not in _ASKS_TO_WAIT:
                return robots.Robots()
            raise RobotsRefused(str(location), f"is not read: {error.what}") from None
        raise RobotsRefused(str(location), f"is not read: {location.origin}/robots.txt leads on and on.")

    @cached_property
    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("User-Agent", f"{ROBOT}/{version('byline')}"),
            ("Accept", "*/*"),
            ("Accept-Encoding", ENCODINGS),
        ]

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        if self._given_trust is not None:
            return self._given_trust
        trust = ssl.create_default_context()
        trust.load_verify_locations(certifi.where())
        return trust


def _conditions(etag: str | None, modified: str | None) -> list[tuple[str, str]]:
    """Headers of a conditional request (RFC 9110, 13.1). What no server can have sent is left out."""
    stated = (("If-None-Match", etag), ("If-Modified-Since", modified))
    return [(name, value) for name, value in stated if value and _VALIDATOR.fullmatch(value)]


def _as_written(header: str) -> str:
    """A Location header in UTF-8, which many servers send, or else in Latin-1, which HTTP once meant."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return header

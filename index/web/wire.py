"""One request to one checked address: name to addresses, connection, TLS, HTTP/1.1, all within a deadline.

The socket is opened here, to an address and never to a name, so nothing resolves a second time; h11 only
translates. No variable of the environment is read, proxies included, and there is no cookie and no reuse of
connections.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

import h11

from ..errors import NotServed, TooSlow, Unreachable
from .location import Location, one_line

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port -> the IP addresses of the host; OSError if it has none."""
Connect = Callable[[str, int, float], socket.socket]
"""IP address, port and seconds -> a connection; OSError."""

_CHUNK = 65_536  # bytes
_HEADERS = 100_000  # bytes of an answer's head at most; h11's own 16 kB are too few for some sites


class Deadline:
    """A number of seconds from now. Waiting that a site asked for does not count: see `extend`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than 0. TimeoutError if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def extend(self, seconds: float) -> None:
        self._end += seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and headers (names in lower case); `body` is read as it comes, still packed."""

    status: int
    headers: dict[str, str]
    body: Iterator[bytes]


def resolve(host: str, port: int) -> list[str]:
    """What the system says, without repetitions. OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to an IP address. OSError."""
    return socket.create_connection((address, port), seconds)


def addresses_of(location: Location, resolve: Resolve, seconds: float, deadline: Deadline) -> Sequence[str]:
    """All addresses of the location's host, asked for once. Unreachable, TooSlow.

    The system's resolver takes no time limit: it is left behind in its thread when the time is over.
    """
    if location.is_ip:
        return [location.host]
    answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(location.host, location.port))
        except UnicodeError as error:
            answers.put(OSError(str(error)))
        except OSError as error:
            answers.put(error)

    Thread(target=ask, name=f"resolve {location.host}", daemon=True).start()
    try:
        answer = answers.get(timeout=min(seconds, deadline.left()))
    except (Empty, TimeoutError):
        raise TooSlow(
            str(location), f"was not reached: its host was not found within {_s(seconds)}."
        ) from None
    if isinstance(answer, OSError) or not answer:
        why = f" ({answer.strerror})" if isinstance(answer, OSError) and answer.strerror else ""
        raise Unreachable(
            str(location), f"was not reached: no host {location.host!r} is known{why}.", "Check the spelling."
        )
    return answer


@contextmanager
def asked(
    location: Location,
    addresses: Sequence[str],
    headers: Sequence[tuple[str, str]],
    *,
    connect: Connect,
    trust: Callable[[], ssl.SSLContext],
    connect_seconds: float,
    deadline: Deadline,
) -> Iterator[Answer]:
    """The answer to a GET of `location`, from the first of its addresses that takes a connection.

    Unreachable, TooSlow and NotServed, while the body is read as well.
    """
    try:
        with _open(location, addresses, connect, trust, min(connect_seconds, deadline.left())) as link:
            yield _exchange(_Link(link, deadline), location, headers)
    except TimeoutError:
        raise TooSlow(str(location), f"was not read within {_s(deadline.seconds)}.") from None
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(
            str(location), f"was not reached: its certificate is not valid ({error.verify_message})."
        ) from None
    except ssl.SSLError as error:
        raise Unreachable(str(location), f"was not reached: its TLS fails ({error.reason}).") from None
    except h11.ProtocolError as error:
        raise NotServed(
            str(location), f"was not read: its server does not keep to HTTP ({one_line(error)})."
        ) from None
    except OSError as error:
        raise Unreachable(
            str(location), f"was not reached: {error.strerror or type(error).__name__}."
        ) from None


class _Link:
    """A socket whose every operation ends at the deadline, however slowly the bytes drip."""

    def __init__(self, socket: socket.socket, deadline: Deadline) -> None:
        self._socket = socket
        self._deadline = deadline

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def receive(self) -> bytes:
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv(_CHUNK)


def _open(
    location: Location,
    addresses: Sequence[str],
    connect: Connect,
    trust: Callable[[], ssl.SSLContext],
    seconds: float,
) -> socket.socket:
    """A connection, inside TLS for https. Each address has an equal part of the time that is left."""
    deadline = Deadline(seconds)
    for waiting in range(len(addresses), 0, -1):
        try:
            link = connect(addresses[-waiting], location.port, deadline.left() / waiting)
            break
        except OSError as error:
            if waiting == 1:
                if isinstance(error, TimeoutError):
                    raise TooSlow(str(location), f"took no connection within {_s(seconds)}.") from None
                raise
    if location.scheme == "http":
        return link
    try:
        link.settimeout(deadline.left())
        return trust().wrap_socket(link, server_hostname=location.host)
    except BaseException:
        link.close()
        raise


def _exchange(link: _Link, location: Location, headers: Sequence[tuple[str, str]]) -> Answer:
    talk = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=_HEADERS)
    all_headers = [("Host", location.authority), *headers, ("Connection", "close")]
    request = talk.send(h11.Request(method="GET", target=location.target, headers=all_headers))
    link.send((request or b"") + (talk.send(h11.EndOfMessage()) or b""))
    event = _next(talk, link)
    while isinstance(event, h11.InformationalResponse) and event.status_code != 101:
        event = _next(talk, link)
    if not isinstance(event, h11.Response):
        raise h11.RemoteProtocolError("no answer to the request")
    names = {name.decode("ascii"): value.decode("latin-1") for name, value in event.headers}
    return Answer(event.status_code, names, _body(talk, link))


def _body(talk: h11.Connection, link: _Link) -> Iterator[bytes]:
    while isinstance(event := _next(talk, link), h11.Data):
        yield bytes(event.data)


def _next(talk: h11.Connection, link: _Link) -> object:
    while (event := talk.next_event()) is h11.NEED_DATA:
        talk.receive_data(link.receive())
    return event


def _s(seconds: float) -> str:
    return f"{seconds:g} seconds"

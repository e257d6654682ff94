"""A site on this machine that stands for one on the web, and a canary where everything else would end."""

import http.server
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from index.fetch import Fetcher, Limits

PUBLIC = ("93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")
"""Addresses that lead to the site; connections to all others end at the canary."""

Reply = tuple[int, Mapping[str, str], bytes] | Callable[[http.server.BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A real HTTP server: path -> (status, headers, body), or a function that writes to the handler."""

    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers (names in lower case) of every request."""
    address: tuple[str, int] = ("127.0.0.1", 0)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def page(self, path: str, body: bytes = b"A page.", status: int = 200, **headers: str) -> None:
        """Adds a page; `content_type="…"` is a header."""
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.pages[path] = (status, {"Location": to}, b"")


@dataclass
class Canary:
    """A listener that no connection may reach."""

    address: tuple[str, int]
    reached: int = 0

    @property
    def port(self) -> int:
        return self.address[1]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        reply = self.site.pages.get(self.path, (404, {}, b"Nothing here."))
        with suppress(OSError):
            if callable(reply):
                self.close_connection = True
                reply(self)
                return
            status, headers, body = reply
            head = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in headers.items())]
            if status != 304 and "Content-Length" not in headers:
                head.append(f"Content-Length: {len(body)}")
            self.wfile.write("\r\n".join([*head, "", ""]).encode() + body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def one_site() -> Iterator[Site]:
    here = Site()
    handler = type("Handler", (_Handler,), {"site": here})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        here.address = ("127.0.0.1", server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield here
        server.shutdown()
        thread.join()


@pytest.fixture
def site(one_site: Site) -> Site:
    one_site.pages.clear()
    one_site.asked.clear()
    return one_site


@pytest.fixture(scope="module")
def one_canary() -> Iterator[Canary]:
    """Closes every connection at once, and counts it before."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        here = Canary(("127.0.0.1", listener.getsockname()[1]))

        def listen() -> None:
            with suppress(OSError):
                while True:
                    link, _ = listener.accept()
                    here.reached += 1
                    link.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield here
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def canary(one_canary: Canary) -> Canary:
    one_canary.reached = 0
    return one_canary


@dataclass
class World:
    """Names and addresses as they are in one test. A name's answers are used up in turn; the last stays."""

    site: Site
    canary: Canary | Site
    names: dict[str, list[Sequence[str]]]
    resolved: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """Numbers that are no plain addresses are resolved as the system does it: `127.1` is 127.0.0.1."""
        self.resolved.append(host)
        if host not in self.names:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            return [str(entry[4][0]) for entry in found]
        answers = self.names[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        to = self.site if address in PUBLIC else self.canary
        return socket.create_connection(to.address, seconds)

    def fetcher(self, *, allow_private: bool = False, trust: Any = None, **limits: Any) -> Fetcher:
        """One that does not wait politely, unless told to."""
        return Fetcher(
            allow_private=allow_private,
            limits=Limits(**{"interval": 0.0, **limits}),
            resolve=self.resolve,
            connect=self.connect,
            trust=trust,
        )


@pytest.fixture
def world(site: Site, canary: Canary) -> World:
    """`example.org` is the site, on the public internet."""
    return World(site, canary, {"example.org": [PUBLIC[:1]]})

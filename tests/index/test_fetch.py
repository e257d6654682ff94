"""Fetching from a real server on this machine: what comes back, and every limit."""

import gzip
import random
import shutil
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from index.errors import (
    AskedToWait,
    FetchError,
    NotServed,
    RobotsRefused,
    TooLarge,
    TooSlow,
    Unreachable,
    UrlRefused,
)
from index.web.wire import Deadline, connect, resolve

URL = "http://example.org/"


def raw(*pieces: bytes, pause: float = 0) -> Callable[[Any], None]:
    """A reply that is written as it stands, with a pause before each piece."""

    def reply(handler: Any) -> None:
        for piece in pieces:
            time.sleep(pause)
            handler.wfile.write(piece)
            handler.wfile.flush()

    return reply


# What comes back


def test_a_page_comes_back_with_what_its_headers_say(world) -> None:
    world.site.page(
        "/", b"Caf\xe9", Content_Type='text/HTML; charset="ISO-8859-1"', ETag='"1"', Last_Modified="Mon"
    )
    page = world.fetcher().get(URL)
    assert (page.url, page.status, page.body) == (URL, 200, b"Caf\xe9")
    assert (page.content_type, page.charset) == ("text/html", "iso-8859-1")
    assert (page.etag, page.modified, page.not_modified) == ('"1"', "Mon", False)


def test_what_headers_do_not_say_is_none(world) -> None:
    world.site.page("/")
    page = world.fetcher().get(URL)
    assert (page.content_type, page.charset, page.etag, page.modified) == (None, None, None, None)


def test_a_request_says_who_asks_and_carries_no_cookie(world) -> None:
    world.site.page("/a", Set_Cookie="a=1; Path=/")
    fetcher = world.fetcher()
    fetcher.get(URL + "a")
    fetcher.get(URL + "a")
    assert [headers for _, headers in world.site.asked] == [
        {
            "host": "example.org",
            "user-agent": f"Byline/{version('byline')}",
            "accept": "*/*",
            "accept-encoding": "gzip, deflate",
            "connection": "close",
        }
    ] * 2


def test_a_page_has_the_address_where_redirects_ended(world) -> None:
    world.site.redirect("/", "/caf\u00e9/../b?x=1#top")
    world.site.page("/b?x=1")
    assert world.fetcher().get(URL).url == "http://example.org/b?x=1"


@pytest.mark.parametrize("status", [201, 204, 206, 300, 304, 400, 401, 404, 410, 500, 503])
def test_an_answer_that_is_not_the_page_is_an_error_with_its_number(world, status: int) -> None:
    world.site.page("/", b"" if status in (204, 304) else b"x", status)
    with pytest.raises(NotServed) as raised:
        world.fetcher().get(URL)
    assert (raised.value.status, str(raised.value)) == (
        status,
        f"http://example.org/ was not served: its site answered {status}.",
    )


def test_a_redirect_to_nowhere_is_an_error(world) -> None:
    world.site.page("/", b"", 302)
    with pytest.raises(NotServed, match="its site answered 302"):
        world.fetcher().get(URL)


@pytest.mark.parametrize("url", ["http://93.184.216.34/", "http://[2606:2800:220:1:248:1893:25c8:1946]/"])
def test_an_address_in_place_of_a_name_is_not_resolved(world, url: str) -> None:
    world.site.page("/")
    assert world.fetcher().get(url).url == url
    assert world.resolved == []
    assert world.site.asked[0][1]["host"] == url.split("/")[2]


def test_a_name_in_any_script_is_asked_for_in_ascii(world) -> None:
    world.names["xn--bcher-kva.example"] = [["93.184.216.34"]]
    world.site.page("/%C3%BC")
    assert world.fetcher().get("http://Bücher.example/ü").url == "http://xn--bcher-kva.example/%C3%BC"
    assert world.site.asked[0][1]["host"] == "xn--bcher-kva.example"


# Conditional requests


def test_a_page_that_did_not_change_saves_its_body(world) -> None:
    world.site.page("/", ETag='W/"a b"', Last_Modified="Mon, 23 Nov 2026 08:00:00 GMT")
    fetcher = world.fetcher()
    first = fetcher.get(URL)
    world.site.page("/", b"", 304, ETag='W/"a b"')
    second = fetcher.get(URL, etag=first.etag, modified=first.modified)
    sent = world.site.asked[1][1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == (first.etag, first.modified)
    assert (second.not_modified, second.body, second.etag) == (True, b"", 'W/"a b"')


@pytest.mark.parametrize("etag", ["", '"a"\r\nX: y', '"a"\n', " ", '"\u20ac"', "\x00"])
def test_a_validator_that_no_server_can_have_sent_is_not_sent_back(world, etag: str) -> None:
    world.site.page("/")
    world.fetcher().get(URL, etag=etag)
    assert {"if-none-match", "x"}.isdisjoint(world.site.asked[0][1])


# Size


def test_a_body_as_long_as_the_limit_is_read(world) -> None:
    world.site.page("/", bytes(1000))
    assert len(world.fetcher(size=1000).get(URL).body) == 1000


@pytest.mark.parametrize(
    "reply",
    [
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\n\r\n", bytes(1001)),
        raw(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"64\r\n" + bytes(100) + b"\r\n"] * 11
        ),
    ],
    ids=["stated", "unstated", "chunked"],
)
def test_a_body_past_the_limit_is_not_read(world, reply) -> None:
    world.site.pages["/"] = reply
    with pytest.raises(TooLarge) as raised:
        world.fetcher(size=1000).get(URL)
    assert str(raised.value) == "http://example.org/ was not read: it is longer than 1.0 kB."


def test_a_head_past_its_limit_is_not_read(world) -> None:
    world.site.pages["/"] = raw(b"HTTP/1.1 200 OK\r\n", *[b"X: " + b"x" * 10_000 + b"\r\n"] * 20, b"\r\n")
    with pytest.raises(NotServed, match="does not keep to HTTP"):
        world.fetcher().get(URL)


def bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKED = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "gzip-members": ("gzip", lambda body: gzip.compress(body[:7]) + gzip.compress(body[7:])),
    "deflate": ("deflate", zlib.compress),
    "deflate-bare": ("deflate", bare),
}


@pytest.mark.parametrize(("name", "pack"), PACKED.values(), ids=PACKED)
def test_a_packed_body_is_unpacked(world, name: str, pack: Callable[[bytes], bytes]) -> None:
    body = b"The lamp burned for nine hours. " * 5000
    world.site.page("/", pack(body), Content_Encoding=name)
    assert world.fetcher().get(URL).body == body


@pytest.mark.parametrize(("name", "pack"), PACKED.values(), ids=PACKED)
def test_a_bomb_is_unpacked_no_further_than_the_limit(world, name: str, pack, monkeypatch) -> None:
    unpacked = []
    real = zlib.decompressobj

    class Counted:
        def __init__(self, wbits: int) -> None:
            self._real = real(wbits)

        def decompress(self, data: bytes, most: int) -> bytes:
            unpacked.append(self._real.decompress(data, most))
            return unpacked[-1]

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

    world.site.page("/", pack(bytes(30_000_000)), Content_Encoding=name)
    monkeypatch.setattr("index.web.body.zlib.decompressobj", Counted)
    with pytest.raises(TooLarge, match=r"longer than 100\.0 kB"):
        world.fetcher(size=100_000).get(URL)
    assert 100_000 < sum(map(len, unpacked)) <= 100_001


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"cut off" * 100)[:-9]),
        ("gzip", gzip.compress(b"and more") + b"more"),
        ("deflate", zlib.compress(b"cut off" * 100)[:-5]),
        ("br", b"\x0b\x02\x80a\x03"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"twice"))),
    ],
    ids=["not-gzip", "gzip-cut", "gzip-and-more", "deflate-cut", "brotli", "twice"],
)
def test_a_body_that_cannot_be_unpacked_is_an_error(world, name: str, body: bytes) -> None:
    world.site.page("/", body, Content_Encoding=name)
    with pytest.raises(NotServed, match="its body is"):
        world.fetcher().get(URL)


def test_an_empty_body_is_empty_however_packed(world) -> None:
    world.site.page("/", b"", Content_Encoding="gzip")
    assert world.fetcher().get(URL).body == b""


# Time


@pytest.mark.parametrize(
    "reply",
    [
        raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 100, pause=0.05),
        raw(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 100, pause=0.05),
        raw(*[b"HTTP/1.1 103 Early\r\n\r\n"] * 100, pause=0.05),
        raw(b"", pause=3),
    ],
    ids=["body", "head", "hints", "silence"],
)
def test_an_answer_that_drips_ends_at_the_limit(world, reply) -> None:
    world.site.pages["/"] = reply
    began = time.monotonic()
    with pytest.raises(TooSlow) as raised:
        world.fetcher(total=0.5).get(URL)
    assert 0.4 < time.monotonic() - began < 2
    assert str(raised.value) == "http://example.org/ was not read within 0.5 seconds."


def test_redirects_share_one_limit_of_time(world) -> None:
    for n in range(5):
        world.site.pages["/" if n == 0 else f"/{n}"] = raw(
            f"HTTP/1.1 302 x\r\nLocation: /{n + 1}\r\nContent-Length: 0\r\n\r\n".encode(), pause=0.2
        )
    with pytest.raises(TooSlow):
        world.fetcher(total=0.5).get(URL)
    assert len(world.site.asked) < 5


def test_a_name_that_is_not_answered_for_is_given_up(world) -> None:
    done = threading.Event()
    world.resolve = lambda host, port: done.wait(5) and []
    began = time.monotonic()
    with pytest.raises(TooSlow, match=r"its host was not found within 0\.2 seconds"):
        world.fetcher(connect=0.2).get(URL)
    assert time.monotonic() - began < 2
    done.set()


def test_an_address_that_takes_no_connection_gives_way_to_the_next(world) -> None:
    world.names["example.org"] = [["2606:2800:220:1::1", "93.184.216.34"]]
    world.site.page("/")
    real, shares = world.connect, []

    def one_is_dead(address: str, port: int, seconds: float) -> socket.socket:
        shares.append(round(seconds, 1))
        if address != "93.184.216.34":
            raise TimeoutError
        return real(address, port, seconds)

    world.connect = one_is_dead
    assert world.fetcher(connect=8).get(URL).status == 200
    assert shares == [4.0, 8.0]


def test_no_address_that_takes_a_connection_is_an_error(world) -> None:
    def dead(address: str, port: int, seconds: float) -> socket.socket:
        raise TimeoutError

    world.connect = dead
    with pytest.raises(TooSlow, match="took no connection within 10 seconds"):
        world.fetcher().get(URL)


# Redirects


def test_a_loop_of_redirects_ends(world) -> None:
    world.site.redirect("/", "/")
    with pytest.raises(NotServed, match="it leads on more than 5 times"):
        world.fetcher().get(URL)
    assert len(world.site.asked) == 6


def test_five_redirects_are_followed(world) -> None:
    for n, status in enumerate([301, 302, 303, 307, 308]):
        world.site.redirect(f"/{n}", f"{n + 1}", status)
    world.site.page("/5")
    assert world.fetcher().get(URL + "0").url == URL + "5"


# Waiting


def test_a_short_wait_that_is_asked_for_is_waited(world) -> None:
    replies = [
        raw(b"HTTP/1.1 429 x\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    ]
    world.site.pages["/"] = lambda handler: replies.pop(0)(handler)
    began = time.monotonic()
    assert world.fetcher(total=0.9).get(URL).body == b"ok"
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_a_long_wait_that_is_asked_for_is_an_error_that_says_when(world, status: int, as_date: bool) -> None:
    then = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    world.site.page("/", b"", status, Retry_After=format_datetime(then, usegmt=True) if as_date else "3600")
    fetcher = world.fetcher()
    for path in ("", "other"):
        with pytest.raises(AskedToWait) as raised:
            fetcher.get(URL + path)
        assert abs(raised.value.until - then) < timedelta(seconds=5)
        assert f"Try again after {raised.value.until:%Y-%m-%d %H:%M:%S} UTC." in str(raised.value)
    assert world.site.paths == ["/"], "the host is left alone until then"


@pytest.mark.parametrize("wait", ["soon", "-5", "1.5", "9" * 400, "Thu, 99 Foo 2026 25:00:00 GMT", "٣"])
def test_an_odd_retry_after_is_no_crash(world, wait: str) -> None:
    world.site.page("/", b"", 503, Retry_After=wait)
    with pytest.raises((NotServed, AskedToWait)):
        world.fetcher().get(URL)


def test_a_site_that_asks_to_wait_again_and_again_is_given_up(world) -> None:
    world.site.page("/", b"", 503, Retry_After="0")
    with pytest.raises(NotServed, match="asked to wait 3 times") as raised:
        world.fetcher().get(URL)
    assert (raised.value.status, len(world.site.asked)) == (503, 3)


def test_two_requests_to_one_host_keep_their_distance(world) -> None:
    world.site.page("/")
    world.names["other.example"] = world.names["example.org"]
    fetcher = world.fetcher(interval=0.4, total=0.3)
    times = []
    for url in (URL, "http://other.example/", URL):
        began = time.monotonic()
        fetcher.get(url)
        times.append(time.monotonic() - began)
    assert times[0] < 0.3 and times[1] < 0.3 and 0.1 < times[2] < 0.7


# robots.txt


def robots(world, text: str) -> None:
    world.site.page("/robots.txt", text.encode(), Content_Type="text/plain")
    world.site.page("/a")
    world.site.page("/private/b")


def test_robots_txt_is_obeyed_where_that_is_asked_for(world) -> None:
    robots(world, "User-agent: *\nDisallow: /private/")
    fetcher = world.fetcher()
    assert fetcher.get(URL + "a", obey_robots=True).status == 200
    with pytest.raises(RobotsRefused) as raised:
        fetcher.get(URL + "private/b", obey_robots=True)
    assert str(raised.value) == (
        "http://example.org/private/b is not read: http://example.org/robots.txt asks robots not to."
    )
    assert world.site.paths == ["/robots.txt", "/a"]
    assert fetcher.get(URL + "private/b").status == 200


@pytest.mark.parametrize("path", ["x/../private/b", "%2e/private/b", "./private/b", "%70rivate/b"])
def test_robots_txt_is_not_got_around_by_spelling(world, path: str) -> None:
    robots(world, "User-agent: *\nDisallow: /private/")
    with pytest.raises(RobotsRefused):
        world.fetcher().get(URL + path, obey_robots=True)


def test_robots_txt_is_asked_at_every_hop(world) -> None:
    robots(world, "User-agent: *\nDisallow: /private/")
    world.site.redirect("/c", "/private/b")
    with pytest.raises(RobotsRefused, match=r"^http://example\.org/c leads to http://example\.org/private/b"):
        world.fetcher().get(URL + "c", obey_robots=True)


def test_what_has_no_robots_txt_is_read(world) -> None:
    world.site.page("/a")
    assert world.fetcher().get(URL + "a", obey_robots=True).status == 200


def test_a_robots_txt_that_moved_is_followed(world) -> None:
    robots(world, "User-agent: *\nDisallow: /private/")
    world.site.pages["/moved"] = world.site.pages["/robots.txt"]
    world.site.redirect("/robots.txt", "/moved")
    with pytest.raises(RobotsRefused):
        world.fetcher().get(URL + "private/b", obey_robots=True)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_site_whose_robots_txt_fails_is_not_read(world, status: int) -> None:
    robots(world, "")
    world.site.page("/robots.txt", b"", status)
    with pytest.raises(RobotsRefused, match=f"robots.txt was not served: its site answered {status}"):
        world.fetcher().get(URL + "a", obey_robots=True)


def test_a_robots_txt_that_leads_in_circles_is_not_obeyed_for_ever(world) -> None:
    world.site.redirect("/robots.txt", "/robots.txt")
    with pytest.raises(RobotsRefused, match="leads on and on"):
        world.fetcher().get(URL, obey_robots=True)


# What is in the way


def test_a_name_that_is_not_known_is_said_so(world) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    world.resolve = unknown
    with pytest.raises(Unreachable) as raised:
        world.fetcher().get("http://exmaple.example/")
    assert str(raised.value) == (
        "http://exmaple.example/ was not reached: no host 'exmaple.example' is known "
        "(Name or service not known). Check the spelling."
    )


def test_a_host_without_addresses_is_not_known(world) -> None:
    world.names["empty.example"] = [[]]
    with pytest.raises(Unreachable, match=r"no host 'empty\.example' is known"):
        world.fetcher().get("http://empty.example/")


def test_a_server_that_is_not_there_is_said_so(world) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    world.connect = lambda address, _, seconds: connect("127.0.0.1", port, seconds)
    with pytest.raises(Unreachable, match="was not reached: Connection refused"):
        world.fetcher().get(URL)


@pytest.mark.parametrize(
    "reply",
    [
        raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nxx"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        raw(),
    ],
    ids=["ssh", "cut-off", "two-lengths", "endless-length", "chunks", "upgrade", "nothing"],
)
def test_what_is_not_http_is_an_error(world, reply) -> None:
    world.site.pages["/"] = reply
    with pytest.raises(NotServed) as raised:
        world.fetcher().get(URL)
    assert str(raised.value).isprintable()


def test_any_bytes_are_a_page_or_an_error_on_one_line(world) -> None:
    answer = (
        b"HTTP/1.1 302 Found\r\nLocation: //example.org/a?b\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\nContent-Encoding: gzip\r\nETag: a\r\n\r\n"
    ) + gzip.compress(b"A page.", mtime=0)
    dice = random.Random(7)
    for _ in range(300):
        spoilt = bytearray(answer.replace(b"302", dice.choice([b"200", b"302", b"429"]), 1))
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(spoilt))
            spoilt[place : place + dice.randint(0, 2)] = dice.randbytes(dice.randint(0, 2))
        world.site.pages["/"] = raw(bytes(spoilt))
        try:
            world.fetcher(patience=0).get(URL)
        except FetchError as error:
            assert str(error).isprintable(), spoilt


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://ann:secret@example.org/", "http://…@example.org/"),
        ("http:\\\\ann:secret@example.org/", "http://…@example.org/"),
        ("ftp://ann:secret@example.org/", "ftp://…@example.org/"),
        ("http://ann:se/cr?et@example.org/", "http://…@example.org/"),
        ("http://example.org/\x1b[2J\u202e", r"http://example.org/\x1b[2J\u202e"),
    ],
)
def test_an_error_shows_no_password_and_no_controls(world, url: str, shown: str) -> None:
    with pytest.raises(UrlRefused) as raised:
        world.fetcher().get(url)
    assert raised.value.url == shown
    assert "secret" not in str(raised.value) and str(raised.value).isprintable()


def test_every_error_of_fetching_is_one_line(world) -> None:
    for url in ("x" * 10_000, "http://" + "x" * 300, "a" * 5000 + "://x"):
        with pytest.raises(FetchError) as raised:
            world.fetcher().get(url)
        assert len(str(raised.value)) < 500 and "\n" not in str(raised.value)


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A certificate and its key for secure.example, in one file."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    path = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=DNS:secure.example", "-keyout", "key", "-out", "cert"],
        cwd=path,
        check=True,
        capture_output=True,
    )
    (path / "both").write_bytes((path / "key").read_bytes() + (path / "cert").read_bytes())
    return path / "both"


@pytest.fixture
def secure(world, certificate: Path) -> Iterator[Any]:
    """`world`, whose site speaks TLS; `asked_for` holds the names that clients asked for (SNI)."""
    world.asked_for = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda link, name, context: world.asked_for.append(name)

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(link, server_side=True) as safe:
                    safe.recv(10_000)
                    safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsafe")
            except OSError:
                link.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        world.connect = lambda address, port, seconds: connect(*listener.getsockname(), seconds)
        world.names |= {"secure.example": [["93.184.216.34"]], "other.example": [["93.184.216.34"]]}
        yield world
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_tls_asks_for_the_name_and_not_for_the_address(secure, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=certificate)
    assert secure.fetcher(trust=trust).get("https://secure.example./").body == b"safe"
    assert secure.asked_for == ["secure.example"]


@pytest.mark.parametrize("host", ["other.example", "93.184.216.34"])
def test_a_certificate_for_another_name_is_refused(secure, certificate: Path, host: str) -> None:
    trust = ssl.create_default_context(cafile=certificate)
    with pytest.raises(Unreachable, match=rf"^https://{host}/ was not reached: its certificate "):
        secure.fetcher(trust=trust).get(f"https://{host}/")


def test_a_certificate_that_nobody_vouches_for_is_refused(secure) -> None:
    with pytest.raises(Unreachable, match="self-signed certificate"):
        secure.fetcher().get("https://secure.example/")


def test_a_server_without_tls_is_an_error(world) -> None:
    with pytest.raises(Unreachable, match="was not reached: its TLS fails"):
        world.fetcher().get("https://example.org/")


def test_a_handshake_that_hangs_ends_at_the_limit(world) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        world.connect = lambda address, port, seconds: connect(*silent.getsockname(), seconds)
        began = time.monotonic()
        with pytest.raises(TooSlow):
            world.fetcher(connect=0.3).get("https://example.org/")
        assert time.monotonic() - began < 2


# The pieces of one request


def test_the_system_resolves_a_name_to_its_addresses_without_repetition() -> None:
    assert resolve("127.0.0.1", 80) == ["127.0.0.1"]


def test_a_deadline_that_is_over_says_so() -> None:
    deadline = Deadline(0)
    with pytest.raises(TimeoutError):
        deadline.left()
    deadline.extend(5)
    assert 4 < deadline.left() <= 5

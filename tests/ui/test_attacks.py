"""A served chat, attacked over raw sockets: paths, heads and bodies that no browser sends."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from fastapi.testclient import TestClient

from tests.ui.scripted import scripted_assistant
from ui import security, wire
from ui.app import Server, assemble, configured
from ui.library import Library
from ui.settings import ServeSettings
from ui.users import Users


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of a server with a login, which waits for heads and bodies for a second only."""
    users = Users(tmp_path_factory.mktemp("attacked"))
    users.add("ada", "a lamp in the window")
    serving = ServeSettings(proxies="192.0.2.1")
    app = assemble(Library(scripted_assistant), users=users, serving=serving)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as listener:
        patch.setattr(wire, "SLOWEST", 1.0)
        patch.setattr(security, "SLOWEST", 1.0)
        server = Server(configured(app, serving), "", open_browser=False, on_ready=None)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join()


def said(port: int, request: bytes) -> bytes:
    """All that comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        with suppress(ConnectionError):  # it may have heard enough
            connection.sendall(request)
        found = b""
        while piece := _received(connection):
            found += piece
        return found


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def asked(port: int, line: str, *headers: str, body: str = "") -> bytes:
    head = "\r\n".join([f"{line} HTTP/1.1", "Host: x", "Connection: close", *headers])
    return said(port, f"{head}\r\n\r\n{body}".encode("latin-1"))


@pytest.mark.parametrize(
    "path",
    [
        "//config",
        "/config//",
        "/./config",
        "/login/../config",
        "/login/..;/config",
        "/login%2f..%2fconfig",
        "/%63onfig",
        "/CONFIG",
        "/login/",
        "/login;x",
        "/login%00",
        "/byline/../users.json",
        "/byline/..%2f..%2fusers.json",
        "/byline/article.css/../byline.js",
        "/byline/article.css%2f..%2fbyline.js",
        "//byline/article.css",
        "/gradio_api//file=/etc/passwd",
        "/%67radio_api/file=/etc/passwd",
        "/static/../../../../etc/passwd",
        "/assets/..%2f..%2f..%2fetc%2fpasswd",
        "http://x/config",
        "*",
        "config",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_no_spelling_of_a_path_gets_past_the_login(port: int, method: str, path: str) -> None:
    status = asked(port, f"{method} {path}", "Content-Length: 0").split(b" ", 2)[1]
    assert status in (b"303", b"400", b"401", b"403", b"404", b"405", b"413"), status


@pytest.mark.parametrize("path", ["/byline/..%2fusers.json", "/byline/%2e%2e/app.py", "/byline//etc/passwd"])
def test_a_person_who_is_let_in_does_not_leave_the_folder_of_scripts(path: str) -> None:
    response = TestClient(assemble(Library(scripted_assistant))).get(path)  # type: ignore[arg-type]
    assert response.status_code == 404


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nCookie: a=" + b"x" * 200_000 + b"\r\n\r\n", id="cookie"),
        pytest.param(b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="path"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 200_000 + b"\r\n", id="many headers"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", id="two hosts"),
        pytest.param(
            b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            id="two lengths",
        ),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", id="space before the colon"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\0d\r\n\r\n", id="folded, with a zero byte"),
        pytest.param(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", id="negative length"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", id="TLS"),
    ],
)
def test_a_head_that_is_none_is_refused_and_the_connection_ends(port: int, request_: bytes) -> None:
    response = said(port, request_)
    assert response == b"" or response.split(b" ", 2)[1] == b"400"


def test_lengths_and_chunks_at_once_smuggle_nothing(port: int) -> None:
    smuggled = "0\r\n\r\nGET /config HTTP/1.1\r\nHost: x\r\n\r\n"
    response = asked(
        port, "POST /login", f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked", body=smuggled
    )
    assert response.count(b"HTTP/1.1 ") == 1 and response.split(b" ", 2)[1] in (b"400", b"411")


def test_a_websocket_is_not_opened(port: int) -> None:
    response = asked(
        port,
        "GET /gradio_api/queue/join",
        "Upgrade: websocket",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    )
    assert b" 101 " not in response.splitlines()[0]


def test_a_head_that_dawdles_is_cut_off(port: int) -> None:
    assert said(port, b"GET / HTTP/1.1\r\nHost: x\r\nA: ") == b""
    assert said(port, b"") == b""


def test_a_head_that_dawdles_on_a_connection_that_was_used_is_cut_off(port: int) -> None:
    response = said(port, b"GET /login HTTP/1.1\r\nHost: x\r\n\r\nGET /login HTTP/1.1\r\nHost")
    assert response.count(b"HTTP/1.1 200") == 1


def test_a_body_that_dawdles_is_cut_off(port: int) -> None:
    response = asked(port, "POST /login", "Content-Length: 500", body="name=ada")
    assert response.split(b" ", 2)[1] == b"408"
    assert b"content-security-policy" in response.lower()


def test_a_proxy_that_is_not_in_the_settings_is_not_believed(port: int) -> None:
    form = "name=ada&password=a+lamp+in+the+window"
    length = f"Content-Length: {len(form)}"
    response = asked(port, "POST /login", "X-Forwarded-Proto: https", length, body=form)
    assert b" 303 " in response.splitlines()[0]
    assert b"set-cookie: byline-session=" in response.lower() and b"__Host-" not in response


def test_nobody_says_where_the_page_comes_from(port: int) -> None:
    key_less = asked(port, "GET /", "X-Forwarded-Host: evil.example", "X-Gradio-Server: http://evil.example")
    assert b"evil.example" not in key_less
    app = assemble(Library(scripted_assistant))  # type: ignore[arg-type]
    config = TestClient(app).get("/config", headers={"X-Forwarded-Host": "evil.example"}).text
    assert "evil.example" not in config


def test_the_server_does_not_say_what_it_is(port: int) -> None:
    assert b"\r\nserver:" not in asked(port, "GET /login").lower()

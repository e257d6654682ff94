"""Serving: a port that is taken, the address that is announced, and an end that is clean and quick."""

import http.client
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from index import build
from index.embed import Encoder
from index.errors import BylineError
from ui.app import address, create_app, listening

SERVE = """
import sys
from pathlib import Path
from ui.app import serve
serve(Path(sys.argv[1]), port=0, open_browser=False, on_ready=lambda url: print(url, flush=True))
"""


def test_what_only_an_open_library_needs_is_not_waited_for_by_the_page() -> None:
    source = """
import sys, ui.app
print(sorted({"llama_index", "chromadb", "onnxruntime", "torch"} & set(sys.modules)))
"""
    assert subprocess.check_output([sys.executable, "-c", source], text=True) == "[]\n"


def test_models_are_loaded_before_anybody_asks(
    tmp_path: Path, bundled: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Ada Lind lit the lamp.", encoding="utf-8")
    build(tmp_path / "a.txt", library=tmp_path / "library", encoder=bundled)
    loaded: dict[int, object] = {}
    monkeypatch.setattr("qa.reader._LOADED", loaded)
    with TestClient(create_app(tmp_path / "library")) as client:
        client.get("/library")  # waits until it is open
    assert loaded


def test_a_port_that_is_taken_is_one_line_with_the_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BylineError) as raised:
            listening("127.0.0.1", port)
    assert str(raised.value).startswith(f"Port {port} is taken.")
    assert "--port" in str(raised.value) and "\n" not in str(raised.value)


def test_an_address_that_is_not_ours_is_one_line() -> None:
    with pytest.raises(BylineError, match=r"Cannot listen on 192\.0\.2\.1, port 7860"):
        listening("192.0.2.1", 7860)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860/"),
        ("localhost", "http://localhost:7860/"),
        ("0.0.0.0", "http://127.0.0.1:7860/"),
        ("::", "http://[::1]:7860/"),
        ("::1", "http://[::1]:7860/"),
    ],
)
def test_the_address_to_open(host: str, url: str) -> None:
    assert address(host, 7860) == url


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_without_a_word_although_a_page_is_open(
    number: signal.Signals, tmp_path: Path
) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path / "library")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        page = http.client.HTTPConnection(urlsplit(server.stdout.readline().strip()).netloc, timeout=10)
        page.request("GET", "/gradio_api/heartbeat/0")  # a stream that lasts as long as the page
        assert page.getresponse().status == 200
        began = time.monotonic()
        server.send_signal(number)
        _, errors = server.communicate(timeout=10)
        assert time.monotonic() - began < 4
        assert errors == ""
        assert server.returncode in (0, -number)
    finally:
        server.kill()

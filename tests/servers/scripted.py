"""Servers that speak like OpenAI's and Ollama's, on real sockets, and say what a test has written down.

Both run on one port: `…/v1/chat/completions` and `…/v1/models`, `/api/chat` and `/api/tags`. What is sent is
kept in `requests`. A reply says what comes, in which chunks, and what goes wrong on the way.
"""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """`chunks` are the deltas, each after `pause` seconds.

    `then` is how it ends: "stop", "length", "cut" (the connection breaks), "quiet" (it ends without saying
    so), "malformed", "error" (within the stream), "silent" (nothing more comes), "never" (the chunks again
    and again)."""

    chunks: Sequence[str] = ()
    then: str = "stop"
    pause: float = 0.0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    raw: bytes | None = None
    """Sent in place of all that."""
    split: int = 0
    """Bytes of each write to the socket; 0 writes each line whole."""


@dataclass
class Request:
    path: str
    body: Any
    headers: dict[str, str]

    @property
    def messages(self) -> list[dict[str, str]]:
        return self.body["messages"]  # type: ignore[no-any-return]

    @property
    def text(self) -> str:
        """The last message, which has the evidence and the question."""
        return str(self.messages[-1]["content"])


Answering = Callable[[Request], Reply]


class Server:
    """`url` is its root. `replies` are given in turn, the last one again and again; or `answering` thinks of
    them. `gone` counts callers that left in the middle, `left_at` has when they were noticed."""

    def __init__(self, *replies: Reply, answering: Answering | None = None) -> None:
        self.replies = list(replies)
        self.answering = answering
        self.requests: list[Request] = []
        self.gone = threading.Event()
        self.gone_at = 0.0
        self.models = ("llama3.2", "qwen3:4b")
        self.first_sent: list[float] = []
        """`time.perf_counter()` when the first chunk of each reply was written."""
        self._closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def next_reply(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.answering is not None:
            return self.answering(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def wait(self, seconds: float, caller: socket.socket) -> None:
        """Waits, unless the caller goes or the test ends."""
        until = time.monotonic() + seconds
        caller.setblocking(False)
        try:
            while time.monotonic() < until and not self._closing.is_set():
                try:
                    if caller.recv(1, socket.MSG_PEEK) == b"":
                        raise ConnectionResetError
                except BlockingIOError:
                    pass
                time.sleep(min(0.01, max(0.0, until - time.monotonic())))
        finally:
            caller.setblocking(True)
        if self._closing.is_set():
            raise ConnectionResetError

    def close(self) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def served(*replies: Reply, answering: Answering | None = None) -> Iterator[Server]:
    server = Server(*replies, answering=answering)
    try:
        yield server
    finally:
        server.close()


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # a client that leaves between two requests
                super().handle()

        def do_GET(self) -> None:
            if self.path.endswith("/models"):
                self._whole(200, {}, json.dumps({"data": [{"id": name} for name in server.models]}))
            elif self.path == "/api/tags":
                self._whole(200, {}, json.dumps({"models": [{"name": name} for name in server.models]}))
            else:
                self._whole(404, {}, "{}")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = server.next_reply(Request(self.path, body, headers))
            try:
                if reply.status != 200:
                    self._whole(reply.status, reply.headers, reply.body or json.dumps({"error": "scripted"}))
                elif self.path == "/api/chat":
                    self._stream(reply, "application/x-ndjson", ollama_line, ollama_end)
                else:
                    self._stream(reply, "text/event-stream", openai_line, openai_end)
            except OSError:
                server.gone_at = time.perf_counter()
                server.gone.set()
                self.close_connection = True

        def _whole(self, status: int, headers: dict[str, str], body: str) -> None:
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def _stream(
            self, reply: Reply, kind: str, line: Callable[[str], bytes], end: Callable[[str, int], bytes]
        ) -> None:
            if reply.then == "silent" and not reply.chunks:
                server.wait(60, self.connection)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            if reply.raw is not None:
                self._write(reply.raw, reply.split)
                self.wfile.write(b"0\r\n\r\n")
                return
            first = True
            while True:
                for chunk in reply.chunks:
                    if reply.pause:
                        server.wait(reply.pause, self.connection)
                    if first:
                        server.first_sent.append(time.perf_counter())
                        first = False
                    self._write(line(chunk), reply.split)
                if reply.then != "never":
                    break
                server.wait(0.001, self.connection)
            if reply.then == "silent":
                server.wait(60, self.connection)
            if reply.then == "malformed":
                self._write(
                    b'data: {"choices": [{"del\n\n' if line is openai_line else b'{"message": {"con\n', 0
                )
            if reply.then == "error":
                failed = json.dumps(
                    {"error": {"message": "it fell over"}}
                    if line is openai_line
                    else {"error": "it fell over"}
                )
                self._write((f"data: {failed}\n\n" if line is openai_line else f"{failed}\n").encode(), 0)
            if reply.then == "cut":
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if reply.then in ("stop", "length"):
                self._write(end(reply.then, len(reply.chunks)), reply.split)
            self.wfile.write(b"0\r\n\r\n")

        def _write(self, content: bytes, split: int) -> None:
            size = split or len(content)
            for at in range(0, len(content), size):
                part = content[at : at + size]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.flush()

    return Handler


def openai_line(text: str, **more: Any) -> bytes:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    return _event({"choices": [choice]})


def openai_end(reason: str, tokens: int) -> bytes:
    usage = {"prompt_tokens": 100, "completion_tokens": tokens, "total_tokens": 100 + tokens}
    return (
        _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        + _event({"choices": [], "usage": usage})
        + b"data: [DONE]\n\n"
    )


def _event(body: dict[str, Any]) -> bytes:
    whole = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", **body}
    return f"data: {json.dumps(whole)}\n\n".encode()


def ollama_line(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    return (
        json.dumps({"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False})
        + "\n"
    ).encode()


def ollama_end(reason: str, tokens: int) -> bytes:
    ended = {
        "model": "m",
        "created_at": "2026-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": ""},
        "done": True,
        "done_reason": reason,
        "prompt_eval_count": 100,
        "eval_count": tokens,
    }
    return (json.dumps(ended) + "\n").encode()


# A "model" that answers by rules.

_NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.*)\Z", re.MULTILINE | re.DOTALL)
_ASKING = frozenset(
    "who what which when where why how did does do is was were are the a an of in on to for and".split()
)


def quoting(request: Request) -> Reply:
    """Quotes the numbered sentence that has most of the question's words, with its number; where none has
    any, it abstains. A follow-up is repeated as it is, behind the question before it."""
    if not (sentences := _NUMBERED.findall(request.text)):
        earlier = re.findall(r"^Person: (.*)$", request.text, re.MULTILINE)
        asked = re.findall(r"^Question: (.*)$", request.text, re.MULTILINE)
        said = " ".join([*earlier[-1:], *asked[-1:]]) or "ready"
        return Reply(_pieces(said))
    wanted = set(re.findall(r"\w+", _QUESTION.findall(request.text)[-1].lower())) - _ASKING
    number, best = max(sentences, key=lambda row: len(wanted & set(re.findall(r"\w+", row[1].lower()))))
    if not wanted & set(re.findall(r"\w+", best.lower())):
        return Reply(["NO ", "ANSWER"])
    return Reply([*_pieces(best), f" [{number}]"])


def _pieces(text: str) -> list[str]:
    return re.findall(r".{1,5}", text, re.DOTALL)

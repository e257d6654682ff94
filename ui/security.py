"""What a browser may do with these pages, and what the server refuses. One ASGI middleware.

The policy lets the page load nothing that this server did not send, so that even markup which
slipped through could neither run nor call home. Gradio's page has inline scripts: each gets the
response's nonce. No other page gets any, for none has a script of its own.
"""

import re
import secrets
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ui.doors.opened import NO_DOORS, Doors

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src-elem 'self' 'unsafe-inline'",  # Gradio inserts its style sheets from scripts
        "style-src-attr 'none'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

WRITES = re.compile(
    r"POST /gradio_api/(queue/join|cancel|reset)"
    r"|(PATCH|DELETE) /conversations/[^/]+"
    r"|PUT /conversations/[^/]+/(scope|exchanges/\d+/rating)"
    r"|PUT /library/files/.+"
    r"|POST /library/(builds|removals)"
)
"""The requests that change something. Gradio would also store uploaded files, for anyone."""
FILES = "/library/files/"
"""How the paths begin to which whole files are sent; they are measured while they come."""

CLOSED = (
    "/gradio_api/file",
    "/gradio_api/openapi.json",
    "/gradio_api/proxy",
    "/gradio_api/stream",
    "/gradio_api/upload",
    "/gradio_api/vibe",
    "/monitoring",
)
"""How the paths begin that Gradio serves and the page has no use for."""

MAX_BODY = 1_000_000
"""Bytes of a request that is no file; a question has a few hundred."""


class Security:
    """Puts the headers on every response, and refuses what the page never asks for.

    `hosts` are the names under which the server may be addressed; None allows any. A server for this
    machine alone is given the local names, so that no web site reaches it by pointing a name of its
    own here (DNS rebinding). `doors` are those for programs; what is behind the others is not there.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = None, doors: Doors = NO_DOORS) -> None:
        self.app = app
        self.hosts = hosts
        self.doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
        elif scope["type"] == "http":
            respond = refusal(scope, self.hosts, self.doors) or self.app
            await respond(scope, receive, _Response(send, has_scripts=_path(scope) == "/").send)
        else:
            await self.app(scope, receive, send)


def refusal(scope: Scope, hosts: Collection[str] | None, doors: Doors = NO_DOORS) -> PlainTextResponse | None:
    """Why this request is not answered; None where it is."""
    headers = Headers(scope=scope)
    path = _path(scope)
    length = headers.get("content-length", "0")
    name = re.sub(r":\d+$", "", headers.get("host", "")).strip("[]")
    if hosts is not None and name not in hosts:
        return PlainTextResponse(f"This Byline is addressed as {' or '.join(hosts)} only.\n", 421)
    if path.startswith((*CLOSED, *doors.shut)):
        return PlainTextResponse("There is nothing here.\n", 404)
    if scope["method"] not in ("GET", "HEAD"):
        request = f"{scope['method']} {path}"
        if not WRITES.fullmatch(request) and not doors.takes(request):
            return PlainTextResponse("Byline takes questions and articles only.\n", 405)
        if _is_foreign(headers):
            return PlainTextResponse("Another site may not do this.\n", 403)
    if "transfer-encoding" in headers:
        return PlainTextResponse("Say how long it is.\n", 411)
    if not length.isdigit() or (int(length) > MAX_BODY and not path.startswith(FILES)):
        return PlainTextResponse("That is too long.\n", 413)
    return None


def _is_foreign(headers: Headers) -> bool:
    """Whether a page of another site had the browser send it. Programs send neither header."""
    site = headers.get("sec-fetch-site", "none")
    origin = headers.get("origin", "")
    return site not in ("same-origin", "none") or (
        origin != "" and origin.partition("://")[2] != headers.get("host", "")
    )


class _Response:
    """Adds the headers to a response. A page with scripts is held back whole, to put in the nonce."""

    def __init__(self, send: Send, has_scripts: bool) -> None:
        self._send = send
        self._has_scripts = has_scripts
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update({"Content-Security-Policy": POLICY.format(nonce=self._nonce), **HEADERS})
            if self._has_scripts and headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = self._body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
            MutableHeaders(scope=self._start)["Content-Length"] = str(len(body))
            await self._send(self._start)
            message = {**message, "body": body}
            self._start = None
        await self._send(message)


def _path(scope: Scope) -> str:
    """The path below the address that the application is served at."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))

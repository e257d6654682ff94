"""What a browser may do with these pages, and what the server refuses. One ASGI middleware.

The policy lets the page load nothing that this server did not send, so that even markup which
slipped through could neither run nor call home. Gradio's page has inline scripts: each gets the
response's nonce. No other page gets any, for none has a script of its own.
"""

import asyncio
import re
import secrets
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ui.doors.opened import NO_DOORS, Doors
from ui.paths import path_of

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
LOGIN_WRITES = re.compile(r"POST /log(in|out)")
"""And those that there are with a login."""
FILES = "/library/files/"
"""How the paths begin to which whole files are sent; they are measured while they come."""

CLOSED = (
    "/gradio_api/custom_component",
    "/gradio_api/deep_link",
    "/gradio_api/dev",
    "/gradio_api/file",
    "/gradio_api/login_check",
    "/gradio_api/openapi.json",
    "/gradio_api/proxy",
    "/gradio_api/runs",
    "/gradio_api/stream",
    "/gradio_api/token",
    "/gradio_api/upload",
    "/gradio_api/user",
    "/gradio_api/vibe",
    "/monitoring",
    "/pwa_icon",
)
"""How the paths begin that Gradio serves and the page has no use for."""

MAX_BODY = 1_000_000
"""Bytes of a request that is no file; a question has a few hundred."""
SLOWEST = 30.0
"""Seconds that the next piece of a request's body may take, and the whole of one that is no file."""

FAILED = "Something went wrong; the server's log says what.\n"

HEARSAY = re.compile(rb"forwarded|x-(forwarded|gradio|original|real-ip|rewrite).*")
"""Headers in which Gradio would believe anybody; uvicorn has read before what a known proxy says in them."""


class Security:
    """Puts the headers on every response, and refuses what the page never asks for.

    `hosts` are the names under which the server may be addressed; None allows any. A server for this
    machine alone is given the local names, so that no web site reaches it by pointing a name of its
    own here (DNS rebinding). `doors` are those for programs; what is behind the others is not there. `login`
    says that there is one.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str] | None = None,
        doors: Doors = NO_DOORS,
        login: bool = False,
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.doors = doors
        self.login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response = _Response(send, has_scripts=path_of(scope) == "/")
        respond = refusal(scope, self.hosts, self.doors, self.login)
        if respond is not None:
            await respond(scope, receive, response.send)
            return
        scope = {**scope, "headers": [each for each in scope["headers"] if not HEARSAY.fullmatch(each[0])]}
        body = _Body(receive, is_file=path_of(scope).startswith(FILES))
        try:
            await self.app(scope, body.receive, response.send)
        except Exception:
            if not response.started:
                await PlainTextResponse(FAILED, 500)(scope, receive, response.send)
            raise


def refusal(
    scope: Scope, hosts: Collection[str] | None, doors: Doors = NO_DOORS, login: bool = False
) -> PlainTextResponse | None:
    """Why this request is not answered; None where it is."""
    headers = Headers(scope=scope)
    path = path_of(scope)
    length = headers.get("content-length", "0")
    name = re.sub(r":\d+$", "", headers.get("host", "")).strip("[]")
    if hosts is not None and name not in hosts:
        return PlainTextResponse(f"This Byline is addressed as {' or '.join(hosts)} only.\n", 421)
    if path.startswith((*CLOSED, *doors.shut)):
        return PlainTextResponse("There is nothing here.\n", 404)
    if scope["method"] not in ("GET", "HEAD"):
        asked = f"{scope['method']} {path}"
        taken = WRITES.fullmatch(asked) or doors.takes(asked) or (login and LOGIN_WRITES.fullmatch(asked))
        if not taken:
            return PlainTextResponse("Byline takes questions and articles only.\n", 405)
        if _is_foreign(headers):
            return PlainTextResponse("Another site may not do this.\n", 403)
    if "transfer-encoding" in headers:
        return PlainTextResponse("Say how long it is.\n", 411)
    if not re.fullmatch("[0-9]{1,15}", length) or (int(length) > MAX_BODY and not path.startswith(FILES)):
        return PlainTextResponse("That is too long.\n", 413)
    return None


def _is_foreign(headers: Headers) -> bool:
    """Whether a page of another site had the browser send it. Programs send neither header."""
    site = headers.get("sec-fetch-site", "none")
    origin = headers.get("origin", "")
    return site not in ("same-origin", "none") or (
        origin != "" and origin.partition("://")[2] != headers.get("host", "")
    )


class _Body:
    """Does not wait for ever for the body of a request."""

    def __init__(self, receive: Receive, is_file: bool) -> None:
        self._receive = receive
        self._is_file = is_file
        self._whole = False
        self._until = asyncio.get_running_loop().time() + SLOWEST

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()  # that the client has gone
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(now + SLOWEST if self._is_file else self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "That took too long.") from None
        self._whole = not message.get("more_body", False)
        return message


class _Response:
    """Adds the headers to a response. A page with scripts is held back whole, to put in the nonce."""

    def __init__(self, send: Send, has_scripts: bool) -> None:
        self._send = send
        self._has_scripts = has_scripts
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = b""
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            own_referrer = headers.get("Referrer-Policy", HEADERS["Referrer-Policy"])
            headers.update({"Content-Security-Policy": POLICY.format(nonce=self._nonce), **HEADERS})
            headers["Referrer-Policy"] = own_referrer
            if self._has_scripts and headers.get("content-type", "").startswith("text/html"):
                self._start, self._body = message, b""
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = self._body.replace(b"<script", f'<script nonce="{self._nonce}"'.encode())
            MutableHeaders(scope=self._start)["Content-Length"] = str(len(body))
            self.started = True
            await self._send(self._start)
            message = {**message, "body": body}
            self._start = None
        self.started = True
        await self._send(message)

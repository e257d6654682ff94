"""Nothing is served to whoever is not logged in. One ASGI middleware, over everything that is mounted.

People log in on a page of their own (`ui.login_page`), after which a cookie says who they are; programs
send a key: `Authorization: Bearer …`.
"""

import re
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ui.paths import path_of
from ui.sessions import Sessions
from ui.users import Users, UsersError

COOKIE = "byline-session"

OPEN = re.compile(r"(GET|HEAD) /(login|byline/(article|login)\.css|byline/favicon\.svg)|POST /log(in|out)")
"""What anybody may ask for: the page to log in on, and what it is made of."""

PAGES = re.compile(r"GET /(library|article)?")
"""What is opened in a browser: it is led to the page to log in on."""

_MOST_KEPT = 512
"""Characters of a token or a key that are looked at; ours have fewer."""


class Login:
    """Puts the name of whoever asks into the request's state, for `ui.people`, or refuses."""

    def __init__(self, app: ASGIApp, users: Users, sessions: Sessions) -> None:
        self.app = app
        self.users = users
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await WebSocketClose()(scope, receive, send)
            return
        try:
            name = self._name(scope)
        except UsersError as error:
            await JSONResponse({"detail": str(error)}, 503)(scope, receive, send)
            return
        if name is not None:
            scope.setdefault("state", {})["user"] = name
        elif not OPEN.fullmatch(f"{scope['method']} {path_of(scope)}"):
            await _refused(scope)(scope, receive, send)
            return
        await self.app(scope, receive, _Private(send).send)

    def _name(self, scope: Scope) -> str | None:
        """A key that is sent counts alone: a wrong one is not made good by a cookie."""
        kind, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            user = self.users.of_key(key.strip()[:_MOST_KEPT])
            return user.name if user else None
        token = token_of(scope)
        return self.sessions.of(token) if token else None


def token_of(scope: Scope) -> str:
    """What the cookie of a login says; "" where there is none."""
    return HTTPConnection(scope).cookies.get(cookie_name(scope), "")[:_MOST_KEPT]


def cookie_name(scope: Scope) -> str:
    """Over https with the prefix that keeps other sites of the same domain from setting it (RFC 6265bis)."""
    return f"__Host-{COOKIE}" if scope["scheme"] == "https" else COOKIE


def _refused(scope: Scope) -> Response:
    path = path_of(scope)
    if PAGES.fullmatch(f"{scope['method']} {path}"):
        query = scope.get("query_string", b"").decode("latin-1")
        there = path + (f"?{query}" if query else "")
        return RedirectResponse(f"{scope.get('root_path', '')}/login?next={quote(there, safe='')}", 303)
    return JSONResponse({"detail": "Log in first."}, 401, headers={"WWW-Authenticate": "Bearer"})


class _Private:
    """What is said to one person is kept by no cache on the way, and shown to no other one after a logout."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if headers.get("content-type", "").startswith(("text/html", "application/json")):
                headers.setdefault("Cache-Control", "private, no-cache")
        await self._send(message)

"""What programs ask takes its place among the questions of the chat. One ASGI middleware, by path."""

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.clients import client_of
from ui.limits import Busy, Limits
from ui.paths import path_of

ASKING = ("/api/ask", "/v1/chat/completions", "/mcp")
"""Where a POST asks something; its answer is written until the response has ended."""


class Programs:
    """Refuses with 429 who asks too much, with 503 where all together do; `Retry-After` says how long. The
    body has the shape of OpenAI's errors, which others can read as well."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or path_of(scope).rstrip("/") not in ASKING:
            await self.app(scope, receive, send)
            return
        try:
            place = self.limits.enter(client_of(HTTPConnection(scope)))
        except Busy as busy:
            await refused(busy)(scope, receive, send)
            return
        with place:
            await place.come()
            await self.app(scope, receive, send)


def refused(busy: Busy) -> JSONResponse:
    kind = "rate_limit_exceeded" if busy.mine else "server_busy"
    error = {"message": str(busy), "type": kind, "param": None, "code": kind}
    retry = {"Retry-After": str(busy.seconds)}
    return JSONResponse({"error": error}, 429 if busy.mine else 503, headers=retry)

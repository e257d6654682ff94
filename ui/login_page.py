"""The page to log in on, which needs no script, and what it sends."""

import asyncio
import re
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ui import people
from ui.clients import address_of
from ui.html import as_html, page
from ui.login import cookie_name, token_of
from ui.rates import Rate
from ui.sessions import Sessions
from ui.users import User, Users

HEAD = '<link rel="stylesheet" href="byline/login.css">\n'
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # without a referrer, a browser hides the form's origin as well
}
MOST_SENT = 10_000
"""Bytes of the form."""
CHECKS = 2
"""Passwords checked at the same time: each takes a processor, and 64 MB."""

_HERE = re.compile(r"/(?!/)[!-\[\]-~]*")
"""A path of this server, as `next`: no other site's, whatever a browser makes of slashes."""

WRONG = "That is not the name and the password of a user."


def login_routes(users: Users, sessions: Sessions, tries: Rate, *, hours: float) -> APIRouter:
    """`tries` are counted for each address, and for each name."""
    routes = APIRouter()
    checking = asyncio.Semaphore(CHECKS)

    async def checked(name: str, password: str) -> User | None:
        async with checking:
            return await asyncio.to_thread(users.logged_in, name, password)

    @routes.get("/login")
    def shown(request: Request, next: str = "") -> Response:
        name = people.user_of(request)
        return HTMLResponse(logged_in_page(name) if name else login_page(next), headers=HEADERS)

    @routes.post("/login")
    async def log_in(request: Request) -> Response:
        form = await _form(request)
        name, there = form.get("name", ""), form.get("next", "")
        named = f"name {name.strip().casefold()[:100]}"
        if seconds := max(tries.wait(f"address {address_of(request)}"), tries.wait(named)):
            said = f"Too many tries. Please wait {seconds} seconds."
            limited = HEADERS | {"Retry-After": str(seconds)}
            return HTMLResponse(login_page(there, name, said), 429, headers=limited)
        user = await checked(name, form.get("password", ""))
        if user is None:
            return HTMLResponse(login_page(there, name, WRONG), 403, headers=HEADERS)
        tries.forget(named)  # not the address: else whoever has a name could try others' again and again
        sessions.end(token_of(request.scope))
        response = RedirectResponse(request.scope.get("root_path", "") + _here(there), 303, headers=HEADERS)
        _set_cookie(request, response, sessions.begin(user), seconds=int(hours * 3600))
        return response

    @routes.post("/logout")
    def log_out(request: Request) -> Response:
        sessions.end(token_of(request.scope))
        response = RedirectResponse(request.scope.get("root_path", "") + "/login", 303, headers=HEADERS)
        _set_cookie(request, response, "", seconds=0)
        return response

    return routes


def login_page(there: str, name: str = "", problem: str = "") -> str:
    """`there` is where it leads; `problem` says what was wrong with the last try."""
    said = f'<p class="problem" role="alert" id="problem">{as_html(problem)}</p>' if problem else ""
    invalid = ' aria-invalid="true" aria-describedby="problem"' if problem else ""
    content = f"""<h1>Log in</h1>
<form method="post" action="login">
{said}<input type="hidden" name="next" value="{as_html(there)}">
<label for="name">Name</label>
<input id="name" name="name" value="{as_html(name)}" autocomplete="username" autocapitalize="none"
 spellcheck="false" required{invalid}{"" if name else " autofocus"}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required
{invalid}{" autofocus" if name else ""}>
<button type="submit">Log in</button>
</form>"""
    return page("Log in", content, kind="login-page", head=HEAD)


def logged_in_page(name: str) -> str:
    content = f"""<h1>You are logged in as {as_html(name)}</h1>
<form method="post" action="logout">
<p><a href="./">To the chat</a></p>
<button type="submit">Log out</button>
</form>"""
    return page("Log out", content, kind="login-page", head=HEAD)


def _here(there: str) -> str:
    return there if _HERE.fullmatch(there) and not there.startswith(("/login", "/logout")) else "/"


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form that is no longer than it may be; none of one that is."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_SENT:
            return {}
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _set_cookie(request: Request, response: Response, token: str, *, seconds: int) -> None:
    response.set_cookie(
        cookie_name(request.scope),
        token,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )

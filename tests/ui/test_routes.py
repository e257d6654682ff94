"""Every path that there is: those of `routes.txt`; none is served without a login, all have the headers.

After a change that is meant: BYLINE_WRITE=1 python -m pytest tests/ui/test_routes.py
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount

from tests.ui.scripted import scripted_assistant
from ui.app import assemble
from ui.doors.opened import NO_DOORS, Doors
from ui.library import Library
from ui.login import OPEN
from ui.security import HEADERS, refusal
from ui.users import Users
from ui.works import Works

WRITE = "BYLINE_WRITE" in os.environ  # which no test has
ROUTES = Path(__file__).with_name("routes.txt")
DOORS = {"": NO_DOORS, "--api": Doors(api=True), "--mcp": Doors(mcp=True)}
"""Flag of `byline serve` -> the doors that it opens; "" is none."""


def walk(routes: Sequence[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """(method, path) of everything that is routed, mounted applications and all."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        path = before + getattr(route, "path", "")
        if inner is not None:
            yield from walk(inner.routes, before + route.include_context.prefix)
        elif isinstance(route, Mount):
            yield from walk(route.routes, path) if route.routes else [("GET", path + "/{path}")]
        else:
            yield from ((method, path) for method in getattr(route, "methods", None) or ["WEBSOCKET"])


def listed(app: FastAPI, doors: Doors) -> list[str]:
    """A line for each: the method, the path, and whether it is refused before anything of it runs."""
    return sorted(
        {
            f"{method:<9} {path}{'' if served(method, path, doors) else '   (refused)'}"
            for method, path in walk(app.routes)
        },
        key=lambda line: (line.split()[1], line),
    )


def served(method: str, path: str, doors: Doors) -> bool:
    scope = {"type": "http", "method": method, "path": filled(path), "headers": [], "root_path": ""}
    return method != "WEBSOCKET" and refusal(scope, None, doors, login=True) is None


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)[^}]*\}", lambda name: "1" if name[1] == "number" else "x", path)


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Users:
    users = Users(tmp_path_factory.mktemp("routes"))
    users.add("ada", "a lamp in the window")
    return users


def application(users: Users, door: str) -> FastAPI:
    home = users.path.parent
    library = Library(scripted_assistant)  # type: ignore[arg-type]
    return assemble(library, home, Works(home), users=users, doors=DOORS[door])


@pytest.mark.parametrize("door", DOORS)
def test_the_routes_are_those_that_are_written_down(users: Users, door: str) -> None:
    sections = dict(re.findall(r"^# serve(.*)\n((?:[^#\n].*\n)*)", written(), re.MULTILINE))
    found = listed(application(users, door), DOORS[door])
    if WRITE:
        lines = sections | {f" {door}".rstrip(): "".join(f"{line}\n" for line in found)}
        ROUTES.write_text("\n".join(f"# serve{flag}\n{rows}" for flag, rows in lines.items()), "utf-8")
    else:
        assert found == sections[f" {door}".rstrip()].splitlines()


def written() -> str:
    return ROUTES.read_text(encoding="utf-8") if ROUTES.exists() else ""


@pytest.mark.parametrize("door", DOORS)
def test_no_path_is_served_without_a_login_and_each_response_has_the_headers(users: Users, door: str) -> None:
    app = application(users, door)
    client = TestClient(app, follow_redirects=False)
    known = set(walk(app.routes))
    methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}
    tried = known | {(method, path) for method in methods for path in ("/", "/nowhere", "/config", "/login")}
    for method, path in sorted(tried):
        if method == "WEBSOCKET":
            continue
        response = client.request(method, filled(path))
        for name, value in HEADERS.items():
            of_login = path in ("/login", "/logout") and name == "Referrer-Policy"
            meant = (value, "same-origin") if of_login else (value,)
            assert response.headers[name] in meant, (method, path, name)
        assert "default-src 'none'" in response.headers["content-security-policy"], (method, path)
        if not OPEN.fullmatch(f"{method} {filled(path)}"):
            assert response.status_code in (303, 401, 404, 405), (method, path, response.status_code)
            if response.status_code == 303:
                assert response.headers["location"].startswith("/login?next=")


def test_an_error_that_nobody_foresaw_has_the_headers_and_no_detail() -> None:
    def broken() -> Any:
        raise RuntimeError("secret: /home/me")

    app = assemble(Library(scripted_assistant))  # type: ignore[arg-type]
    app.router.routes.insert(0, APIRoute("/broken", broken))
    response = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert response.status_code == 500 and "secret" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"

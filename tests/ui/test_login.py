"""The login: nothing without it, a cookie or a key for it, and few tries."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.ui.scripted import scripted_assistant
from ui.app import assemble, create_app
from ui.library import Library
from ui.login import COOKIE
from ui.settings import ServeSettings
from ui.users import Users

PASSWORD = "a lamp in the window"


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Users:
    users = Users(tmp_path_factory.mktemp("login"))
    for name in ("ada", "bo"):
        users.add(name, PASSWORD)
    return users


@pytest.fixture(scope="module")
def app(users: Users) -> FastAPI:
    serving = ServeSettings(logins_per_minute=1000)
    return assemble(Library(scripted_assistant), users=users, serving=serving)  # type: ignore[arg-type]


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser with no cookie yet, which does not follow redirects by itself."""
    yield TestClient(app, base_url="http://byline.example:7860", follow_redirects=False)


def log_in(client: TestClient, name: str = "ada", password: str = PASSWORD, **more: str) -> int:
    return client.post("/login", data={"name": name, "password": password, **more}).status_code


def test_a_page_leads_to_the_login_and_back(client: TestClient) -> None:
    response = client.get("/article?id=a%20b&start=1")
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2Farticle%3Fid%3Da%2520b%26start%3D1"
    page = client.get(response.headers["location"])
    there = re.search(r'name="next" value="([^"]*)"', page.text)
    assert there is not None and there[1] == "/article?id=a%20b&amp;start=1"
    response = client.post(
        "/login", data={"name": "Ada", "password": PASSWORD, "next": "/article?id=a%20b&start=1"}
    )
    assert (response.status_code, response.headers["location"]) == (303, "/article?id=a%20b&start=1")
    assert client.get("/person").json() == {"name": "ada"}


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: TestClient) -> None:
    cookie = client.post("/login", data={"name": "ada", "password": PASSWORD}).headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax", cookie)


def test_over_https_the_cookie_is_for_https_and_this_host_alone(app: FastAPI) -> None:
    client = TestClient(app, base_url="https://byline.example", follow_redirects=False)
    cookie = client.post("/login", data={"name": "ada", "password": PASSWORD}).headers["set-cookie"]
    assert cookie.startswith(f"__Host-{COOKIE}=") and "Secure" in cookie
    assert client.get("/person").status_code == 200
    value = client.cookies[f"__Host-{COOKIE}"]
    client.cookies.clear()
    assert client.get("/person", headers={"Cookie": f"{COOKIE}={value}"}).status_code == 401


def test_a_wrong_password_and_a_name_that_there_is_not_look_the_same(client: TestClient) -> None:
    pages = []
    for name in ("bo", "nn"):
        response = client.post("/login", data={"name": name, "password": "x"})
        assert response.status_code == 403 and "set-cookie" not in response.headers
        pages.append(response.text.replace(f'value="{name}"', ""))
    assert pages[0] == pages[1]
    assert "That is not the name and the password of a user." in pages[0]


@pytest.mark.parametrize(
    "next",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:x",
        "",
        "x",
        "/login",
        "/ÿ",
    ],
)
def test_it_leads_to_no_other_site(client: TestClient, next: str) -> None:
    response = client.post("/login", data={"name": "ada", "password": PASSWORD, "next": next})
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_a_login_makes_a_new_token_whatever_cookie_there_was(client: TestClient) -> None:
    client.cookies.set(COOKIE, "chosen-by-somebody-else")
    assert client.get("/person").status_code == 401
    log_in(client)
    first = client.cookies.get(COOKIE, domain="byline.example")
    assert first != "chosen-by-somebody-else"
    client.cookies.clear()
    client.cookies.set(COOKIE, first or "")
    log_in(client)
    client.cookies.clear()
    assert client.get("/person", headers={"Cookie": f"{COOKIE}={first}"}).status_code == 401


def test_a_logout_ends_it_on_the_server(client: TestClient) -> None:
    log_in(client)
    token = client.cookies[COOKIE]
    assert "logged in as ada" in client.get("/login").text
    response = client.post("/logout")
    assert (response.status_code, response.headers["location"]) == (303, "/login")
    assert client.get("/person", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}]
)
@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_another_site_logs_nobody_in_or_out(client: TestClient, path: str, headers: dict[str, str]) -> None:
    form = {"name": "ada", "password": PASSWORD}
    assert client.post(path, data=form, headers=headers).status_code == 403


def test_a_key_is_as_good_as_a_login(client: TestClient, users: Users) -> None:
    key = users.new_key("bo")
    assert client.get("/person", headers={"Authorization": f"Bearer {key}"}).json() == {"name": "bo"}
    for wrong in (key[:-1], key + "x", "", "byline_", users.all()["bo"].key):
        response = client.get("/person", headers={"Authorization": f"Bearer {wrong}"})
        assert response.status_code == 401 and response.headers["www-authenticate"] == "Bearer"
    log_in(client)
    assert client.get("/person", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/person", headers={"Authorization": f"Basic {key}"}).json() == {"name": "ada"}


@pytest.mark.parametrize(
    ("path", "kept"), [("/", "private, no-cache"), ("/config", "private, no-cache"), ("/person", "no-store")]
)
def test_what_is_said_to_one_person_is_kept_by_no_cache_for_others(
    client: TestClient, path: str, kept: str
) -> None:
    log_in(client)
    assert client.get(path).headers["Cache-Control"] == kept


def test_who_is_removed_is_out_at_once(client: TestClient, users: Users) -> None:
    users.add("cy", PASSWORD)
    assert log_in(client, "cy") == 303 and client.get("/person").status_code == 200
    users.remove("cy")
    assert client.get("/person").status_code == 401
    assert log_in(client, "cy") == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"name",
        b"\xff\xfe",
        b"name=ada&password=" + b"x" * 20_000,
        b"&".join([b"a=b"] * 2000),
        b"name=ada;password=x",
    ],
)
def test_a_form_that_is_none_logs_nobody_in(client: TestClient, body: bytes) -> None:
    response = client.post(
        "/login", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert response.status_code == 403


def test_what_was_typed_is_shown_as_it_is(client: TestClient) -> None:
    hostile = '"><script>window.ran=1</script>'
    page = client.post("/login", data={"name": hostile, "password": "x", "next": hostile}).text
    assert "<script" not in page and page.count("&quot;&gt;&lt;script&gt;") == 2


def test_tries_are_few_for_one_name_and_for_one_address(users: Users) -> None:
    serving = ServeSettings(logins_per_minute=3)
    app = assemble(Library(scripted_assistant), users=users, serving=serving)  # type: ignore[arg-type]
    one, other, third = (
        TestClient(app, client=(address, 1), follow_redirects=False)
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3")
    )
    assert [log_in(one, "bo", "x") for _ in range(3)] == [403, 403, 403]
    response = one.post("/login", data={"name": "ada", "password": PASSWORD})
    assert response.status_code == 429 and 1 <= int(response.headers["retry-after"]) <= 60
    assert "Too many tries. Please wait" in response.text
    assert log_in(other, "bo") == 429  # as that name, from elsewhere
    assert log_in(other, "ada") == 303
    assert log_in(other, "BO ") == 429
    assert log_in(other, "ada") == 429  # the third try from there
    assert [log_in(third, f"n{n}", "x") for n in range(4)] == [403, 403, 403, 429]


def test_a_file_of_users_that_breaks_while_serving_lets_nobody_in(users: Users, app: FastAPI) -> None:
    client = TestClient(app, follow_redirects=False)
    log_in(client)
    kept = users.path.read_bytes()
    users.path.write_text("{}", encoding="utf-8")
    try:
        assert client.get("/").status_code == 503 and client.get("/login").status_code == 503
    finally:
        users.path.write_bytes(kept)
    assert client.get("/person").status_code == 200
    users.path.unlink()
    try:
        assert client.get("/").status_code == 303
    finally:
        users.path.write_bytes(kept)


def test_a_library_with_users_asks_for_a_login_wherever_it_is_served(users: Users, tmp_path: Path) -> None:
    library = users.path.parent
    assert TestClient(create_app(library)).get("/person").status_code == 401
    assert TestClient(create_app(library, login=False)).get("/person").json() == {"name": ""}
    assert TestClient(create_app(tmp_path)).get("/person").json() == {"name": ""}


def test_conversations_belong_to_who_is_logged_in(client: TestClient, app: FastAPI) -> None:
    log_in(client)
    assert client.put("/conversations/1/scope", json={"sites": ["a.example"]}).status_code == 200
    other = TestClient(app, base_url="http://byline.example:7860")
    log_in(other, "bo")
    assert (
        json.loads(client.get("/conversations/1").text)["scope"]
        != other.get("/conversations/1").json()["scope"]
    )

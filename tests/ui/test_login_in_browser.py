"""The login in a browser: the page, two people with conversations of their own, the end of a login."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import serving
from tests.ui.scripted import scripted_assistant
from tests.ui.test_page_in_browser import ask, finished
from ui.app import assemble
from ui.library import Library
from ui.settings import ServeSettings
from ui.users import Users

pytestmark = pytest.mark.browser

PASSWORD = "a lamp in the window"


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Users:
    users = Users(tmp_path_factory.mktemp("login"))
    for name in ("ada", "bo"):
        users.add(name, PASSWORD)
    return users


@pytest.fixture(scope="module")
def guarded(users: Users) -> Iterator[str]:
    with serving(assemble(Library(scripted_assistant), users=users)) as url:  # type: ignore[arg-type]
        yield url


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_two_people_see_their_own_conversations_and_no_others(
    new_context: Callable[..., BrowserContext], guarded: str
) -> None:
    pages = []
    for name, question in (("ada", "When did it start?"), ("bo", "Are you sure?")):
        page = new_context().new_page()
        page.goto(guarded)
        log_in(page, name)
        expect(page.get_by_role("link", name=f"Logged in as {name}: log out")).to_be_visible()
        ask(page, question)
        finished(page)
        pages.append(page)
    for page, own in zip(pages, ("When did it start?", "Are you sure?"), strict=True):
        page.reload()
        expect(page.get_by_test_id("user")).to_have_text([own])
        expect(page.get_by_role("navigation", name="Conversations").get_by_role("link")).to_have_text([own])
    pages[1].goto(pages[0].url)  # an id that somebody else has is nobody's
    expect(pages[1].get_by_text("Ask your articles").first).to_be_visible()
    expect(pages[1].get_by_test_id("user")).to_have_count(0)


def test_one_question_too_many_is_told_so_and_stays_in_its_box(
    new_context: Callable[..., BrowserContext], users: Users
) -> None:
    few = ServeSettings(questions_per_minute=1)
    with serving(assemble(Library(scripted_assistant), users=users, serving=few)) as url:  # type: ignore[arg-type]
        page = new_context().new_page()
        page.goto(url)
        log_in(page, "bo")
        ask(page, "Who is the pope?")
        finished(page)
        page.get_by_label("Your question").fill("And who was it?")
        page.get_by_label("Your question").press("Enter")
        expect(page.get_by_text("You have asked as many questions as fit in a minute: 1.")).to_be_visible()
        expect(page.get_by_label("Your question")).to_have_value("And who was it?")
        expect(page.get_by_test_id("user")).to_have_text(["Who is the pope?"])
        page.context.close()


def test_a_wrong_password_is_said_and_a_right_one_leads_where_one_wanted_to_go(
    new_context: Callable[..., BrowserContext], guarded: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{guarded}library?sort=title")
    log_in(page, "ada", "not her password")
    expect(page.get_by_role("alert")).to_have_text("That is not the name and the password of a user.")
    expect(page.get_by_label("Name")).to_have_value("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page).to_have_url(f"{guarded}library?sort=title")


def test_a_logout_leads_every_open_page_to_the_login(
    new_context: Callable[..., BrowserContext], guarded: str
) -> None:
    context = new_context()
    page, other = context.new_page(), context.new_page()
    page.goto(guarded)
    log_in(page, "ada")
    other.goto(guarded)
    expect(other.get_by_label("Your question")).to_be_visible()
    page.get_by_role("link", name="Logged in as ada: log out").click()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{guarded}login")
    expect(other.get_by_role("button", name="Log in")).to_be_visible(timeout=20_000)  # it asks now and then


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_with_the_login_page(
    new_context: Callable[..., BrowserContext], guarded: str, scheme: str, tmp_path: Path
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    violations: list[str] = []
    page.on("console", lambda message: violations.append(message.text))
    page.goto(f"{guarded}login")
    expect(page.get_by_label("Name")).to_be_focused()
    assert Axe().run(page).response["violations"] == []
    log_in(page, "ada", "wrong")
    page.get_by_role("alert").wait_for()
    assert Axe().run(page).response["violations"] == []
    assert [text for text in violations if "403" not in text] == []

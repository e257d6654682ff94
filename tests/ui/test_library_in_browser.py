"""The library page over a real library: articles are added, looked for, asked about and removed, while others
keep asking. Nothing is scripted."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from index import build
from tests.ui.conftest import serving
from ui.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NewContext = Callable[..., BrowserContext]

LAMP = (
    "---\ntitle: The harbour lamp\ndate: 2024-05-01\nsite: The Quay\nauthor: Ada Lind\n---\n\n"
    "Ada Lind lit the harbour lamp on Monday. It burned for nine hours, and the keeper slept in his chair.\n"
)
CLOCK = (
    "---\ntitle: The station clock\ndate: 2024-07-09\nsite: The Rail\n---\n\n"
    "Bo Sand wound the station clock on Friday. It stopped after two minutes, and nobody missed a train.\n"
)
PAGE = (
    "<html><head><title>The ferry</title><meta property='article:published_time' content='2024-08-02'></head>"
    "<body><article><h1>The ferry</h1><p>The ferry Halcyon sank in eleven minutes, and all ninety people "
    "were taken off by fishing boats before the light had gone.</p></article></body></html>"
)


class Web(BaseHTTPRequestHandler):
    """A site with one page; the rest is not there."""

    def do_GET(self) -> None:
        there = self.path == "/ferry"
        self.send_response(200 if there else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode() if there else b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of a lamp, its copy on another site, and a clock, in a person's own folder."""
    folder = tmp_path_factory.mktemp("home")
    own = folder / "own"
    own.mkdir()
    (own / "lamp.md").write_text(LAMP, encoding="utf-8")
    (own / "copy.md").write_text(LAMP.replace("The Quay", "The Wire").replace("05-01", "05-02"), "utf-8")
    (own / "clock.md").write_text(CLOCK, encoding="utf-8")
    build([own], library=folder / "library")
    return folder


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with serving(create_app(home / "library", allow_private=True)) as url:
        yield url


def listed(page: Page) -> list[str]:
    return page.locator(".articles tbody td:nth-child(2) > a").all_inner_texts()


def figure(page: Page, name: str) -> str:
    return page.locator(".figures div", has_text=name).locator("dd").inner_text()


def test_articles_are_searched_filtered_and_sorted(new_context: NewContext, site: str) -> None:
    page = new_context().new_page()
    page.goto(f"{site}library")
    expect(page.get_by_text("3 articles")).to_be_visible()
    assert listed(page) == ["The station clock", "The harbour lamp", "The harbour lamp"]  # the newest first
    assert (figure(page, "duplicates"), figure(page, "sites")) == ("1", "3")
    expect(page.get_by_role("img", name="May 2024 to July 2024")).to_be_visible()
    assert page.locator("svg rect title").all_text_contents() == ["May 2024: 2", "July 2024: 1"]
    page.get_by_role("link", name="Title").click()
    expect(page.locator("th[aria-sort]")).to_have_text("Title ↑")
    assert listed(page)[-1] == "The station clock"
    page.get_by_label("Search").press_sequentially("ada lind")
    expect(page.get_by_text("2 articles")).to_be_visible()
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_role("combobox", name="Site").select_option("The Quay")
    expect(page.locator(".counted")).to_have_text("1 article")
    page.reload()  # the address says what is looked at
    expect(page.locator(".counted")).to_have_text("1 article")
    page.go_back()
    expect(page.locator(".counted")).to_have_text("2 articles")
    page.goto(f"{site}library")
    page.get_by_role("combobox", name="Status").select_option("Duplicates")
    expect(page.locator(".counted")).to_have_text("1 article")
    expect(page.locator(".flag")).to_have_text("Copy of “The harbour lamp”")
    page.get_by_role("combobox", name="Status").select_option("")
    expect(page.locator(".counted")).to_have_text("3 articles")
    page.get_by_label("Until").fill("2024-05-02")
    expect(page.locator(".counted")).to_have_text("2 articles")
    assert listed(page) == ["The harbour lamp", "The harbour lamp"]
    page.get_by_label("Until").fill("")
    expect(page.locator(".counted")).to_have_text("3 articles")
    page.get_by_label("Since").fill("2024-06-01")
    expect(page.locator(".counted")).to_have_text("1 article")
    page.get_by_role("link", name="The station clock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The station clock")


@contextmanager
def held_up(page: Page, path: str) -> Iterator[list[str]]:
    """What the page asks for below `path` meanwhile, and gets only afterwards."""
    waiting: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        waiting.append(route)
        asked.append(route.request.url)

    page.route(f"**/{path}*", hold)
    yield asked
    for route in waiting:
        route.continue_()
    page.unroute(f"**/{path}*", hold)


def test_what_is_typed_and_chosen_while_a_list_is_on_its_way_is_not_lost(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{site}library")
    search = page.get_by_label("Search")
    with held_up(page, "library?") as asked:
        page.get_by_role("combobox", name="Site").select_option("The Quay")
        while not asked:
            page.wait_for_timeout(10)
        search.press_sequentially("har")
        search.evaluate("input => input.typed = true")
    expect(page.locator(".counted")).to_have_text("1 article")
    expect(search).to_be_focused()
    page.keyboard.type("bour")
    expect(search).to_have_value("harbour")
    page.wait_for_url("**/*match=harbour*")
    assert listed(page) == ["The harbour lamp"]
    assert search.evaluate("input => input.typed"), "the field that is typed in stays where it is"
    page.get_by_role("link", name="Title").click()
    page.wait_for_url("**/*match=harbour*sort=title*")
    expect(page.get_by_role("combobox", name="Site")).to_have_value("The Quay")
    page.go_back()
    page.go_back()
    page.go_back()
    expect(page.locator(".counted")).to_have_text("3 articles")
    expect(search).to_have_value("")


def test_a_list_that_comes_late_does_not_take_the_place_of_a_newer_one(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{site}library")
    late: list[Route] = []
    page.route("**/library?*", lambda route: route.continue_() if late else late.append(route))
    chosen = page.get_by_role("combobox", name="Site")
    chosen.select_option("The Quay")
    while not late:
        page.wait_for_timeout(10)
    chosen.select_option("The Rail")
    expect(page.locator(".counted")).to_have_text("1 article")
    with page.expect_response(late[0].request.url):
        late[0].continue_()
    page.wait_for_timeout(300)
    assert listed(page) == ["The station clock"]
    expect(chosen).to_have_value("The Rail")


def test_what_is_chosen_before_the_page_is_whole_is_not_lost(new_context: NewContext, site: str) -> None:
    page = new_context().new_page()
    with held_up(page, "byline/library.js"):
        page.goto(f"{site}library", wait_until="commit")
        page.get_by_role("combobox", name="Status").select_option("Duplicates")
    expect(page.locator(".counted")).to_have_text("1 article")
    expect(page.locator(".flag")).to_have_text("Copy of “The harbour lamp”")


def test_files_may_be_dropped_anywhere_and_a_folder_is_refused_in_words(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    page.goto(f"{site}library")
    kept = page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["It rained."], "rain.md"));
          data.items.add(new File([""], "letters"));
          DataTransferItem.prototype.webkitGetAsEntry = function () {
            return { name: this.getAsFile().name, isDirectory: this.getAsFile().name === "letters" };
          };
          const drop = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
          document.querySelector("#list").dispatchEvent(drop);
          return drop.defaultPrevented;
        }"""
    )
    assert kept, "the browser does not leave the page to show the file"
    expect(page.locator("#drop .hint")).to_have_text("rain.md")
    expect(page.locator("#work")).to_contain_text("letters: a folder. Drop the files in it")


def test_articles_are_added_while_another_page_keeps_asking(
    new_context: NewContext, site: str, web: str, home: Path
) -> None:
    asking = new_context().new_page()
    asking.goto(site)
    expect(asking.get_by_text("3 articles")).to_be_visible(timeout=20_000)
    page = new_context().new_page()
    page.goto(f"{site}library")
    dropped = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["# The gull\\n\\nA gull took the mayor's hat on Sunday and flew to sea."],
            "../../gull.md"));
          data.items.add(new File(["not an article"], "program.exe"));
          return data;
        }"""
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    expect(page.locator("#drop")).to_contain_text("gull.md")
    page.get_by_label("Addresses").fill(f"{web}/ferry\n{web}/nowhere")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#work progress")).to_be_visible()
    expect(asking.get_by_text("3 articles · Adding articles…")).to_be_visible(timeout=20_000)
    asking.get_by_label("Your question").fill("Who wound the station clock?")
    asking.get_by_label("Your question").press("Enter")
    expect(asking.get_by_test_id("bot")).to_contain_text("Bo Sand wound the station clock", timeout=30_000)
    work = page.locator("#work")
    expect(work).to_contain_text("Done: 2 added, 1 failed.", timeout=60_000)
    expect(work).to_contain_text(f"{web}/nowhere: ")
    expect(work).to_contain_text("program.exe: 'program.exe' is not read.")
    expect(page.locator(".counted")).to_have_text("5 articles")
    assert {"The gull", "The ferry"} <= set(listed(page))
    assert [path.name for path in (home / "library" / "added").iterdir()] == ["gull.md"]
    failed = page.get_by_role("region", name="Could not be read")
    expect(failed.first).to_contain_text(f"{web}/nowhere")
    expect(asking.get_by_text("5 articles")).to_be_visible(timeout=20_000)
    asking.get_by_label("Your question").fill("What did the gull take on Sunday?")
    asking.get_by_label("Your question").press("Enter")
    expect(asking.get_by_test_id("bot").last).to_contain_text("the mayor's hat", timeout=30_000)
    page.get_by_role("button", name="Rebuild from all sources").click()
    expect(work).to_contain_text("Nothing has changed.", timeout=60_000)
    expect(failed).to_have_count(0)


def test_chosen_articles_are_asked_about(new_context: NewContext, site: str) -> None:
    page = new_context().new_page()
    page.goto(f"{site}library")
    page.get_by_label("Choose The station clock").check()
    expect(page.get_by_text("1 article chosen")).to_be_visible()
    page.get_by_role("button", name="Ask about these").click()
    expect(page.get_by_text("Answers come from 1 article")).to_be_visible()
    page.get_by_label("Your question").fill("Who lit the harbour lamp on Monday?")
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#chat hr")).to_be_visible(timeout=30_000)
    sources = page.get_by_test_id("bot").get_by_role("listitem").all_inner_texts()
    assert all("The station clock" in source for source in sources)


def test_what_is_removed_is_gone_and_stays_away(new_context: NewContext, site: str, home: Path) -> None:
    page = new_context().new_page()
    page.goto(f"{site}library")
    before = len(listed(page))
    for title in ("The gull", "The station clock"):
        page.get_by_label(f"Choose {title}").check()
    page.get_by_role("button", name="Remove…").click()
    dialog = page.get_by_role("dialog", name="Remove 2 articles?")
    expect(dialog.get_by_role("listitem")).to_have_text(["The gull", "The station clock"])
    dialog.get_by_role("button", name="Remove").click()
    expect(page.locator(".counted")).to_have_text(f"{before - 2} articles", timeout=60_000)
    assert not {"The gull", "The station clock"} & set(listed(page))
    assert (home / "own" / "clock.md").exists()
    assert list((home / "library" / "added").iterdir()) == []
    page.get_by_role("button", name="Rebuild from all sources").click()
    expect(page.locator("#work")).to_contain_text("Nothing has changed.", timeout=60_000)
    expect(page.locator(".counted")).to_have_text(f"{before - 2} articles")

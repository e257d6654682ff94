"""Feeds and pages that are pasted into the library page, and what a person sees of one that is gone: a real
server of pages, a real library, nothing scripted."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import serving
from ui.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(1800)]  # many builds
PATIENCE = 600_000
"""Milliseconds for one of them."""

NewContext = Callable[..., BrowserContext]

BELL = (
    "<html><head><title>The bell of Vell</title></head><body><article><h1>The bell of Vell</h1><p>The bell "
    "of Vell was cast by Imma Roth in eleven days, and it cracked in the first frost of the year after.</p>"
    "<p>Nobody has rung it since, but for the boys who throw stones at it.</p></article></body></html>"
)
FEED = """<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Vell Courier</title><link>{site}/</link>
<item><title>Geese on the ice</title><link>{site}/geese</link><pubDate>Mon, 03 Mar 2025 08:00:00 GMT</pubDate>
<content:encoded><![CDATA[<p>Forty geese stood on the ice of Lake Orrin on Monday, and the baker Tilde Maas
fed them with the rolls of the day before.</p><p>They left before noon.</p>]]></content:encoded></item>
<item><title>The bell of Vell</title><link>{site}/bell</link><pubDate>Tue, 04 Mar 2025 08:00:00 GMT</pubDate>
<description>Who cast it?</description></item>
</channel></rss>"""


class Site:
    """Serves what is in `pages`; the rest is not there. `/slow` is not answered before it is `over`."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.over = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/slow":
                    site.over.wait()
                body = site.pages.get(self.path)
                kind = "application/rss+xml" if self.path.endswith(".xml") else "text/html"
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.end_headers()
                self.wfile.write((body or "").encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def open_site() -> Iterator[Site]:
    site = Site()
    threading.Thread(target=site.server.serve_forever, daemon=True).start()
    yield site
    site.over.set()
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def page(new_context: NewContext, tmp_path: Path) -> Iterator[Page]:
    """The library page of a library that does not exist yet."""
    with serving(create_app(tmp_path / "library", allow_private=True)) as url:
        page = new_context().new_page()
        page.goto(f"{url}library")
        yield page


def add(page: Page, address: str) -> None:
    page.get_by_label("Addresses").fill(address)
    page.get_by_role("button", name="Add", exact=True).click()


def said(page: Page, text: str) -> None:
    expect(page.locator("#work")).to_contain_text(text, timeout=PATIENCE)


def row(page: Page, title: str) -> str:
    line = page.locator(".articles tbody tr", has=page.get_by_role("link", name=title))
    return line.inner_text()


def ask(page: Page, question: str) -> None:
    page.get_by_role("link", name="Byline").click()
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#chat hr")).to_be_visible(timeout=PATIENCE)


def test_the_articles_of_a_pasted_feed_are_listed_with_their_days_and_answer(page: Page) -> None:
    expect(page.get_by_text("No articles yet.")).to_be_visible()
    with open_site() as site:
        site.pages = {"/feed.xml": FEED.format(site=site.url), "/bell": BELL}
        add(page, f"{site.url}/feed.xml")
        said(page, "Done: 2 added.")
        expect(page.locator(".counted")).to_have_text("2 articles")
        assert "3 March 2025" in row(page, "Geese on the ice")
        assert "4 March 2025" in row(page, "The bell of Vell")
        expect(page.get_by_label("Addresses")).to_have_value("")
        ask(page, "Who fed the geese on Lake Orrin?")
        expect(page.get_by_test_id("bot")).to_contain_text("Tilde Maas")
        page.locator("#chat").get_by_role("link", name="Quotation 1", exact=True).first.click()
        expect(page.locator("#article-pane mark").first).to_contain_text("the baker Tilde Maas")
        page.get_by_role("link", name="Library").click()
        newer = (
            "<item><title>A new mayor</title><link>{site}/mayor</link><description>Soon.</description></item>"
        )
        feed = FEED.replace("</channel>", f"{newer}</channel>").format(site=site.url)
        site.pages |= {"/feed.xml": feed, "/mayor": BELL.replace("bell of Vell", "mayor of Vell")}
        page.get_by_role("button", name="Rebuild from all sources").click()
        said(page, "Done: 1 added.")
        expect(page.locator(".counted")).to_have_text("3 articles")


def test_an_article_whose_page_is_gone_is_flagged_with_the_reason_and_goes_on_answering(page: Page) -> None:
    with open_site() as site:
        site.pages = {"/bell": BELL}
        add(page, f"{site.url}/bell")
        said(page, "Done: 1 added.")
        site.pages = {}
        page.get_by_role("button", name="Rebuild from all sources").click()
        said(page, "Done: 1 stale, 1 failed.")
        expect(page.locator(".flag")).to_contain_text("Stale: ")
        reason = page.locator(".flag").inner_text().removeprefix("Stale: ")
        assert "404" in reason
        expect(page.locator("#work li")).to_have_text(f"{site.url}/bell: {reason}")
        expect(page.locator(".figures div", has_text="stale").locator("dd")).to_have_text("1")
        page.get_by_role("combobox", name="Status").select_option("Failed sources")
        expect(page.locator(".failed tbody tr")).to_contain_text(reason)
        page.get_by_role("combobox", name="Status").select_option("Stale")
        expect(page.locator(".counted")).to_have_text("1 article")
        ask(page, "Who cast the bell of Vell?")
        expect(page.get_by_test_id("bot")).to_contain_text("Imma Roth")
        page.go_back()
        expect(page.get_by_role("combobox", name="Status")).to_have_value("stale")
        site.pages = {"/bell": BELL}
        page.get_by_role("button", name="Rebuild from all sources").click()
        expect(page.get_by_text("No such article.")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("combobox", name="Status").select_option("")
        expect(page.get_by_role("link", name="The bell of Vell")).to_be_visible()
        expect(page.locator(".flag")).to_have_count(0)


def test_what_was_under_way_when_the_server_ended_is_not_shown_as_going_on(
    new_context: NewContext, tmp_path: Path
) -> None:
    page = new_context().new_page()
    with open_site() as site:
        with serving(create_app(tmp_path / "library", allow_private=True)) as url:
            page.goto(f"{url}library")
            add(page, f"{site.url}/slow")
            expect(page.locator("#work progress")).to_be_visible()
        with serving(create_app(tmp_path / "library", allow_private=True), urlsplit(url).port or 0):
            said(page, "The server was started anew: what was under way has ended.")
            expect(page.locator("#work progress")).to_have_count(0)

"""Conversations that are kept: found again, searched, named, taken away, deleted; each person's own; across a
restart of the server."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.scripted import FIRST, LATER, ScriptedAssistant
from tests.ui.test_page_in_browser import ask, finished, marker
from ui.app import Server, assemble
from ui.library import Library

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]


def titles(page: Page) -> list[str]:
    return page.get_by_role("navigation", name="Conversations").get_by_role("link").all_inner_texts()


def asked(page: Page, *questions: str) -> None:
    for question in questions:
        ask(page, question)
        finished(page)


@contextmanager
def on_port(port: int, assistant: ScriptedAssistant, home: Path) -> Iterator[int]:
    """The application at a port of this machine; 0 is any."""
    app = assemble(Library(lambda: assistant), home)  # type: ignore[arg-type, return-value]
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=2)
        server = Server(config, "", open_browser=False, on_ready=None)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def test_conversations_are_listed_searched_and_opened_again(new_context: NewContext, site: str) -> None:
    page = new_context().new_page()
    page.goto(site)
    expect(page.get_by_text("What you ask is kept here.")).to_be_visible()
    asked(page, "When did it start?", "Are you sure?")
    page.get_by_role("button", name="New conversation").click()
    asked(page, "Who is the pope?")
    expect(page.get_by_role("navigation", name="Conversations").get_by_role("link")).to_have_text(
        ["Who is the pope?", "When did it start?"]
    )
    page.get_by_label("Search conversations").fill("HARDLY monday")  # of two of its answers
    expect(page.get_by_role("navigation", name="Conversations").get_by_role("link")).to_have_text(
        ["When did it start?"]
    )
    page.get_by_role("link", name="When did it start?").click()
    expect(page.get_by_test_id("user")).to_have_text(["When did it start?", "Are you sure?"])
    expect(page.get_by_test_id("bot").first).to_contain_text("on Monday")
    page.get_by_label("Search conversations").fill("never said")
    expect(page.get_by_text("No conversation has these words.")).to_be_visible()
    page.get_by_label("Search conversations").fill("")
    expect(page.get_by_role("link", name="Who is the pope?")).to_be_visible()
    page.go_back()
    expect(page.get_by_test_id("user")).to_have_text(["Who is the pope?"])


def test_a_conversation_is_named_taken_away_and_deleted(new_context: NewContext, site: str) -> None:
    page = new_context(accept_downloads=True).new_page()
    page.goto(site)
    asked(page, "When did it start?")
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("button", name="Like", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Options of “When did it start?”").click()
    dialog = page.get_by_role("dialog", name="Conversation")
    dialog.get_by_label("Title").fill("The turbine")
    dialog.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("link", name="The turbine")).to_be_visible()
    page.get_by_role("button", name="Options of “The turbine”").click()

    with page.expect_download() as download:
        dialog.get_by_role("link", name="Export as JSON").click()
    assert download.value.suggested_filename == "the-turbine.json"
    exported = json.loads(download.value.path().read_text(encoding="utf-8"))
    (exchange,) = exported["exchanges"]
    assert exchange["rating"] == "like"
    assert [
        (each["quote"], each["start"], each["end"], each["link"]) for each in exchange["answer"]["citations"]
    ] == [(each.quote, each.start, each.end, each.link) for each in (FIRST, LATER)]

    with page.expect_download() as download:
        dialog.get_by_role("link", name="Export as Markdown").click()
    markdown = download.value.path().read_text(encoding="utf-8")
    assert markdown.startswith("# The turbine\n\n## When did it start?\n\nThe Puffin turbine")
    assert "1. “The Puffin turbine began to turn on Monday.”" in markdown
    assert f"<{FIRST.link}>" in markdown and "Liked." in markdown

    dialog.get_by_role("button", name="Delete…").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("What you ask is kept here.")).to_be_visible()
    expect(page.get_by_test_id("user")).to_have_count(0)


def test_two_people_see_only_their_own_conversations(
    new_context: NewContext, site: str, assistant: ScriptedAssistant
) -> None:
    one, other = (new_context(extra_http_headers={"X-Person": name}).new_page() for name in ("Ada", "Bo"))
    one.goto(site)
    ask(one, "Tell me at length")
    expect(one.get_by_test_id("bot")).to_contain_text("turned 1 times")
    other.goto(one.url)  # even by the very address
    expect(other.get_by_text("What you ask is kept here.")).to_be_visible()
    asked(other, "What did they ask?")
    expect(finished(other)).to_contain_text("You asked: What did they ask?")
    assert assistant.asked[-1] == ("What did they ask?", ())
    assert titles(other) == ["What did they ask?"]
    assert "at length" not in other.locator("body").inner_text()
    expect(one.get_by_role("button", name="Stop")).to_be_visible()
    assert titles(one) == ["Tell me at length"]
    assert "What did they ask?" not in one.locator("body").inner_text()
    one.get_by_role("button", name="Stop").click()
    finished(one)
    one.reload()
    expect(one.get_by_test_id("user")).to_have_text(["Tell me at length"])


def test_a_page_that_is_open_across_a_restart_goes_on_and_so_do_its_conversations(
    new_context: NewContext, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    page = new_context().new_page()
    with on_port(0, assistant, tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        asked(page, "When did it start?")
        page.get_by_role("button", name="New conversation").click()
        ask(page, "Tell me at length")
        expect(page.get_by_test_id("bot")).to_contain_text("turned 3 times")
    expect(page.get_by_text("The server cannot be reached.")).to_be_visible(timeout=15_000)
    with on_port(port, assistant, tmp_path):
        expect(page.get_by_text("2 articles")).to_be_visible(timeout=20_000)
        page.get_by_role("link", name="When did it start?").click()
        expect(page.get_by_test_id("bot")).to_contain_text("on Monday")
        marker(page, 1).click()
        expect(page.locator("#article-pane mark").first).to_have_text(FIRST.quote)
        page.keyboard.press("Escape")
        ask(page, "Are you sure?")
        expect(finished(page)).to_contain_text("Hardly.")
        assert [turn.question for turn in assistant.asked[-1][1]] == ["When did it start?"]
        page.get_by_role("link", name="Tell me at length").click()
        expect(finished(page)).to_contain_text("turned 3 times")
        expect(finished(page)).to_contain_text("The server was stopped while this was answered.")
        page.get_by_role("button", name="Retry").click()
        expect(page.get_by_test_id("bot")).to_contain_text("turned 5 times")
        expect(page.get_by_test_id("bot")).not_to_contain_text("The server was stopped")
        page.get_by_role("button", name="Stop").click()
        finished(page)

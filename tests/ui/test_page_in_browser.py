"""The page as a person uses it, in Chromium: ask, read, check at the source."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, expect

from index import Filter
from index.errors import LibraryNotFound
from qa import Assistant, Turn
from tests.ui.conftest import serving
from tests.ui.scripted import (
    FIRST,
    HOSTILE_WORDS,
    LATER,
    PUFFIN,
    SCRIPTS,
    Script,
    ScriptedAssistant,
    quoted,
)
from ui.app import assemble
from ui.library import Library
from ui.render import address

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    expect(page.get_by_label("Your question")).to_have_value("")


def finished(page: Page) -> Locator:
    """The last answer, once it is finished."""
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    return page.get_by_test_id("bot").last


def marker(page: Page, number: int) -> Locator:
    return page.locator("#chat").get_by_role("link", name=f"Quotation {number}", exact=True).first


def pane(page: Page) -> Locator:
    return page.locator("#article-pane")


def marked(page: Page) -> str:
    """The words that are marked in the pane, paragraphs joined as they are in the article."""
    expect(pane(page).locator("mark").first).to_be_in_viewport()
    return "\n\n".join(pane(page).locator("mark").all_text_contents())


def test_an_answer_streams_and_ends_with_its_sources(page: Page) -> None:
    ask(page, "Tell me at length")
    answer = page.get_by_test_id("bot")
    expect(answer).to_contain_text("turned 2 times")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")
    assert "turned 99 times" not in answer.inner_text()
    page.get_by_role("button", name="Stop").click()
    finished(page)
    ask(page, "When did it start?")
    answer = finished(page)
    expect(answer).to_contain_text("The Puffin turbine began to turn on Monday.")
    expect(answer.get_by_role("listitem")).to_have_text(
        "1 Sea power: the *Puffin* turbine starts · The Harbour Post · 14 March 2025 · also 2"
    )
    expect(answer).to_contain_text("Very likely the answer (92%).")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#announcement")).to_have_text(
        "The Puffin turbine began to turn on Monday.1 “… She had cried”2"
    )


def test_example_questions_are_asked_by_a_click_and_go_once_a_conversation_has_begun(page: Page) -> None:
    page.get_by_role("button", name="Select example 1: When did it start?").click()
    expect(finished(page)).to_contain_text("on Monday")
    expect(page.get_by_test_id("user")).to_have_text("When did it start?")
    expect(page.get_by_role("button", name="Select example")).to_have_count(0)


def test_a_marker_opens_its_article_while_the_answer_still_streams(page: Page) -> None:
    ask(page, "Tell me at length")
    while (box := marker(page, 1).bounding_box()) is None:
        pass  # each piece of the answer takes the marker's place: there is none for a moment
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(250)  # a person's click; the message is replaced meanwhile
    page.mouse.up()
    assert "🐦" in PUFFIN.text[: FIRST.start]
    assert marked(page) == FIRST.quote
    expect(pane(page)).to_contain_text("By Ida Holm, Per Sand · The Harbour Post · 14 March 2025")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(marker(page, 1)).to_have_attribute("aria-current", "true")


def test_each_marker_opens_its_own_quotation_even_across_paragraphs(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 2).click()
    assert marked(page) == LATER.quote
    marker(page, 1).click()
    expect(pane(page).get_by_text("Quotation 1 of 2")).to_be_visible()
    assert marked(page) == FIRST.quote
    page.get_by_test_id("bot").get_by_role("link", name="Sea power").click()
    assert marked(page) == FIRST.quote
    link = pane(page).get_by_role("link", name="Open the page at these words")
    assert link.get_attribute("href") == FIRST.link
    assert link.get_attribute("target") == "_blank"


def test_nothing_moves_when_the_article_opens(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    before = marker(page, 2).bounding_box(), page.locator("h1").bounding_box()
    marker(page, 2).click()
    marked(page)
    assert (marker(page, 2).bounding_box(), page.locator("h1").bounding_box()) == before


def test_by_keyboard_enter_opens_and_escape_closes_and_gives_the_focus_back(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 2).focus()
    page.keyboard.press("Enter")
    assert marked(page) == LATER.quote
    expect(pane(page).get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")  # once too often: it must not leave the page
    expect(pane(page).locator("article")).to_have_count(0)
    expect(marker(page, 2)).to_be_focused()


def test_the_focus_stays_on_a_marker_while_the_answer_streams(page: Page) -> None:
    ask(page, "Tell me at length")
    marker(page, 1).focus()
    expect(page.get_by_test_id("bot")).to_contain_text("turned 9 times")
    expect(marker(page, 1)).to_be_focused()


def test_by_keyboard_the_arrows_lead_from_quotation_to_quotation(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 1).focus()
    page.keyboard.press("Enter")
    assert marked(page) == FIRST.quote
    page.keyboard.press("ArrowRight")
    expect(pane(page).get_by_text("Quotation 2 of 2")).to_be_visible()
    assert marked(page) == LATER.quote
    expect(marker(page, 2)).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowRight")  # there is no third
    page.keyboard.press("ArrowLeft")
    expect(pane(page).get_by_text("Quotation 1 of 2")).to_be_visible()
    assert marked(page) == FIRST.quote
    page.keyboard.press("Tab")
    pane(page).get_by_role("button", name="Next quotation").click()
    assert marked(page) == LATER.quote
    expect(pane(page).get_by_role("button", name="Next quotation")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(marker(page, 2)).to_be_focused()


def test_arrows_move_in_a_question_that_is_being_written(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 1).click()
    assert marked(page) == FIRST.quote
    page.get_by_label("Your question").fill("Ho?")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("w")
    expect(page.get_by_label("Your question")).to_have_value("How?")
    assert marked(page) == FIRST.quote


def test_a_pointer_that_rests_on_a_marker_shows_what_is_quoted(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 2).hover()
    preview = page.get_by_role("tooltip")
    expect(preview).to_contain_text("She had cried, she added.")
    expect(preview).to_contain_text("The Harbour Post · 14 March 2025")
    preview.hover()  # to read on
    expect(preview).to_be_visible()
    page.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    page.mouse.move(0, 0)
    marker(page, 1).focus()
    page.keyboard.press("Tab")
    expect(preview).to_contain_text("She had cried, she added.")
    page.keyboard.press("Shift+Tab")
    expect(preview).to_contain_text(FIRST.quote)


def test_closing_gives_the_focus_back(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 1).click()
    pane(page).get_by_role("button", name="Close the article").click()
    expect(marker(page, 1)).to_be_focused()


def test_ctrl_click_opens_the_article_as_a_page_of_its_own(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    with page.context.expect_page() as opened:
        marker(page, 2).click(modifiers=["Control"])
    article = opened.value
    expect(article.locator("mark").first).to_be_in_viewport()
    assert "\n\n".join(article.locator("mark").all_text_contents()) == LATER.quote
    expect(pane(page).locator("article")).to_have_count(0)


def test_the_article_page_needs_no_script(new_context: NewContext, site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site + address(LATER))
    expect(page.locator("mark").first).to_be_in_viewport()
    expect(page.get_by_role("heading")).to_have_text(PUFFIN.title)


def test_stop_keeps_what_there_is_and_retry_asks_again(page: Page, assistant: ScriptedAssistant) -> None:
    ask(page, "Tell me at length")
    expect(page.get_by_test_id("bot")).to_contain_text("turned 3 times")
    page.get_by_role("button", name="Stop").click()
    answer = finished(page)
    expect(answer).to_contain_text("Stopped.")
    text = answer.inner_text()
    assert "turned 3 times" in text and "turned 50 times" not in text
    page.wait_for_timeout(500)
    assert answer.inner_text() == text
    assert "Tell me at length" in assistant.closed
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(answer).not_to_contain_text("Stopped.")
    expect(answer).to_contain_text("turned 2 times")
    expect(page.get_by_test_id("user")).to_have_count(1)


def test_a_new_conversation_is_empty_and_forgets(page: Page, assistant: ScriptedAssistant) -> None:
    ask(page, "Tell me at length")
    expect(page.get_by_test_id("bot")).to_contain_text("turned 1 times")
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("button", name="Select example 1: When did it start?")).to_be_visible()
    expect(page.get_by_test_id("bot")).to_have_count(0)
    page.wait_for_timeout(1000)  # as long as a person needs to write the next question
    ask(page, "And then?")
    expect(finished(page)).to_contain_text("You asked: And then?")
    assert assistant.asked[-1] == ("And then?", ())


def test_a_question_waits_in_its_box_while_another_is_answered(page: Page) -> None:
    ask(page, "Tell me at length")
    expect(page.get_by_test_id("bot")).to_contain_text("turned 1 times")
    page.get_by_label("Your question").fill("When did it start?")
    page.get_by_label("Your question").press("Enter")
    expect(page.get_by_text("still being answered")).to_be_visible()
    expect(page.get_by_test_id("user")).to_have_text(["Tell me at length"])
    expect(page.get_by_label("Your question")).to_have_value("When did it start?")
    page.get_by_role("button", name="Stop").click()
    finished(page)
    page.get_by_label("Your question").press("Enter")
    expect(page.get_by_test_id("user")).to_have_text(["Tell me at length", "When did it start?"])
    expect(finished(page)).to_contain_text("on Monday")


def test_a_follow_up_comes_with_what_was_said_before(page: Page, assistant: ScriptedAssistant) -> None:
    ask(page, "When did it start?")
    finished(page)
    ask(page, "And why?")
    expect(page.get_by_test_id("bot")).to_have_count(2)
    expect(finished(page)).to_contain_text("You asked: And why?")
    whole = "".join(SCRIPTS["When did it start?"].pieces)
    assert assistant.asked[-1] == ("And why?", (Turn("When did it start?", whole),))


def test_an_answer_goes_on_while_another_conversation_is_looked_at(page: Page) -> None:
    ask(page, "Tell me at length")
    expect(page.get_by_test_id("bot")).to_contain_text("turned 1 times")
    page.get_by_role("button", name="New conversation").click()
    ask(page, "When did it start?")
    expect(finished(page)).to_contain_text("on Monday")
    page.get_by_role("link", name="Tell me at length").first.click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.get_by_test_id("bot")).to_contain_text("turned 20 times")
    page.reload()
    expect(page.get_by_test_id("bot")).to_contain_text("turned 50 times", timeout=10_000)
    page.get_by_role("button", name="Stop").click()
    expect(finished(page)).to_contain_text("Stopped.")
    page.go_back()
    expect(finished(page)).to_contain_text("on Monday")


def test_an_edited_question_takes_the_place_of_the_old_one_and_of_all_after_it(
    page: Page, assistant: ScriptedAssistant
) -> None:
    for question in ("When did it start?", "Are you sure?", "Who is the pope?"):
        ask(page, question)
        finished(page)
    page.get_by_text("Are you sure?").first.hover()
    page.locator(".user-row", has_text="Are you sure?").get_by_role("button", name="Edit").click()
    expect(page.get_by_label("Your question")).to_have_value("Are you sure?")
    expect(page.get_by_text("What came after it goes.")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("What came after it goes.")).to_have_count(0)
    page.locator(".user-row", has_text="Are you sure?").get_by_role("button", name="Edit").click()
    page.get_by_label("Your question").fill("Are you quite sure?")
    page.get_by_label("Your question").press("Enter")
    expect(page.get_by_test_id("user")).to_have_text(["When did it start?", "Are you quite sure?"])
    expect(finished(page)).to_contain_text("You asked: Are you quite sure?")
    assert [turn.question for turn in assistant.asked[-1][1]] == ["When did it start?"]
    expect(page.get_by_text("What came after it goes.")).to_have_count(0)
    ask(page, "And then?")
    expect(page.get_by_test_id("user")).to_have_count(3)


def test_an_answer_is_copied_with_its_sources(new_context: NewContext, site: str) -> None:
    page = new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(site)
    ask(page, "When did it start?")
    finished(page)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("The Puffin turbine began to turn on Monday. [1]")
    assert "[1] Sea power: the *Puffin* turbine starts, The Harbour Post, 14 March 2025" in copied
    assert FIRST.link in copied and LATER.link in copied


def test_likes_are_kept(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("button", name="Like", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Dislike").click()
    expect(page.get_by_role("button", name="Like", exact=True)).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(page.get_by_role("button", name="Dislike")).to_have_attribute("aria-pressed", "true")


def test_settings_hold_for_what_is_asked_and_are_remembered(page: Page, assistant: ScriptedAssistant) -> None:
    page.get_by_role("button", name="Settings").click()
    panel = page.get_by_role("dialog", name="Settings")
    expect(panel.get_by_label("Writer")).to_have_value("extractive")
    panel.get_by_label("Answer").select_option("short")
    panel.get_by_label("Sources").select_option("20")
    panel.get_by_label("since").fill("2025-01-02")
    panel.get_by_role("button", name="Save").click()
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Settings")).to_be_focused()
    ask(page, "Are you sure?")
    finished(page)
    scope, settings = assistant.limits[-1]
    assert settings is not None and (settings.sentences, settings.read, settings.hits) == (1, 20, 20)
    assert scope == Filter.of(since=date(2025, 1, 2))
    page.reload()
    page.get_by_role("button", name="Settings").click()
    expect(panel.get_by_label("Answer")).to_have_value("short")
    expect(panel.get_by_label("since")).to_have_value("2025-01-02")
    panel.get_by_role("button", name="Back to defaults").click()
    ask(page, "Hostile?")
    finished(page)
    assert assistant.limits[-1] == (None, assistant.settings)


def test_a_conversation_is_about_what_is_chosen_for_it(page: Page, assistant: ScriptedAssistant) -> None:
    page.get_by_role("button", name="Choose what this conversation is about").click()
    dialog = page.get_by_role("dialog", name="What this conversation is about")
    dialog.get_by_label("Find").fill("puffin")
    dialog.get_by_label("Sea power").check()
    expect(dialog.get_by_role("list", name="Chosen articles")).to_contain_text("Sea power")
    dialog.get_by_label("The Harbour Post (1)").check()
    dialog.get_by_role("button", name="Ask only these").click()
    expect(page.locator("#scope")).to_have_text("Answers come from 1 article · The Harbour Post")
    ask(page, "When did it start?")
    finished(page)
    assert assistant.limits[-1][0] == Filter.of(sites=["The Harbour Post"], articles=[PUFFIN.id])
    page.reload()
    expect(page.locator("#scope")).to_contain_text("1 article · The Harbour Post")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#scope")).to_have_text("Answers come from all articles")
    ask(page, "Are you sure?")
    finished(page)
    assert assistant.limits[-1][0] is None


def test_a_reload_finds_the_conversation_and_the_open_article_again(page: Page) -> None:
    ask(page, "When did it start?")
    finished(page)
    marker(page, 2).click()
    marked(page)
    page.reload()
    expect(page.get_by_test_id("bot")).to_contain_text("on Monday")
    assert marked(page) == LATER.quote


def test_an_abstention_is_said_quietly(page: Page) -> None:
    ask(page, "Who is the pope?")
    answer = finished(page)
    expect(answer.locator("blockquote")).to_have_text("Nothing in your articles answers this. The nearest:")
    expect(answer).not_to_contain_text("%")
    marker(page, 1).click()
    assert marked(page) == FIRST.quote


def test_doubt_and_notes_are_shown(page: Page) -> None:
    ask(page, "Are you sure?")
    expect(finished(page)).to_contain_text("Doubtful (20%): check it in its article.")
    expect(finished(page)).to_contain_text("The endpoint was *slow*.")


def test_nothing_asked_changes_nothing(page: Page) -> None:
    ask(page, "Are you sure?")
    finished(page)
    page.get_by_label("Your question").fill("   ")
    page.get_by_label("Your question").press("Enter")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("user")).to_have_count(1)
    expect(finished(page)).to_contain_text("Hardly.")


def test_what_cannot_be_asked_is_one_polite_line(page: Page) -> None:
    ask(page, "Too long?")
    expect(finished(page)).to_have_text("The question is too long. Shorten it.")


def test_what_nobody_foresaw_shows_no_detail(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    ask(page, "Broken?")
    expect(finished(page)).to_contain_text("Something went wrong")
    assert "secret" not in page.locator("body").inner_text()
    assert "secret: /home/me" in caplog.text


def test_hostile_text_runs_nothing_and_loads_nothing(new_context: NewContext, site: str) -> None:
    page = new_context().new_page()
    elsewhere: list[str] = []
    errors: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            elsewhere.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site)
    ask(page, "Hostile?")
    answer = finished(page)
    expect(answer).to_contain_text(HOSTILE_WORDS)
    assert answer.locator("img, script, svg, iframe, code, b, del, table").count() == 0
    assert {link.get_attribute("href") for link in answer.get_by_role("link").all()} == {
        answer.get_by_role("link").first.get_attribute("href")
    }
    marker(page, 2).click()
    assert marked(page) == HOSTILE_WORDS
    assert pane(page).locator("img, script, svg, iframe, a").count() == 0
    ask(page, HOSTILE_WORDS)  # and from a person
    expect(page.get_by_test_id("user").last).to_have_text(HOSTILE_WORDS)
    finished(page)
    page.goto(site + address(SCRIPTS["Hostile?"].citations[0]))
    assert page.locator("mark").inner_text() == HOSTILE_WORDS
    assert page.evaluate("window.ran") is None
    assert elsewhere == []
    assert errors == []


def test_on_a_phone_the_article_slides_over_the_chat_and_back_closes_it(
    new_context: NewContext, site: str
) -> None:
    page = new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2
    ).new_page()
    page.goto(site)
    ask(page, "Tell me at length")
    marker(page, 1).tap()
    assert marked(page) == FIRST.quote
    page.wait_for_timeout(300)
    assert pane(page).bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    expect(page.get_by_role("dialog", name="Article")).to_be_visible()
    assert page.locator("#conversation").evaluate("behind => behind.inert")
    page.go_back()
    expect(pane(page)).not_to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_words_of_any_length_widen_nothing(new_context: NewContext, assistant: ScriptedAssistant) -> None:
    title = "Ununbrechbar" * 40
    article = replace(PUFFIN, id="long", title=title, site="Verlag" * 40, authors=("Von" * 80,))
    said = quoted(article, "The Puffin turbine began to turn on Monday.", 1)
    long = replace(assistant, articles=[article], scripts={"Long?": Script(["Endlos" * 200, " [1]"], [said])})
    with serving(assemble(Library(lambda: long))) as site:  # type: ignore[arg-type, return-value]
        page = new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).new_page()
        page.goto(site)
        ask(page, "Warum" * 700)
        finished(page)
        ask(page, "Long?")
        finished(page)
        chat = page.get_by_role("log")
        assert chat.evaluate("log => log.scrollWidth <= log.clientWidth")
        for part in (page.get_by_test_id("user").first, page.get_by_test_id("bot").last):
            box = part.bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360
            assert part.evaluate("part => part.scrollWidth <= part.clientWidth")
        tools = [tool.bounding_box() for tool in page.locator("#tools > :visible").all()]
        assert len(tools) == 3 and len({box and box["y"] for box in tools}) == 1, "on one line"
        marker(page, 1).tap()
        assert marked(page) == said.quote
        page.wait_for_timeout(300)  # until it has slid in
        assert page.locator(".reader").evaluate("reader => reader.scrollWidth <= reader.clientWidth")
        assert pane(page).evaluate(
            """pane => {
              const covers = (x, y) => pane.contains(document.elementFromPoint(x, y));
              for (let x = 5; x < 360; x += 10) {
                for (let y = 5; y < 740; y += 10) if (!covers(x, y)) return false;
              }
              const { left, top } = document.querySelector("mark").getBoundingClientRect();
              return document.elementFromPoint(left + 5, top + 5).tagName === "MARK";
            }"""
        ), "nothing of the chat stands before it, nor its own title before the quotation"
        page.goto(f"{site}library")
        expect(page.locator(".counted")).to_have_text("1 article")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_quotation_far_into_an_article_of_300_pages_is_opened_in_its_place(
    new_context: NewContext, assistant: ScriptedAssistant
) -> None:
    paragraph = "Rain fell on the quay, and the boats lay where they had lain the day before. " * 6
    pages = [f"Page {number}. {paragraph}\n\n{paragraph}" for number in range(1, 301)]
    book = replace(PUFFIN, id="book", title="The long rain", text="\n\n".join(pages))
    quotes = [quoted(book, f"Page {number}.", place) for place, number in enumerate((3, 287), 1)]
    long = replace(assistant, articles=[book], scripts={"Where?": Script(["Here [1] and there [2]"], quotes)})
    with serving(assemble(Library(lambda: long))) as site:  # type: ignore[arg-type, return-value]
        page = new_context().new_page()
        page.goto(site)
        ask(page, "Where?")
        finished(page)
        marker(page, 2).click()
        assert marked(page) == "Page 287."
        page.keyboard.press("ArrowLeft")
        expect(pane(page).get_by_text("Quotation 1 of 2")).to_be_visible()
        assert marked(page) == "Page 3."
        assert pane(page).locator(".text p").count() == 600


def luminance(part: Locator, what: str) -> float:
    """Of the colour that a part is painted in, from 0 (black) to 1 (white)."""
    channels = part.evaluate(
        """(part, what) => {
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.fillStyle = getComputedStyle(part)[what];
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }""",
        what,
    )
    return sum(channels) / 3 / 255


def test_whoever_wants_it_dark_gets_the_chat_the_article_and_the_library_dark(
    new_context: NewContext, site: str
) -> None:
    for scheme in ("dark", "light"):
        page = new_context(color_scheme=scheme).new_page()
        page.goto(site)
        ask(page, "When did it start?")
        finished(page)
        marker(page, 1).click()
        marked(page)
        papers = [page.locator("body"), pane(page)]
        inks = [page.get_by_test_id("bot").locator("p").first, pane(page).locator(".text p").first]
        shown = [luminance(part, "backgroundColor") for part in papers]
        shown += [1 - luminance(part, "color") for part in inks]
        page.get_by_role("link", name="Library").click()
        expect(page.locator(".counted")).to_be_visible()
        shown += [luminance(page.locator("body"), "backgroundColor")]
        shown += [1 - luminance(page.locator(".articles td a").first, "color")]
        assert all(each < 0.2 if scheme == "dark" else each > 0.8 for each in shown), (scheme, shown)


def test_without_a_library_the_page_says_how_to_fill_one_and_begins_once_it_is_there(
    new_context: NewContext, assistant: ScriptedAssistant
) -> None:
    there = False

    def open_library() -> Assistant:
        if not there:
            raise LibraryNotFound("No library.")
        return assistant  # type: ignore[return-value]

    with serving(assemble(Library(open_library))) as site:
        page = new_context().new_page()
        page.goto(site)
        expect(page.locator("#chat")).to_contain_text("No articles yet")
        expect(page.locator("#chat")).to_contain_text("byline index build FOLDER")
        expect(page.locator("#status")).to_have_text("0 articles")
        ask(page, "When did it start?")
        expect(finished(page)).to_contain_text("byline index build FOLDER")
        there = True
        page.get_by_role("button", name="Retry").click()
        expect(finished(page)).to_contain_text("on Monday")
        page.reload()
        expect(page.locator("#status")).to_have_text("2 articles")


def test_a_library_without_articles_says_how_to_fill_it(
    new_context: NewContext, assistant: ScriptedAssistant
) -> None:
    empty = replace(assistant, articles=[])
    with serving(assemble(Library(lambda: empty))) as site:  # type: ignore[arg-type, return-value]
        page = new_context().new_page()
        page.goto(site)
        expect(page.locator("#chat")).to_contain_text("byline index build FOLDER")
        page.locator("#chat").get_by_role("link", name="library", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Library")
        expect(page.get_by_text("Nothing yet.")).to_be_visible()


def test_the_page_is_there_while_the_library_is_still_being_opened(
    new_context: NewContext, assistant: ScriptedAssistant
) -> None:
    release = threading.Event()

    def open_library() -> Assistant:
        release.wait(20)
        return assistant  # type: ignore[return-value]

    with serving(assemble(Library(open_library))) as site:
        page = new_context().new_page()
        page.goto(site)
        expect(page.locator("#status")).to_have_text("Loading the library…")
        ask(page, "When did it start?")
        expect(page.get_by_test_id("bot")).to_contain_text("Loading the library…")
        release.set()
        expect(finished(page)).to_contain_text("on Monday")
        expect(page.locator("#status")).to_have_text("2 articles")


def test_the_policy_is_never_hit(new_context: NewContext, site: str) -> None:
    page = new_context().new_page()
    refused: list[str] = []
    failed: list[str] = []

    def check(response: Response) -> None:
        if response.status >= 400:
            failed.append(response.url)

    page.on("console", lambda message: "style-src-attr" in message.text or refused.append(message.text))
    page.on("response", check)
    page.goto(site)
    ask(page, "When did it start?")
    finished(page)
    assert [text for text in refused if "Content Security Policy" in text] == []
    assert failed == []

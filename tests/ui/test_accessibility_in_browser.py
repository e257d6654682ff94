"""WCAG 2.2 AA, as far as axe-core can tell, on every page and in every state of it; and what it cannot tell:
the order of focus, and that no key is trapped."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.test_page_in_browser import ask, finished, marked, marker

pytestmark = pytest.mark.browser

NewContext = Callable[..., BrowserContext]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def faults(page: Page) -> list[str]:
    """What axe-core finds, a line for each element."""
    page.wait_for_timeout(300)  # until nothing slides any more
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault(new_context: NewContext, site: str, scheme: str) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(site)
    page.get_by_role("button", name="Select example 1").wait_for()
    assert faults(page) == [], "nothing asked yet"
    ask(page, "Who is the pope?")
    finished(page)
    ask(page, "When did it start?")
    finished(page)
    marker(page, 1).click()
    marked(page)
    assert faults(page) == [], "an article is open"
    page.keyboard.press("Escape")
    marker(page, 2).hover()
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert faults(page) == [], "a quotation is previewed"
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("dialog").get_by_label("Writer").wait_for()
    assert faults(page) == [], "settings"
    page.keyboard.press("Escape")
    page.locator("#scope-button").click()
    page.get_by_role("dialog").get_by_label("Find").fill("puffin")
    page.get_by_role("dialog").get_by_label("Sea power").check()
    assert faults(page) == [], "scope"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Options of").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete…").click()
    assert faults(page) == [], "a conversation's options"
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Library").click()
    page.get_by_label("Choose Sea power").check()
    assert faults(page) == [], "library"
    page.get_by_role("link", name="Sea power").click()
    assert faults(page) == [], "an article's own page"


def test_axe_finds_no_fault_on_a_phone(new_context: NewContext, site: str) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    page.goto(site)
    ask(page, "When did it start?")
    finished(page)
    assert faults(page) == [], "an answer"
    page.get_by_role("button", name="Conversations", exact=True).tap()
    expect(page.get_by_role("link", name="When did it start?")).to_be_visible()
    assert faults(page) == [], "conversations"
    page.get_by_role("button", name="Close the conversations").tap()
    expect(page.get_by_role("button", name="Conversations", exact=True)).to_be_focused()
    marker(page, 1).tap()
    marked(page)
    assert faults(page) == [], "an article over the chat"


def test_the_keyboard_goes_everywhere_in_reading_order_and_is_trapped_nowhere(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    page.goto(site)
    ask(page, "When did it start?")
    finished(page)
    page.get_by_role("heading", name="Byline").click()  # the focus begins there
    met: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => document.activeElement === document.body ? "" :
            document.activeElement.getAttribute("aria-label") || document.activeElement.innerText
            || document.activeElement.tagName"""
        )
        if not name or name in met[:1]:
            break
        met.append(name)
    order = ["Library", "Settings", "New conversation", "Search conversations", "When did it start?"]
    order += ["Quotation 1", "Quotation 2", "Copy", "Like", "Dislike", "Retry", "Your question"]
    places = [next((n for n, name in enumerate(met) if wanted in name), -1) for wanted in order[:-1]]
    assert -1 not in places, met
    assert places == sorted(places), met
    assert len(met) < 40, "the focus comes round"

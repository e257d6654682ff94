"""A citation's link opens the live page at the quoted words: a browser finds them there."""

import gzip
import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from index.readers import read_page
from index.sentences import is_heading, sentences
from index.types import Article
from qa.types import text_fragment

PAGES = Path(__file__).parents[3] / "shared" / "eval" / "pages"
SITE = "https://pages.example/"
ABOVE = b"<div style='height: 9000px'></div>"
"""Above the page: where the browser finds the words, it scrolls down to them."""


@pytest.fixture
def page(browser: Browser) -> Page:
    """Nothing is asked of the network, and no script runs."""
    return browser.new_page(java_script_enabled=False)


def is_found(page: Page, body: bytes, quote: str) -> bool:
    """Whether the browser scrolls to the quote in a page with this body."""

    def serve(route: Route) -> None:
        if route.request.url.startswith(SITE) and route.request.is_navigation_request():
            route.fulfill(body=ABOVE + body, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    page.unroute("**/*")
    page.route("**/*", serve)
    page.goto("about:blank")
    page.goto(f"{SITE}#:~:text={text_fragment(quote)}", wait_until="load")
    return bool(page.evaluate("window.scrollY > 0"))


def sampled(article: Article, most: int, chance: random.Random) -> list[str]:
    """Sentences of an article that an answer may quote."""
    text = article.text
    spans = [span for span in sentences(text, article.language) if not is_heading(text, span)]
    return [text[start:end] for start, end in chance.sample(spans, min(most, len(spans)))]


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        pytest.param("<p>It rained in Rome.</p>", "It rained in Rome.", id="a sentence"),
        pytest.param("<ul><li>It rained in Rome.</li></ul>", "- It rained in Rome.", id="an item"),
        pytest.param("<p>It rained:<br>in Rome.</p>", "It rained:\nin Rome.", id="over a break"),
        pytest.param("<p>It rained <a>in <b>Rome</b></a>.</p>", "It rained in Rome.", id="over a link"),
        pytest.param("<p>It&nbsp;rained in\n Rome.</p>", "It rained in Rome.", id="over other spaces"),
        pytest.param(
            "<table><tr><td>March</td><td>57 mm</td><td>9 days</td></tr></table>",
            "| March | 57 mm | 9 days |",
            id="a row",
        ),
    ],
)
def test_a_quote_is_found(page: Page, body: str, quote: str) -> None:
    assert is_found(page, body.encode(), quote)
    assert not is_found(page, body.replace("r", "s").encode(), quote)


def test_citations_of_real_pages_are_found(page: Page) -> None:
    if not PAGES.is_dir():
        pytest.skip("the evaluation data are not at hand")
    chance = random.Random(0)
    quotes, missed = 0, []
    for path in sorted(PAGES.glob("*.html.gz")):
        body = gzip.decompress(path.read_bytes())
        (article,) = read_page(body, SITE, "text/html", "utf-8", missed.append)
        for quote in sampled(article, 3, chance):
            quotes += 1
            if not is_found(page, body, quote):
                missed.append((path.name[:8], quote))
    assert quotes > 100
    assert missed == []

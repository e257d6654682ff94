"""The chat over the sample articles, with nothing scripted: index, ask, check at the source."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

import seeds
from index import Index, build
from tests.ui.conftest import serving
from ui.app import create_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "library"
    build([seeds.articles_dir()], library=path)
    return path


@pytest.fixture(scope="module")
def site(library: Path) -> Iterator[str]:
    with serving(create_app(library)) as url:
        yield url


def test_each_marker_of_an_answer_opens_the_words_it_quotes(
    site: str, library: Path, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(site)
    expect(page.locator("#status")).to_have_text(f"{len(seeds.articles())} articles", timeout=300_000)
    page.get_by_label("Your question").fill("Who was expelled from France?")
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#chat hr")).to_be_visible(timeout=300_000)
    answer = page.get_by_test_id("bot").inner_text()
    markers = page.locator("#chat p").get_by_role("link")
    assert markers.count() > 0
    with Index.open(library) as index:
        for marker in markers.all():
            marker.click()
            expect(page.locator("#article-pane mark").first).to_be_in_viewport()
            marked = "\n\n".join(page.locator("#article-pane mark").all_text_contents())
            place = parse_qs(urlsplit(marker.get_attribute("href") or "").query)
            article = index.article(place["id"][0])
            expect(page.locator("#article-pane h2")).to_have_text(article.title)
            assert marked == article.text[int(place["start"][0]) : int(place["end"][0])]
            assert " ".join(marked.split()) in " ".join(answer.split())


def test_a_question_that_an_empty_conversation_suggests_is_answered_from_the_articles(
    site: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(site)
    first = page.get_by_role("button", name="Select example 1")
    question = (first.get_attribute("aria-label") or "").partition(": ")[2]
    first.click(timeout=300_000)
    expect(page.get_by_test_id("user")).to_have_text(question)
    expect(page.locator("#chat hr")).to_be_visible(timeout=300_000)
    expect(page.locator("#chat blockquote")).to_have_count(0)  # it does not say that nothing answers it
    page.get_by_test_id("bot").get_by_role("link", name="Quotation 1", exact=True).first.click()
    expect(page.locator("#article-pane mark").first).to_be_in_viewport()

"""The article page: every character as text, and exactly the quoted ones marked."""

import re
from dataclasses import replace
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from index.errors import LibraryNotFound
from qa import Assistant, Citation
from tests.ui.scripted import FIRST, HOSTILE, LATER, PUFFIN, scripted_assistant
from ui.articles import CHANGED, article_html, article_routes, marked_paragraphs
from ui.library import Library
from ui.render import address


def marked(html: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL)]


def client_of(library: Library) -> TestClient:
    app = FastAPI()
    app.include_router(article_routes(library))
    return TestClient(app)


@pytest.fixture
def client() -> TestClient:
    library = Library(scripted_assistant)  # type: ignore[arg-type]
    library.assistant = scripted_assistant()  # type: ignore[assignment]
    return client_of(library)


@pytest.mark.parametrize(
    ("text", "start", "end", "html"),
    [
        pytest.param("abc", 0, 0, '<p dir="auto">abc</p>', id="nothing marked"),
        pytest.param(
            "a🌊b c", 2, 3, '<p dir="auto">a🌊<mark id="quote">b</mark> c</p>', id="an emoji counts as one"
        ),
        pytest.param("abc", 0, 3, '<p dir="auto"><mark id="quote">abc</mark></p>', id="all of it"),
        pytest.param(
            "ab\n\ncd\n \nef",
            1,
            9,  # up to the e: past a break of two characters, "cd", and one of three
            '<p dir="auto">a<mark id="quote">b</mark></p>'
            '<p dir="auto"><mark>cd</mark></p>'
            '<p dir="auto">ef</p>',
            id="across paragraphs",
        ),
        pytest.param("a\nb", 0, 3, '<p dir="auto"><mark id="quote">a\nb</mark></p>', id="one line break"),
        pytest.param(
            "a<b>&amp;", 1, 4, '<p dir="auto">a<mark id="quote">&lt;b&gt;</mark>&amp;amp;</p>', id="markup"
        ),
        pytest.param("a\x00\ud83db", 0, 0, '<p dir="auto">a\ufffd\ufffdb</p>', id="what HTML cannot hold"),
        pytest.param("\n\n a \n\n\n\n", 0, 0, '<p dir="auto"> a </p>', id="blank lines at the ends"),
        pytest.param("", 0, 0, "", id="no text"),
    ],
)
def test_paragraphs(text: str, start: int, end: int, html: str) -> None:
    assert "".join(marked_paragraphs(text, start, end)) == html


@pytest.mark.parametrize("citation", [FIRST, LATER], ids=["one paragraph", "three paragraphs"])
def test_the_marks_join_to_the_quotation(citation: Citation, client: TestClient) -> None:
    page = client.get("/" + address(citation)).text
    assert "\n\n".join(marked(page)) == citation.quote
    assert page.count('id="quote"') == 1


def test_much_white_space_takes_no_time() -> None:
    text = ("a" + " " * 100_000 + "\n") * 5 + "\n" * 100_000
    assert len("".join(marked_paragraphs(text, 0, 1))) > 500_000


def test_the_page_says_who_wrote_it_where_and_when(client: TestClient) -> None:
    page = client.get("/" + address(FIRST)).text
    assert "<title>Sea power: the *Puffin* turbine starts · Byline</title>" in page
    assert (
        'By Ida Holm, Per Sand · The Harbour Post · <time datetime="2025-03-14">14 March 2025</time>' in page
    )
    assert '<article lang="en">' in page


def test_the_live_page_opens_at_the_words(client: TestClient) -> None:
    page = client.get("/" + address(FIRST)).text
    assert FIRST.link is not None
    assert f'<a href="{FIRST.link}" target="_blank" rel="noopener noreferrer">' in page


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "file:///etc/passwd"])
def test_only_a_web_address_is_linked(url: str | None) -> None:
    assert "<a " not in article_html(replace(PUFFIN, url=url), 42, 85)


def test_the_pane_gets_the_article_alone(client: TestClient) -> None:
    pane = client.get("/" + address(FIRST).replace("#quote", "&pane=1")).text
    assert pane.startswith("<article") and pane.endswith("</article>")


def test_an_article_that_changed_marks_nothing_and_says_so(client: TestClient) -> None:
    moved = replace(FIRST, start=FIRST.start + 1, end=FIRST.end + 1)
    page = client.get("/" + address(moved)).text
    assert marked(page) == []
    assert CHANGED in page and "#:~:text=" not in page


@pytest.mark.parametrize(("start", "end"), [(-5, 3), (9, 3), (10**9, 10**9 + 1)])
def test_a_place_outside_the_article_marks_nothing(start: int, end: int, client: TestClient) -> None:
    response = client.get("/article", params={"id": PUFFIN.id, "start": start, "end": end})
    assert response.status_code == 200
    assert marked(response.text) == []


def test_an_article_that_is_opened_at_no_place_is_just_there(client: TestClient) -> None:
    page = client.get("/article", params={"id": PUFFIN.id}).text
    assert marked(page) == [] and CHANGED not in page


def test_an_unknown_article_is_a_page_that_says_so(client: TestClient) -> None:
    response = client.get("/article", params={"id": "<b>"})
    assert response.status_code == 404
    assert "There is no article &#x27;&lt;b&gt;&#x27; here." in response.text


def test_without_a_library_the_page_says_why() -> None:
    def missing() -> Assistant:
        raise LibraryNotFound("No library there.", "byline index build FOLDER")

    library = Library(missing)
    client = client_of(library)
    assert client.get("/article", params={"id": "a"}).status_code == 503
    response = client.get("/article", params={"id": "a"})
    assert "No library there. byline index build FOLDER" in response.text


def test_a_hostile_article_is_text_everywhere(client: TestClient) -> None:
    page = client.get("/article", params={"id": HOSTILE.id, "start": 11, "end": 20}).text
    tags = set(re.findall(r"<(\w+)", page))
    assert tags == {
        "html", "head", "meta", "title", "link", "body", "nav", "a", "main",
        "article", "header", "h1", "p", "div", "mark",
    }  # fmt: skip
    assert page.count("<a ") == 1, "only the way back"

import json
from collections.abc import Callable
from datetime import date

import pytest

from index.types import Article

Reads = Callable[[str, str | bytes], Article]

PROSE = "Nobody whom we met could say when it had last rained for so long in that city. " * 3


def page(head: str = "", body: str = "") -> str:
    article = f"<article>{body}<p>{PROSE}</p></article>"
    return f"<html><head><title>Rome</title>{head}</head><body>{article}</body></html>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param(
            '<meta property="article:published_time" content="2023-03-09T10:00Z">', "", id="OpenGraph"
        ),
        pytest.param('<meta name="date" content="2023-03-09">', "", id="meta"),
        pytest.param('<meta itemprop="datePublished" content="2023-03-09">', "", id="microdata"),
        pytest.param(
            '<script type="application/ld+json">{"@type": "Article", "datePublished": "2023-03-09",'
            ' "description": "Since 01/02/2023"}</script>',
            "",
            id="JSON-LD",
        ),
        pytest.param('<link rel="canonical" href="https://example.org/2023/03/09/a">', "", id="address"),
        pytest.param("", '<time datetime="2023-03-09">Thursday</time>', id="time"),
        pytest.param("", '<time datetime="2023-03-09">09/03/2023</time>', id="time that shows two days"),
        pytest.param("", '<p class="pub-date">9 March 2023</p>', id="dateline"),
        pytest.param("", '<span class="published">9. März 2023</span>', id="dateline in German"),
    ],
)
def test_a_page_states_its_date(article: Reads, head: str, body: str) -> None:
    assert article("rome.html", page(head, body)).published == date(2023, 3, 9)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("", "<p>On 2019-05-03 12:00 the rain began.</p>", id="prose"),
        pytest.param("", "<h1>What happened on May 3, 2019</h1>", id="heading"),
        pytest.param("", '<aside><time datetime="2019-05-03">3 May</time></aside>', id="another article"),
        pytest.param("", '<div id="comments"><time datetime="2019-05-03">3 May</time></div>', id="comment"),
        pytest.param("", "<footer class='date'>© 2019</footer>", id="copyright"),
        pytest.param('<meta property="article:modified_time" content="2019-05-03">', "", id="modified"),
        pytest.param("", '<time itemprop="dateModified" datetime="2019-05-03">3 May</time>', id="edited"),
        pytest.param("", '<p class="date updated">3 May 2019</p>', id="updated"),
        pytest.param('<meta itemprop="copyrightYear" content="2019">', "", id="copyright year"),
        pytest.param("", '<p class="date">03/04/2019</p>', id="day or month"),
        pytest.param('<meta name="date" content="03/04/2019">', "", id="day or month in the head"),
    ],
)
def test_other_dates_are_not_its_date(article: Reads, head: str, body: str) -> None:
    assert article("rome.html", page(head, body)).published is None


def test_a_date_before_the_web(article: Reads) -> None:
    head = '<meta property="article:published_time" content="1955-09-01">'
    assert article("rome.html", page(head)).published == date(1955, 9, 1)


@pytest.mark.parametrize(
    ("head", "url"),
    [
        pytest.param('<link rel="canonical" href="https://a.org/x">', "https://a.org/x", id="canonical"),
        pytest.param('<meta property="og:url" content="https://a.org/x">', "https://a.org/x", id="OpenGraph"),
        pytest.param(
            '<meta property="og:url" content="https://a.org/y"><link rel="canonical" href="https://a.org/x">',
            "https://a.org/x",
            id="canonical first",
        ),
        pytest.param('<link rel="canonical" href="/x">', None, id="relative"),
        pytest.param('<base href="https://a.org/">', None, id="the base of all pages of a site"),
    ],
)
def test_a_page_states_its_address(article: Reads, head: str, url: str | None) -> None:
    assert article("rome.html", page(head)).url == url


def test_several_authors(article: Reads) -> None:
    found = article("rome.html", page('<meta name="author" content="By Ann Lee and Bo Li">'))
    assert found.authors == ("Ann Lee", "Bo Li")


@pytest.mark.parametrize("attribute", ["lang", "xml:lang"])
def test_the_language_is_that_of_the_page(article: Reads, attribute: str) -> None:
    assert article("rome.html", page().replace("<html", f'<html {attribute}="de-CH"')).language == "de-CH"


def test_an_unstated_language_is_not_guessed(article: Reads) -> None:
    assert article("rome.html", page()).language is None


def linked(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        pytest.param(
            linked(**{"@type": "NewsArticle", "author": [{"@type": "Person", "name": "Ann E. Lee"}]}),
            ("Ann E. Lee",),
            id="of the article",
        ),
        pytest.param(
            linked(**{"@graph": [{"@type": ["BlogPosting"], "author": "Ann Lee"}]}),
            ("Ann Lee",),
            id="in a graph",
        ),
        pytest.param(
            linked(**{"@type": "NewsArticle", "author": "Ann Lee"}) + '<meta name="author" content="Bo Li">',
            ("Ann Lee",),
            id="before the page's",
        ),
        pytest.param(
            '<meta property="article:author" content="https://a.org/x"><meta name="author" content="Bo Li">',
            ("Bo Li",),
            id="a name, not an address",
        ),
        pytest.param(linked(**{"@type": "NewsArticle", "author": "admin"}), (), id="an account"),
        pytest.param('<script type="application/ld+json">{"@type": </script>', (), id="broken"),
        pytest.param(f'<script type="application/ld+json">{"[" * 100_000}</script>', (), id="nested"),
    ],
)
def test_linked_data_name_the_authors(article: Reads, head: str, authors: tuple[str, ...]) -> None:
    assert article("rome.html", page(head)).authors == authors


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<meta property="og:locale" content="de_CH">', id="OpenGraph"),
        pytest.param('<meta http-equiv="content-language" content="de_CH">', id="meta"),
    ],
)
def test_the_head_may_state_the_language(article: Reads, head: str) -> None:
    assert article("rome.html", page(head)).language == "de_CH"


def test_an_edit_before_the_publication_is_none(article: Reads) -> None:
    head = (
        '<meta property="article:published_time" content="2014-06-21">'
        '<meta property="article:modified_time" content="2014-06-17">'
    )
    found = article("rome.html", page(head))
    assert (found.published, found.updated) == (date(2014, 6, 21), None)

from collections.abc import Callable
from datetime import date

import pytest

from index.readers.ids import url_id
from index.types import Article

Reads = Callable[[str, str | bytes], Article]
Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]

FIRST = "It rained in Rome for three days, and nobody whom we met could say when it had last done so."
SECOND = "On the fourth day the sun came out, and the whole city with it, to see what was left of spring."

PAGE = f"""\
<!DOCTYPE html>
<html lang="en-GB">
<head>
  <meta charset="utf-8">
  <title>My trip to Rome</title>
  <meta property="og:site_name" content="Example Times">
  <link rel="canonical" href="https://www.example.org/rome/">
  <base href="https://www.example.org/">
  <script type="application/ld+json">
    {{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "My trip to Rome",
      "datePublished": "2023-03-09T10:15:00+01:00", "author": {{"@type": "Person", "name": "Ann Lee"}}}}
  </script>
  <meta property="article:modified_time" content="2023-04-01T08:00:00Z">
</head>
<body>
  <nav><a href="/">Home</a> <a href="/weather">Weather</a></nav>
  <article>
    <h1>My trip to Rome</h1>
    <p>{FIRST}</p>
    <p>{SECOND}</p>
    <ul><li>Bring an umbrella of your own.</li><li>Bring a second one.</li></ul>
    <table><tr><td>March</td><td>57 mm</td></tr><tr><td>April</td><td>56 mm</td></tr></table>
    <p>{FIRST[::-1]}</p>
  </article>
  <div id="comments"><h3>Comments</h3><p>So true! I was there as well, and it rained on me too.</p></div>
  <footer>© 2025 Example Times. All rights reserved.</footer>
</body>
</html>
"""


def test_a_page_states_the_fields(article: Reads) -> None:
    found = article("rome.html", PAGE)
    assert found.title == "My trip to Rome"
    assert found.authors == ("Ann Lee",)
    assert (found.published, found.updated) == (date(2023, 3, 9), date(2023, 4, 1))
    assert found.url == "https://www.example.org/rome/"
    assert found.id == url_id("https://www.example.org/rome/")
    assert (found.site, found.language) == ("Example Times", "en-GB")


def test_the_text_is_the_article_in_blocks_without_its_title(article: Reads) -> None:
    assert article("rome.html", PAGE).text.split("\n\n") == [
        FIRST,
        SECOND,
        "- Bring an umbrella of your own.\n- Bring a second one.",
        "| March | 57 mm |\n| April | 56 mm |",
        FIRST[::-1],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-r", "iso-8859-5"])
def test_the_declared_encoding_is_respected(article: Reads, encoding: str) -> None:
    text = "В Риме три дня шёл дождь, и никто из тех, кого мы встретили, не помнил другого такого."
    page = f'<html><head><meta charset="{encoding}"></head><body><p>{text}</p></body></html>'
    assert article("rome.html", page.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param("<html><body><p>It rained.</p></body></html>", "It rained.", id="short"),
        pytest.param("<p>It rained.</p>", "It rained.", id="a fragment"),
        pytest.param("It rained.", "It rained.", id="no tags"),
        pytest.param("<html><body><p>It<p>rained.", "It\n\nrained.", id="unclosed tags"),
        pytest.param("<html><body><p>a &lt; b &amp; c</p>", "a < b & c", id="entities"),
        pytest.param(f"<html><body><div><span>{FIRST}</span></div>", FIRST, id="no paragraphs"),
    ],
)
def test_unusual_pages_are_read(article: Reads, page: str, text: str) -> None:
    assert article("rome.html", page).text == text


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<html></html>", id="empty"),
        pytest.param("<html><body><script>let it = 'rain'</script></body></html>", id="nothing but a script"),
        pytest.param("<!-- It rained. -->", id="nothing but a comment"),
        pytest.param("<html><body><img src='rome.jpg'></body></html>", id="nothing but an image"),
    ],
)
def test_a_page_without_text(outcome: Outcomes, page: str) -> None:
    assert outcome("rome.html", page) == ([], ["has no article text"])


def test_what_a_doctype_declares_is_no_text(article: Reads) -> None:
    doctype = '<!DOCTYPE html [<!ENTITY a "rain"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    assert article("rome.html", f"{doctype}<html><body><p>{FIRST}</p></body></html>").text == FIRST


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td"])
def test_a_page_that_is_nested_too_deeply(outcome: Outcomes, tag: str) -> None:
    page = "<html><body>" + f"<{tag}>" * 100_000 + f"<p>{FIRST}</p></body></html>"
    assert outcome("rome.html", page) == ([], ["is nested too deeply to be read"])


def test_a_page_that_is_nested_deeply_is_read_to_its_end(article: Reads) -> None:
    nested = "<div>" * 400 + f"<p>{FIRST}</p>" + "</div>" * 400
    assert article("rome.html", f"<html><body>{nested}<p>{SECOND}</p></body></html>").text.endswith(SECOND)


def test_without_a_title_of_its_own_a_page_is_called_as_its_file(article: Reads) -> None:
    assert article("my-trip.html", f"<html><body><p>{FIRST}</p></body></html>").title == "My trip"


def test_the_extractor_logs_nothing_to_the_terminal(
    outcome: Outcomes, capfd: pytest.CaptureFixture[str]
) -> None:
    outcome("rome.html", "<html></html>")
    assert capfd.readouterr() == ("", "")

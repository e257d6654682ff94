from collections.abc import Callable
from datetime import date

import pytest

from index.readers.ids import path_id
from index.types import Article
from tests.index.readers.made_zip import zipped

Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]

CONTAINER = """\
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
  <rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""

PACKAGE = """\
<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"
    xmlns:dc="http://purl.org/dc/elements/1.1/">
  <metadata>
    <dc:title>Letters from Rome</dc:title>
    <dc:creator>Ann Lee</dc:creator>
    <dc:creator>Bo Li</dc:creator>
    <dc:language>en-GB</dc:language>
    <dc:date>2023-03-09</dc:date>
    <meta property="dcterms:modified">2023-04-01T00:00:00Z</meta>
  </metadata>
  <manifest>
    <item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
    <item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
    <item id="two" href="text/second%20letter.xhtml" media-type="application/xhtml+xml"/>
    <item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
    <item id="picture" href="a.svg" media-type="image/svg+xml"/>
  </manifest>
  <spine>
    <itemref idref="cover"/><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/>
    <itemref idref="picture"/><itemref idref="gone"/>
  </spine>
</package>"""

NAV = """\
<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol>
  <li><a href="text/one.xhtml">One</a></li><li><a href="text/second%20letter.xhtml#a">Two, of spring</a></li>
</ol></nav></body></html>"""


def page(body: str) -> str:
    return f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Book</title></head><body>{body}</body></html>'


BOOK = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "OPS/book.opf": PACKAGE,
    "OPS/nav.xhtml": NAV,
    "OPS/cover.xhtml": page('<img src="a.jpg"/>'),
    "OPS/text/one.xhtml": page("<h1>Three days of rain</h1><p>It rained.</p>"),
    "OPS/text/second letter.xhtml": page("<p>It stopped.</p>"),
}


def test_a_chapter_is_an_article_of_the_book(outcome: Outcomes) -> None:
    articles, reasons = outcome("rome.epub", zipped(BOOK))
    assert reasons == []
    assert [article.title for article in articles] == ["Three days of rain", "Two, of spring"]
    assert [article.text for article in articles] == ["Three days of rain\n\nIt rained.", "It stopped."]
    assert articles[0].id == path_id("rome.epub", "OPS/text/one.xhtml")
    for article in articles:
        assert (article.site, article.authors) == ("Letters from Rome", ("Ann Lee", "Bo Li"))
        assert (article.published, article.updated) == (date(2023, 3, 9), date(2023, 4, 1))
        assert (article.language, article.url) == ("en-GB", None)


def test_a_book_of_the_second_version(outcome: Outcomes) -> None:
    contents = """\
        <ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint>
          <navLabel><text>The second</text></navLabel><content src="text/second%20letter.xhtml"/>
        </navPoint></navMap></ncx>"""
    package = PACKAGE.replace(
        'href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"',
        'href="toc.ncx" media-type="application/x-dtbncx+xml"',
    )
    dates = (
        '<dc:date opf:event="creation">2001-01-01</dc:date>'
        '<dc:date opf:event="publication">2002-02-02</dc:date>'
    )
    package = package.replace("<dc:date>2023-03-09</dc:date>", dates)
    articles, _ = outcome("a.epub", zipped(BOOK | {"OPS/book.opf": package, "OPS/toc.ncx": contents}))
    assert articles[1].title == "The second"
    assert articles[1].published == date(2002, 2, 2)


def test_a_book_is_told_by_its_content(outcome: Outcomes) -> None:
    assert len(outcome("rome.zip", zipped(BOOK))[0]) == 2


def test_a_chapter_that_is_not_xml_is_read_as_html(outcome: Outcomes) -> None:
    articles, reasons = outcome(
        "a.epub", zipped(BOOK | {"OPS/text/one.xhtml": "<p>It rained<br>a lot.&nbsp;"})
    )
    assert (articles[0].text, reasons) == ("It rained\na lot.", [])


def test_a_chapter_that_is_missing_is_named_and_the_rest_is_read(outcome: Outcomes) -> None:
    book = {name: content for name, content in BOOK.items() if "second" not in name}
    articles, reasons = outcome("a.epub", zipped(book))
    assert len(articles) == 1
    assert reasons == ["is damaged: 'OPS/text/second letter.xhtml' is missing from it"]


def test_a_book_that_is_encrypted(outcome: Outcomes) -> None:
    def encryption(place: str) -> str:
        return f'<encryption><CipherData><CipherReference URI="{place}"/></CipherData></encryption>'

    locked = BOOK | {"META-INF/encryption.xml": encryption("OPS/text/one.xhtml")}
    reason = "is encrypted; only the programs of its seller can open it"
    assert outcome("a.epub", zipped(locked)) == ([], [reason])
    font = BOOK | {"META-INF/encryption.xml": encryption("OPS/font.otf")}
    assert len(outcome("a.epub", zipped(font))[0]) == 2


def test_entities_are_not_expanded(outcome: Outcomes) -> None:
    bomb = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    chapter = f'<!DOCTYPE html [<!ENTITY a0 "rain">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    chapter += page("<p>It rained. &a9; &f;</p>")
    articles, _ = outcome("a.epub", zipped(BOOK | {"OPS/text/one.xhtml": chapter}))
    assert articles[0].text == "It rained. &a9; &f;"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"META-INF/container.xml": "<a/>"}, "is damaged: it does not say where its chapters are"),
        ({"META-INF/container.xml": "<a"}, "is damaged: META-INF/container.xml is not XML"),
        ({"OPS/book.opf": "<a/>"}, "has no text"),
        ({"OPS/book.opf": ""}, "is damaged: OPS/book.opf is not XML"),
        (
            {"META-INF/container.xml": CONTAINER.replace("book", "gone")},
            "is damaged: 'OPS/gone.opf' is missing",
        ),
    ],
)
def test_a_damaged_book(outcome: Outcomes, changed: dict[str, str], reason: str) -> None:
    articles, reasons = outcome("a.epub", zipped(BOOK | changed))
    assert articles == []
    assert len(reasons) == 1 and reasons[0].startswith(reason)

import pytest

from index.readers.blocks import blocks_of, heading, joined
from index.readers.origin import Origin
from index.readers.pages import parse_page

ORIGIN = Origin("/articles/a.html", "a.html")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>It\n  rained.</p><p>It stopped.</p>", "It rained.\n\nIt stopped.", id="paragraphs"),
        pytest.param(
            "It <b>rai</b>ned.<div>Then<p>not.</p>Or so.</div>",
            "It rained.\n\nThen\n\nnot.\n\nOr so.",
            id="mixed",
        ),
        pytest.param("<p>a<br>b<br/>c</p>", "a\nb\nc", id="lines"),
        pytest.param(
            "<ul><li>a</li><li><p>b</p><p>c</p></li></ul><p>d</p>", "- a\n- b\n\nc\n\nd", id="lists"
        ),
        pytest.param("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n- b", id="a list in a list"),
        pytest.param(
            "<table><tr><th>a</th><td><p>b</p>c</td></tr><tr><td>d</td><td>e</td></tr></table>",
            "| a | b c |\n| d | e |",
            id="a table",
        ),
        pytest.param(
            "<table><tr><td><table><tr><td>a</td></tr></table></td><td><p>b</p><p>c</p></td></tr></table>",
            "a\n\nb\n\nc",
            id="a table for layout",
        ),
        pytest.param("<pre>a\n  b</pre>", "a\n  b", id="code"),
        pytest.param("<style>x</style>a<script>y</script>b<!-- z -->c", "abc", id="what is no text"),
        pytest.param(
            "caf&eacute; &amp; cr&#232;me&nbsp;fra&icirc;che", "café & crème fraîche", id="entities"
        ),
    ],
)
@pytest.mark.parametrize(
    "whole", ["<html><body>{}</body></html>", "<!DOCTYPE html SYSTEM 'x'><html><body>{}</body></html>"]
)
def test_text_block_by_block(markup: str, text: str, whole: str) -> None:
    assert joined(blocks_of(parse_page(whole.format(markup).encode(), ORIGIN, "a"))) == text


def test_a_table_with_a_page_in_it_has_no_rows() -> None:
    paragraphs = [f"It rained in {city}. " * 20 for city in ("Rome", "Milan", "Turin")]
    cells = "<td>Home<br>News</td><td>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</td>"
    page = parse_page(f"<table><tr>{cells}</tr></table>".encode(), ORIGIN, "'a'")
    assert [block.text for block in blocks_of(page)] == ["Home\nNews", *map(str.strip, paragraphs)]


def test_an_empty_element_of_xml_is_closed() -> None:
    page = b'<html><head><title/></head><body><a id="1"/><p/>It rained.<div/></body></html>'
    assert joined(blocks_of(parse_page(page, ORIGIN, "a"))) == "It rained."


def test_the_first_heading() -> None:
    page = b"<html><body><p>a</p><h4>b</h4><h2>c<br/>d</h2><h1>e</h1></body></html>"
    assert heading(blocks_of(parse_page(page, ORIGIN, "a"))) == "c d"


def test_deep_nesting() -> None:
    page = b"<p>" + b"<div>" * 200 + b"It rained." + b"</div>" * 200
    assert joined(blocks_of(parse_page(page[:-6], ORIGIN, "a"))) == "It rained."

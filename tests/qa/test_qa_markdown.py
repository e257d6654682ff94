"""Article text in Markdown: what is seen is the text, and nothing in it is markup or a marker."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.markdown import escaped, markers, plain

MARKER = re.compile(r"(?<!\\)\[(\d+)\]")
RENDERERS = {
    "CommonMark": MarkdownIt("commonmark"),
    "GFM": MarkdownIt("commonmark").enable(["table", "strikethrough"]),
}
HOSTILE = (
    "# a heading",
    "####### seven",
    "- an item",
    "+ an item",
    "* an item",
    "-",
    "1. an item",
    "2) an item",
    "1986. A great year",
    "123456789. nine digits",
    "1234567890. ten digits",
    "٣. an Arabic three",
    "> a quotation",
    "    code by indentation",
    "\tcode by a tab",
    "```python",
    "~~~",
    "---",
    "***",
    "___",
    "===",
    "= a line of equals",
    "`code`",
    "``a`b``",
    "*emphasis* and **strength**",
    "_emphasis_ and __strength__",
    "snake_case_name",
    "2 * 3 * 4",
    "~~gone~~",
    "[1]",
    "it was so [1], then [2][3]",
    "[^1]: a note",
    "[words](https://evil.example)",
    "![words](https://evil.example/a.png)",
    "[a]: https://evil.example",
    "<https://evil.example>",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "https://evil.example/a?b=c",
    "WWW.evil.example",
    "me@evil.example",
    "&lt;b&gt; &copy; &#65; &nonsense;",
    "R&D",
    "| a | b |",
    "|---|---|",
    "$x$ and $$y$$",
    r"\[x\] \(y\)",
    "a backslash at the end\\",
    "\\",
    "\\\\[1]",
    "two\n\nparagraphs",
    "a break  \nhere",
    "- [ ] to do",
    ": a definition",
    "👩‍🔧 *Ada* 🏠_🏠_",
    "«Ça» – “été”…",
    "5.40 on Thursday",
)
PIECES = [*"\\`*_[]<>~$&|#@:/.!-+=()^{}\"'0123456789 \n\tabwW;xé٣", "👩‍🔧", "🏠", "www.", "http://", "&amp;"]
SPECIAL = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


class Seen(HTMLParser):
    """The visible text of a page, and the elements that it has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.elements.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.elements.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.elements.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.elements.append("instruction")


def folded(text: str) -> str:
    return " ".join(text.split())


def assert_shown_as_it_is(text: str, renderer: MarkdownIt) -> None:
    seen = Seen(renderer.render(escaped(text)))
    assert folded(seen.text) == folded(text)
    assert seen.elements == (["p"] if folded(text) else [])


@pytest.mark.parametrize("renderer", RENDERERS.values(), ids=RENDERERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str, renderer: MarkdownIt) -> None:
    assert_shown_as_it_is(text, renderer)


@pytest.mark.parametrize("renderer", RENDERERS.values(), ids=RENDERERS)
@settings(max_examples=300, deadline=None)
@given(text=SPECIAL)
@example(text="1\n.")
@example(text="www.http://a")
def test_any_text_is_shown_as_it_is(renderer: MarkdownIt, text: str) -> None:
    assert_shown_as_it_is(text, renderer)


def test_the_renderers_would_show_markup_where_it_is_not_escaped() -> None:
    shown = {text: Seen(RENDERERS["GFM"].render(text)).elements for text in HOSTILE}
    assert sum(elements != ["p"] for elements in shown.values()) > len(HOSTILE) / 2


@pytest.mark.parametrize(
    "linkable", ["https://evil.example", "http://evil.example", "www.evil.example", "WWW.x.example"]
)
def test_an_address_is_broken_up_for_renderers_that_link_by_themselves(linkable: str) -> None:
    assert not re.search(
        r"(?<!\\)(://|@)|www\.", escaped(f"see {linkable} or me@evil.example"), re.IGNORECASE
    )


@settings(max_examples=300, deadline=None)
@given(SPECIAL)
@example("[1]")
@example("\\[1]")
@example("\\\\[12] [ 3]")
def test_no_marker_is_found_in_escaped_text(text: str) -> None:
    assert not MARKER.search(escaped(text))
    assert markers(f"{escaped(text)} [2] {escaped(text)} [13]") == [2, 13]


@settings(max_examples=300, deadline=None)
@given(SPECIAL)
@example("snake_case_name")
@example("**bold**")
@example("ends with \\")
def test_plain_takes_the_escapes_away_again(text: str) -> None:
    assert plain(escaped(text)) == folded(text)
    assert plain(f"**{escaped(text)}** [1]") == f"{folded(text)} [1]"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("It burned all night.", "It burned all night."),
        ("  two\n\n lines ", "two lines"),
        ("1. first", r"1\. first"),
        ("A 1. in the middle", "A 1. in the middle"),
        ("5.40 on Thursday", r"5\.40 on Thursday"),
        ("- dash", r"\- dash"),
        ("a well-lit quay", "a well-lit quay"),
        ("so [1] it is", r"so \[1\] it is"),
        ("", ""),
    ],
)
def test_no_more_is_escaped_than_has_to_be(text: str, markdown: str) -> None:
    assert escaped(text) == markdown

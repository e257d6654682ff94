"""The answer's text on the page: what is ours becomes markup, all else is shown as it stands."""

from dataclasses import replace
from datetime import date

import pytest

from qa import Answer
from tests.ui.scripted import FIRST, LATER, PUFFIN, quoted
from ui.render import address, body, confidence_in_words, draft, finished, literal, readable, sources

LINK = f"[1]({address(FIRST)})"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("On Monday. [1]", rf"On Monday\.{LINK}", id="a marker is a link"),
        pytest.param("On Monday.[1]", rf"On Monday\.{LINK}", id="with or without a space before it"),
        pytest.param("[1][1]", LINK + LINK, id="two in a row"),
        pytest.param("[01]", LINK, id="however its number is written"),
        pytest.param("[0] [7] [12345]", r"\[0\] \[7\] \[12345\]", id="one that resolves to nothing is text"),
        pytest.param(r"\[1\]", r"\[1\]", id="an article's own [1] is text"),
        pytest.param(r"\\[1]", rf"\\{LINK}", id="a marker after an escaped backslash is one"),
        pytest.param(r"\\\[1]", r"\\\[1\]", id="a bracket after three backslashes is text"),
        pytest.param("[1](http://evil)", rf"{LINK}\(http\:\/\/evil\)", id="a marker has no address"),
        pytest.param("[^1] [1]: x", rf"\[\^1\]{LINK}\: x", id="footnotes and references are text"),
        pytest.param("a **b** c", "a <strong>b</strong> c", id="bold"),
        pytest.param("**b [1]**", f"<strong>b{LINK}</strong>", id="a marker in bold"),
        pytest.param("a. (unsourced)", r"a\. <em>\(unsourced\)</em>", id="a sentence that nothing bears out"),
        pytest.param(
            r"a [1] (not in your articles: 57, A\_b)",
            rf"a{LINK} <em>\(not in your articles\: 57\, A\_b\)</em>",
            id="figures and names that stand nowhere",
        ),
        pytest.param("(un) (unsourced", r"\(un\) \(unsourced", id="other brackets"),
        pytest.param("**b", "<strong>b</strong>", id="bold ends with its line"),
        pytest.param(r"\*\*b\*\*", r"\*\*b\*\*", id="escaped asterisks"),
        pytest.param("*b* _i_", r"\*b\* \_i\_", id="no other emphasis"),
        pytest.param("- a\n- b", "- a\n- b", id="bullets"),
        pytest.param("-5 and *x", r"\-5 and \*x", id="not a bullet"),
        pytest.param("> a", "> a", id="a quoted line"),
        pytest.param("# a\n1. b\n    c", "\\# a\n1\\. b\nc", id="no headings, numbers, indented code"),
        pytest.param("<img src=x>", r"\<img src\=x\>", id="tags"),
        pytest.param("![a](http://b)", r"\!\[a\]\(http\:\/\/b\)", id="images"),
        pytest.param("[a](javascript:b)", r"\[a\]\(javascript\:b\)", id="links"),
        pytest.param("https://a.b x@a.b", r"https\:\/\/a\.b x\@a\.b", id="bare addresses"),
        pytest.param("`a` ``b``", r"\`a\` \`\`b\`\`", id="code"),
        pytest.param("&lt; |a|", r"\&lt\; \|a\|", id="entities and tables"),
        pytest.param("a\x00b\x1b[1m", r"ab\[1m", id="control characters go"),
        pytest.param("\u202eevil\u2066", "evil", id="changes of direction go"),
        pytest.param("\ud83d a", "a", id="half a surrogate pair goes"),
        pytest.param("👩‍🔧 שלום 中文", "👩‍🔧 שלום 中文", id="every other character stays"),
    ],
)
def test_text_as_markdown(text: str, shown: str) -> None:
    assert body(text, [FIRST]) == shown


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ("It\\", "It"),
        ("It *", "It"),
        ("It **", "It <strong></strong>"),
        ("It **b", "It <strong>b</strong>"),
        (r"It \*", r"It \*"),
        (r"It \\", r"It \\"),
        ("It [", r"It \["),
    ],
)
def test_a_draft_shows_no_half_of_an_escape_or_of_bold(piece: str, shown: str) -> None:
    assert draft(piece, []) == shown


def test_literal_text_keeps_its_lines_and_shows_its_markup() -> None:
    assert literal("<b>*a*\r\n\n[1] b\n") == "\\<b\\>\\*a\\*\n\n\\[1\\] b"


def test_an_address_carries_the_place_and_any_id() -> None:
    # 42: two waves, the words up to the full stop, two line breaks; 43 characters are quoted
    assert address(FIRST).startswith("article?id=puffin+%26+co%2F1&start=42&end=85&n=1&check=")
    assert address(replace(FIRST, article_id="a)b [c]\n\ud83d")).startswith("article?id=a%29b+%5Bc%5D%0A%3F&")


def test_sources_are_listed_once_for_each_article() -> None:
    other = replace(FIRST, marker=3, article_id="b", title="", site=None, published=None)
    assert sources([FIRST, LATER, other]) == [
        rf"- [<sup>1</sup> Sea power\: the \*Puffin\* turbine starts]({address(FIRST)})"
        f" · The Harbour Post · 14\u00a0March\u00a02025 · also [2]({address(LATER)})",
        f"- [<sup>3</sup> Untitled]({address(other)})",
    ]


def test_a_title_cannot_leave_its_link() -> None:
    hostile = replace(FIRST, title="](http://evil)\n\n<script>", site="[x](y)", published=None)
    assert sources([hostile]) == [
        rf"- [<sup>1</sup> \]\(http\:\/\/evil\) \<script\>]({address(hostile)}) · \[x\]\(y\)"
    ]


def test_a_finished_answer_ends_with_how_sure_it_is_its_notes_and_its_sources() -> None:
    answer = Answer("?", "On Monday. [1]", citations=(FIRST,), confidence=0.81, notes=("It *was*\nslow.",))
    assert finished(answer).split("\n\n") == [
        rf"On Monday\.{LINK}",
        "---",
        "Probably the answer (81%).",
        r"It \*was\* slow\.",
        *sources([FIRST]),
    ]


def test_an_abstention_is_set_apart_and_claims_no_confidence() -> None:
    answer = Answer("?", "Not found.\n\nNearest: [1]", citations=(FIRST,), confidence=0.1, abstained=True)
    assert finished(answer).split("\n\n") == [
        r"> Not found\.",
        rf"Nearest\:{LINK}",
        "---",
        *sources([FIRST]),
    ]


def test_an_abstention_without_any_evidence_is_only_its_words() -> None:
    assert finished(Answer("?", "Not found.", abstained=True)) == r"> Not found\."


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "Very likely the answer (100%)."),
        (0.9, "Very likely the answer (90%)."),
        (0.7, "Probably the answer (70%)."),
        (0.4, "Perhaps the answer (40%): check it in its article."),
        (0.0, "Doubtful (0%): check it in its article."),
    ],
)
def test_confidence_in_words(probability: float, words: str) -> None:
    assert confidence_in_words(probability) == words


def test_a_date_is_readable() -> None:
    assert readable(date(2025, 3, 4)) == "4 March 2025"


def test_the_scripted_quotations_are_exact() -> None:
    later = quoted(PUFFIN, LATER.quote, 2)
    assert PUFFIN.text[later.start : later.end] == later.quote

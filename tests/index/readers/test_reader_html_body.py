"""The words of an article are the page's own, whatever the extractor leaves out."""

from collections.abc import Callable

import pytest

from index.readers.blocks import Block, blocks_of
from index.readers.html_body import article_blocks
from index.readers.pages import parse_html
from index.types import Article

Reads = Callable[[str, str | bytes], Article]

PROSE = [
    f"On day {n} of the trip it rained in {city}, and nobody whom we met could say when it last had."
    for n, city in enumerate("Rome Milan Turin Genoa Bari Lecce Trento Como".split())
]


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def blocks(body: str) -> list[Block]:
    return blocks_of(parse_html(f"<html><body>{body}</body></html>", "rome.html"))


def texts(body: str, *extracted: str) -> list[str]:
    return [block.text for block in article_blocks(blocks(body), extracted)]


def test_a_block_is_taken_as_the_page_has_it() -> None:
    page = (
        "<p>The council said that <span><a>it will fine Rudolph</a></span> for his part in what happened.</p>"
    )
    extracted = "The council said that for his part in what happened."
    assert texts(page, extracted) == [
        "The council said that it will fine Rudolph for his part in what happened."
    ]


def test_lines_with_a_break_between_them_are_one_block() -> None:
    page = f"<div>{PROSE[0]}<br>{PROSE[1]}</div>"
    assert texts(page, PROSE[0], PROSE[1]) == [f"{PROSE[0]}\n{PROSE[1]}"]


def test_of_equal_blocks_the_one_after_the_last_found_is_taken() -> None:
    page = f"<h2>Rain</h2><p>{PROSE[0]}</p><h2>Rain</h2><p>{PROSE[1]}</p><h2>Rain</h2>"
    found = article_blocks(page := blocks(page), [PROSE[0], "Rain", PROSE[1]])
    assert [block is page[n] for n, block in zip((1, 2, 3), found, strict=True)] == [True] * 3


def test_what_is_only_like_a_block_does_not_bring_it_in() -> None:
    page = f"<p>{PROSE[0]}</p><h2>Nobody had said that it would rain</h2>"
    assert texts(page, PROSE[0], "Nobody had said so before, and nobody did after") == [PROSE[0]]


def test_prose_between_is_part_of_the_article() -> None:
    page = f"<div>{paragraphs(PROSE[:4])}</div>"
    assert texts(page, PROSE[0], PROSE[1], PROSE[3]) == PROSE[:4]


def test_an_article_goes_on_in_the_next_element_of_its_kind() -> None:
    first, second = (f"<div class='body'>{paragraphs(some)}</div>" for some in (PROSE[:4], PROSE[4:]))
    assert texts(f"<article>{first}<div>Advertisement</div>{second}</article>", *PROSE[:4]) == PROSE


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param("<article><div class='body'>{}</div></article>", id="of another article"),
        pytest.param("<div class='teaser'>{}</div>", id="of another kind"),
        pytest.param("<div>{}</div>", id="of no kind"),
        pytest.param("<aside><div class='body'>{}</div></aside>", id="an aside"),
        pytest.param("<div id='comments'><div class='body'>{}</div></div>", id="comments"),
        pytest.param("<form><div class='body'>{}</div></form>", id="a form"),
    ],
)
def test_an_article_does_not_go_on_in_what_stands_beside_it(beside: str) -> None:
    page = f"<article><div class='body'>{paragraphs(PROSE[:4])}</div></article>"
    assert texts(page + beside.format(paragraphs(PROSE[4:])), *PROSE[:4]) == PROSE[:4]


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(f"<p><a>{PROSE[7]}</a></p>", id="a link to another article"),
        pytest.param("<p>Share this</p>", id="a label"),
        pytest.param(f"<ul><li>{PROSE[7]}</li></ul>", id="a list"),
        pytest.param(f"<figure><figcaption>{PROSE[7]}</figcaption></figure>", id="a caption"),
    ],
)
def test_what_is_no_prose_between_is_not_part_of_the_article(beside: str) -> None:
    page = f"<div>{paragraphs(PROSE[:2])}{beside}{paragraphs(PROSE[2:4])}</div>"
    assert texts(page, *PROSE[:4]) == PROSE[:4]


@pytest.mark.parametrize(
    "hides", ["hidden", "style='display: none'", "style='color: red; visibility:hidden'"]
)
def test_what_nobody_sees_is_not_quoted(article: Reads, hides: str) -> None:
    secret = "Secretly it snowed in Rome all that week, and every week after it."
    page = f"<html><body><article>{paragraphs(PROSE)}<p {hides}>{secret}</p></article></body></html>"
    assert article("rome.html", page).text == "\n\n".join(PROSE)


def test_a_page_that_a_script_shows_is_read(article: Reads) -> None:
    page = f"<html><body style='visibility: hidden'><article>{paragraphs(PROSE)}</article></body></html>"
    assert article("rome.html", page).text == "\n\n".join(PROSE)


def test_a_page_of_many_equal_blocks_is_read(article: Reads) -> None:
    page = f"<html><body><article>{paragraphs(PROSE)}{'<p>It rained.</p>' * 20_000}</article></body></html>"
    assert article("rome.html", page).text.startswith(PROSE[0])


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["def rain():", "fall()", "return water"], id="code"),
        pytest.param(["Rain came down", "upon the town", "and did not", "stop at all"], id="a poem"),
        pytest.param(
            ["雨は火曜日の夜から降り、やまなかった。", "町の人は、橋を渡れなかった。"],
            id="a language without spaces",
        ),
    ],
)
def test_short_lines_are_found_in_their_block(lines: list[str]) -> None:
    page = f"<p>{PROSE[0]}</p><p>{'<br>'.join(lines)}</p><p>{PROSE[1]}</p>"
    assert texts(page, PROSE[0], *lines, PROSE[1]) == [PROSE[0], "\n".join(lines), PROSE[1]]
    assert texts(page, PROSE[0], " ".join(lines), PROSE[1]) == [PROSE[0], "\n".join(lines), PROSE[1]]


def test_a_line_that_was_made_of_several_blocks_is_found_in_all() -> None:
    page = f"<table><tr><td>{paragraphs(PROSE * 2)}</td></tr></table>"
    assert texts(page, f"| Home News | {' '.join(PROSE)} |")[: len(PROSE)] == PROSE


def test_a_division_among_paragraphs_is_one() -> None:
    page = f"<div>{paragraphs(PROSE[:2])}<div class='pull'>{PROSE[2]}</div>{paragraphs(PROSE[3:5])}</div>"
    assert texts(page, PROSE[0], PROSE[1], PROSE[3], PROSE[4]) == PROSE[:5]


HEADLINE = "<a href='/b'>Bridge closed after a night of heavy rain</a>"


@pytest.mark.parametrize(
    "teaser", [HEADLINE, f"Read more: {HEADLINE}", f"<strong>[Related: {HEADLINE}]</strong>"]
)
def test_the_headline_of_another_article_is_not_part_of_this_one(teaser: str) -> None:
    page = f"<div><p>{PROSE[0]}</p><p>{teaser}</p><p>{PROSE[1]}</p></div>"
    assert texts(page, PROSE[0], blocks(teaser)[0].text, PROSE[1]) == PROSE[:2]


@pytest.mark.parametrize(
    "linked",
    [
        pytest.param("<a>The bridge was closed after a night of heavy rain.</a>", id="a sentence"),
        pytest.param("Account: <a>@heavy_rain</a>", id="a name"),
        pytest.param("It was <a>closed</a> after <a>a night</a> of <a>heavy rain</a>", id="words"),
    ],
)
def test_what_else_is_linked_is_part_of_the_article(linked: str) -> None:
    page = f"<div><p>{PROSE[0]}</p><p>{linked}</p><p>{PROSE[1]}</p></div>"
    text = blocks(linked)[0].text
    assert texts(page, PROSE[0], text, PROSE[1]) == [PROSE[0], text, PROSE[1]]


def test_headlines_stay_where_they_are_what_an_article_is_made_of() -> None:
    page = f"<div><p>The week</p><p>{HEADLINE}</p></div>"
    text = blocks(HEADLINE)[0].text
    assert texts(page, "The week", text) == ["The week", text]


def test_a_short_article_comes_without_the_menu_of_its_page(article: Reads) -> None:
    menu = "<nav><ul><li><a href='/n'>News of the day</a></li><li><a href='/s'>Sport</a></li></ul></nav>"
    teasers = f"<div class='more'><ul><li>{HEADLINE}</li><li>{HEADLINE}</li></ul></div>"
    fire = "<article><h1>Fire</h1><p>A shed burnt down. Nobody was hurt.</p></article>"
    found = article("fire.html", f"<html><body>{menu}{fire}{teasers}").text
    assert "Nobody was hurt." in found
    assert "News of the day" not in found and "Bridge" not in found

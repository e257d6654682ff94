from collections.abc import Callable

import pytest

from index.types import Article

Reads = Callable[[str, str | bytes], Article]

PROSE = "<p>Nobody whom we met could say when it had last rained for so long in that city.</p>" * 3
RAIN = "Rain in Rome: a city waits"


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        pytest.param(f"<title>{RAIN} - The Example</title>", RAIN, RAIN, id="a site behind a heading"),
        pytest.param(f"<title>The Example | News: {RAIN}</title>", RAIN, RAIN, id="a site before a heading"),
        pytest.param(
            f'<meta property="og:title" content="Opinion | {RAIN}">', RAIN, RAIN, id="a section before it"
        ),
        pytest.param(
            f'<meta property="og:title" content="{RAIN} – TechNews">'
            '<link rel="canonical" href="https://www.technews.example.org/1">',
            "TechNews",
            RAIN,
            id="a site that its address names",
        ),
        pytest.param(
            f'<meta property="og:title" content="{RAIN} | The Example">'
            '<meta property="og:site_name" content="The Example">',
            "",
            RAIN,
            id="a site that it states",
        ),
        pytest.param(f"<title>{RAIN}</title>", "The Example", RAIN, id="a heading that is the site's"),
        pytest.param(
            f'<meta property="og:title" content="{RAIN} - 2">',
            "",
            f"{RAIN} - 2",
            id="what is no site",
        ),
        pytest.param(f"<title>{RAIN}</title>", RAIN, RAIN, id="a colon of its own"),
        pytest.param("", RAIN, RAIN, id="a heading alone"),
    ],
)
def test_the_title_is_that_of_the_article_alone(article: Reads, head: str, heading: str, title: str) -> None:
    body = f"<h1>{heading}</h1><article>{PROSE}</article>"
    assert article("1.html", f"<html><head>{head}</head><body>{body}</body></html>").title == title

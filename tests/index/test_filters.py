from collections.abc import Callable
from datetime import date

import pytest

from index.filters import Filter, row, site_key
from index.types import Article

DAY = date(2024, 2, 29)
BEFORE, AFTER = date(2024, 2, 28), date(2024, 3, 1)


@pytest.mark.parametrize(
    ("filter", "passes"),
    [
        pytest.param(Filter(), True, id="no restriction"),
        pytest.param(Filter(since=DAY), True, id="since that day"),
        pytest.param(Filter(since=AFTER), False, id="since the day after"),
        pytest.param(Filter(until=DAY), True, id="until that day"),
        pytest.param(Filter(until=BEFORE), False, id="until the day before"),
        pytest.param(Filter(since=DAY, until=DAY), True, id="that day only"),
        pytest.param(Filter(sites=("the lantern",)), True, id="its site"),
        pytest.param(Filter(sites=("the post", "the lantern")), True, id="one of two sites"),
        pytest.param(Filter(sites=("the post",)), False, id="another site"),
        pytest.param(Filter(sites=()), False, id="no site at all"),
        pytest.param(Filter(articles=("a",)), True, id="itself"),
        pytest.param(Filter(articles=("b",)), False, id="another article"),
        pytest.param(Filter(since=DAY, sites=("the post",)), False, id="all have to hold"),
    ],
)
def test_an_article_passes(filter: Filter, passes: bool) -> None:
    assert filter.passes("a", DAY, "The Lantern") is passes


@pytest.mark.parametrize("filter", [Filter(since=date.min), Filter(until=date.max)])
def test_an_article_without_a_date_is_outside_every_range(filter: Filter) -> None:
    assert not filter.passes("a", None, None)


def test_an_article_without_a_date_passes_where_dates_do_not_matter() -> None:
    assert Filter(articles=("a",)).passes("a", None, None)


@pytest.mark.parametrize("sites", [("",), ("the lantern",)])
def test_an_article_without_a_site_is_of_no_site(sites: tuple[str, ...]) -> None:
    assert not Filter(sites=sites).passes("a", DAY, None)


def test_no_restriction_is_no_filter() -> None:
    assert Filter.of() is None


def test_an_empty_list_is_a_restriction() -> None:
    made = Filter.of(sites=[])
    assert made is not None and made.empty


def test_sites_are_the_same_whatever_their_case() -> None:
    assert Filter.of(sites=[" STRASSE.example "]) == Filter(sites=("strasse.example",))
    assert site_key("Straße") == site_key("STRASSE")


def test_a_row_says_what_can_be_filtered_by(article: Callable[..., Article]) -> None:
    # 1 January of the year 1 is day 1; 29 February 2024 is day 738,945.
    assert row(article("Text.", published=DAY, site="The Lantern")) == {
        "article": "a",
        "published": 738_945,
        "site": "the lantern",
    }


def test_a_row_leaves_out_what_is_not_known(article: Callable[..., Article]) -> None:
    assert row(article("Text.")) == {"article": "a"}


def test_a_lone_string_is_one_site_or_article() -> None:
    assert Filter.of(sites="The Quay") == Filter(sites=("the quay",))
    assert Filter.of(articles="a-1") == Filter(articles=("a-1",))


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        pytest.param(Filter(since=DAY), None, Filter(since=DAY), id="no other"),
        pytest.param(Filter(since=DAY), Filter(since=AFTER), Filter(since=AFTER), id="the later beginning"),
        pytest.param(Filter(until=DAY), Filter(until=BEFORE), Filter(until=BEFORE), id="the earlier end"),
        pytest.param(Filter(), Filter(since=DAY, until=DAY), Filter(since=DAY, until=DAY), id="days of one"),
        pytest.param(Filter(sites=("a", "b")), Filter(sites=("b",)), Filter(sites=("b",)), id="common sites"),
        pytest.param(Filter(articles=("a",)), Filter(articles=("b",)), Filter(articles=()), id="none at all"),
        pytest.param(
            Filter(sites=("a",)),
            Filter(articles=("b",)),
            Filter(sites=("a",), articles=("b",)),
            id="all",
        ),
    ],
)
def test_two_filters_in_one(one: Filter, other: Filter | None, both: Filter) -> None:
    assert one.both(other) == both

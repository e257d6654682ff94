from datetime import date, timedelta

from index.readers.ids import path_id, url_id
from index.readers.origin import Origin
from index.readers.stated import make_article

ORIGIN = Origin("/articles/trip.md", "trip.md")


def test_nothing_stated() -> None:
    article = make_article("It rained.", {}, ORIGIN, title="Rome")
    assert (article.id, article.title, article.source) == (path_id("trip.md"), "Rome", "/articles/trip.md")
    assert (article.url, article.authors, article.published, article.site) == (None, (), None, None)


def test_of_several_names_the_first_usable_value_counts() -> None:
    stated = {"published": "soon", "date": "2023-03-09", "source": "Times", "publisher": "Press"}
    article = make_article("It rained.", stated, ORIGIN, title="Rome")
    assert (article.published, article.site) == (date(2023, 3, 9), "Times")


def test_a_given_id_goes_before_the_address_and_that_before_the_path() -> None:
    stated = {"url": "https://example.org/a"}
    assert make_article("It rained.", stated, ORIGIN, title="Rome", given_id="17").id == "17"
    assert make_article("It rained.", stated, ORIGIN, title="Rome").id == url_id("https://example.org/a")
    assert make_article("It rained.", {}, ORIGIN, title="Rome", part="x").id == path_id("trip.md", "x")


def test_the_address_it_was_fetched_from_serves_if_it_states_none() -> None:
    origin = Origin("https://example.org/a?b", "a", url="https://example.org/a?b")
    assert make_article("It rained.", {}, origin, title="Rome").url == "https://example.org/a?b"
    stated = {"url": "https://example.org/a"}
    assert make_article("It rained.", stated, origin, title="Rome").url == "https://example.org/a"


def test_articles_of_one_file_that_was_fetched_have_different_ids() -> None:
    origin = Origin("https://example.org/a", "a", url="https://example.org/a")
    ids = {make_article("It rained.", {}, origin, title="Rome", part=part).id for part in ("", "x", "y")}
    assert len(ids) == 3


def test_a_title_is_one_line_that_can_be_stored() -> None:
    assert (
        make_article("It rained.", {}, ORIGIN, title="Ro\udc80me\u2028in\tMarch").title
        == "Ro\ufffdme in March"
    )


def test_a_day_that_has_not_come_yet_is_no_date() -> None:
    today = date.today()
    for day, stated in [(today, today), (today + timedelta(days=1), today + timedelta(days=1))]:
        assert make_article("It rained.", {"published": day}, ORIGIN, title="Rome").published == stated
    late = {"published": today + timedelta(days=2), "updated": "2999"}
    article = make_article("It rained.", late, ORIGIN, title="Rome")
    assert (article.published, article.updated) == (None, None)

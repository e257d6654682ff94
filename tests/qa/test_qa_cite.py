"""Sentences to citations."""

from collections.abc import Callable
from datetime import date

import pytest

from index.types import Article
from qa.cite import Citations, numbers
from qa.evidence import Sentence

TEXT = "🌊 One lamp. Two oils.\nThree wicks. One lamp."


@pytest.fixture
def lamp(article: Callable[..., Article]) -> Article:
    return article(
        TEXT, title="The lamp", url="https://quay.example/", site="The Quay", published=date(2024, 5, 1)
    )


def test_citations_are_numbered_in_order_of_appearance(
    lamp: Article, sentence: Callable[..., Sentence]
) -> None:
    citations = Citations()
    words = ["Three wicks.", "🌊 One lamp.", "Two oils."]
    assert [citations.of(sentence(lamp, each)).marker for each in words] == [1, 2, 3]
    assert [citation.quote for citation in citations.all()] == words
    assert [citation.marker for citation in citations.all()] == [1, 2, 3]


def test_the_same_span_keeps_its_number_whatever_rank_it_came_with(
    lamp: Article, sentence: Callable[..., Sentence]
) -> None:
    citations = Citations()
    first = citations.of(sentence(lamp, "Two oils.", rank=0))
    citations.of(sentence(lamp, "Three wicks."))
    assert citations.of(sentence(lamp, "Two oils.", rank=7, before="🌊 One lamp.")) is first
    assert len(citations.all()) == 2


def test_the_same_words_elsewhere_are_another_citation(
    article: Callable[..., Article], lamp: Article
) -> None:
    citations = Citations()
    twin = article(TEXT, id="twin")
    spans = [(lamp, 2, 11), (lamp, 35, 44), (twin, 2, 11)]
    found = [citations.of(Sentence(each, start, end, 0, "")) for each, start, end in spans]
    assert [(c.marker, c.article_id, c.quote) for c in found] == [
        (1, "a", "One lamp."),
        (2, "a", "One lamp."),
        (3, "twin", "One lamp."),
    ]


def test_a_citation_carries_its_article_and_the_exact_span(
    lamp: Article, sentence: Callable[..., Sentence]
) -> None:
    citation = Citations().of(sentence(lamp, "Two oils.\nThree wicks."))
    assert (citation.article_id, citation.title, citation.url) == ("a", "The lamp", "https://quay.example/")
    assert (citation.site, citation.published) == ("The Quay", date(2024, 5, 1))
    assert (citation.start, citation.end) == (12, 34)
    assert lamp.text[citation.start : citation.end] == citation.quote == "Two oils.\nThree wicks."


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1, 5), (0, len(TEXT) + 1), (5, 5), (6, 5), (len(TEXT), len(TEXT) + 1)],
    ids=["before the start", "beyond the end", "empty", "backwards", "after it all"],
)
def test_a_span_outside_its_article_is_refused_and_takes_no_number(
    lamp: Article, start: int, end: int
) -> None:
    citations = Citations()
    with pytest.raises(ValueError, match="not within article 'a'"):
        citations.of(Sentence(lamp, start, end, 0, ""))
    assert citations.all() == ()
    assert citations.of(Sentence(lamp, 0, 11, 0, "")).marker == 1


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("3", (3,)),
        (" 12 ", (12,)),
        ("3, 5", (3, 5)),
        ("3; 5 and 7", (3, 5, 7)),
        ("3-5", (3, 4, 5)),
        ("3 – 5, 9", (3, 4, 5, 9)),
        ("1-500", (1, 500)),
        ("5-3", (5, 3)),
        ("^3", (3,)),
        ("#3", (3,)),
        ("S3, S5", (3, 5)),
        ("sentence 3", (3,)),
        ("3†source", (3,)),
        ("3, 3", (3,)),
        ("", None),
        ("sic", None),
        ("2024-05-01", None),
        ("1234567", None),
        ("３", None),
        ("3a", None),
    ],
)
def test_the_numbers_of_a_models_marker(inside: str, found: tuple[int, ...] | None) -> None:
    assert numbers(inside) == found

"""Spans of several passages, pooled."""

import math
from datetime import date

import pytest

from index.types import Article, Hit
from qa.candidates import Candidate, pooled
from qa.reader import Reading, Span

TEXT = "It was Ada Lind, they say. (Bo Sand (the smith) came.)"
ARTICLE = Article("a", "T", TEXT, "a.txt", None, (), date(2024, 1, 1), None, None, "en")


def hit(start: int, end: int, score: float = 0.0) -> Hit:
    return Hit(ARTICLE.passage(start, end), score)


def reading(text: str, *spans: tuple[str, float], odds: float = 0.0) -> Reading:
    return Reading(
        odds, tuple(Span(text.index(words), text.index(words) + len(words), s) for words, s in spans)
    )


def test_what_a_candidates_places_weigh_is_the_log_of_the_sum_of_exp_of_half_their_scores() -> None:
    says = reading(TEXT, ("Ada Lind", 2.0), ("Bo Sand", 0.0))
    found = pooled([hit(0, len(TEXT))], [says], [0.0])
    assert [(each.text, each.pooled) for each in found] == [("Ada Lind", 1.0), ("Bo Sand", 0.0)]
    (twice, _) = pooled([hit(0, len(TEXT))] * 2, [says, reading(TEXT, ("Ada Lind", 2.0))], [0.0, 0.0])
    assert twice.pooled == pytest.approx(1 + math.log(2))


def test_what_several_passages_say_is_likelier_than_what_one_says_a_little_louder() -> None:
    readings = [reading(TEXT, ("Bo Sand", 1.0)), *[reading(TEXT, ("Ada Lind", 0.5))] * 2]
    found = pooled([hit(0, len(TEXT))] * 3, readings, [0.0] * 3)
    assert found[0].text == "Ada Lind"
    assert [place[0] for place in found[0].places] == [1, 2]


def test_odds_search_score_and_favour_lift_a_passages_spans() -> None:
    says = [reading(TEXT, ("Ada Lind", 0.0)), reading(TEXT, ("Bo Sand", 0.0), odds=1.0)]
    hits = [hit(0, len(TEXT), 0.0), hit(0, len(TEXT), 0.5)]
    assert [each.text for each in pooled(hits, says, [0.0, 0.0])] == ["Bo Sand", "Ada Lind"]
    assert [each.text for each in pooled(hits, says, [3.0, 0.0])] == ["Ada Lind", "Bo Sand"]


@pytest.mark.parametrize(
    ("words", "short"),
    [("Ada Lind,", "Ada Lind"), ("(Bo Sand", "Bo Sand"), ("(Bo Sand (the smith)", "Bo Sand (the smith)")],
)
def test_punctuation_around_a_span_is_none_of_it(words: str, short: str) -> None:
    (found,) = pooled([hit(0, len(TEXT))], [reading(TEXT, (words, 1.0))], [0.0])
    assert found.text == short
    _, start, end = found.places[0]
    assert TEXT[start:end] == short


def test_the_same_words_but_for_case_and_article_are_one_answer() -> None:
    text = "The smith came. A SMITH left."
    article = Article("b", "T", text, "b.txt", None, (), None, None, None, "en")
    (found,) = pooled(
        [Hit(article.passage(0, len(text)), 0.0)],
        [reading(text, ("The smith", 1.0), ("A SMITH", 2.0))],
        [0.0],
    )
    assert (found.text, len(found.places)) == ("A SMITH", 2)


def test_places_are_those_of_the_article_not_of_the_passage() -> None:
    passage = hit(7, 26)
    (found,) = pooled([passage], [reading(passage.passage.text, ("Ada Lind", 1.0))], [0.0])
    assert found.places == ((0, 7, 15),)


def test_spans_of_punctuation_only_and_no_spans_give_no_candidate() -> None:
    found: list[Candidate] = pooled([hit(0, len(TEXT))], [reading(TEXT, (".", 1.0))], [0.0])
    assert found == [] == pooled([hit(0, len(TEXT))], [reading(TEXT)], [0.0])

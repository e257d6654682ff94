"""Answers against the right ones, as SQuAD compares them."""

import pytest

from qa.scoring import contains, exact, f1, normalised, rank


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The Harbour  Lamp!", "harbour lamp"),
        ("a “quoted”\nword — twice…", "quoted word twice"),
        ("An anthem", "anthem"),
        ("4–0", "4 0"),
        ("£52m", "£52m"),
        ("the", ""),
    ],
)
def test_case_punctuation_articles_and_spaces_do_not_count(text: str, plain: str) -> None:
    assert normalised(text) == plain


def test_an_answer_is_exact_when_it_is_one_of_the_right_ones() -> None:
    assert exact("the Ada Lind.", ["Bo Sand", "Ada Lind"])
    assert not exact("Ada", ["Ada Lind"])
    assert not exact("Ada", [])


@pytest.mark.parametrize(
    ("answer", "right", "value"),
    [
        ("Ada Lind", ["Ada Lind"], 1.0),
        ("Ada", ["Ada Lind"], 2 / 3),
        ("Ada Ada", ["Ada Lind"], 0.5),
        ("Bo", ["Ada Lind"], 0.0),
        ("Bo", ["Ada Lind", "Bo Sand"], 2 / 3),
        ("Bo", [], 0.0),
        ("the", ["a"], 1.0),
        ("the", ["Bo"], 0.0),
    ],
)
def test_f1_counts_the_words_in_common(answer: str, right: list[str], value: float) -> None:
    assert f1(answer, right) == pytest.approx(value)


def test_a_text_contains_whole_words_only() -> None:
    assert contains("It cost 40 crowns.", ["40 Crowns"])
    assert not contains("It cost 140 crowns.", ["40 crowns"])
    assert not contains("It cost 40 crowns.", ["the"])


def test_the_rank_is_that_of_the_first_text_with_an_answer() -> None:
    assert rank(["no", "Ada did", "Ada too"], ["Ada"]) == 2
    assert rank(["no"], ["Ada"]) is None
    assert rank([], ["Ada"]) is None

"""A span as a short answer."""

import pytest

from qa.short import is_yes_no, short_answer


@pytest.mark.parametrize(
    "question",
    ["Did it rain?", "And is the bridge open?", "Hasn't she won?", "so, will they sue?", "Can I swim there?"],
)
def test_asked_for_yes_or_no(question: str) -> None:
    assert is_yes_no(question)


@pytest.mark.parametrize(
    "question",
    ["Who did it?", "Was it rain or snow?", "What is it?", "In May, did it rain?", "May", "Isle?", ""],
)
def test_asked_for_something_else(question: str) -> None:
    assert not is_yes_no(question)


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("Did Oswin kill anyone?", "Nobody died in the storm.", "No"),
        ("Did anyone see it?", "Three people saw the seal.", "Yes"),
        ("Didn't she win?", "She did not win.", "Yes"),
        ("Will they sue?", "The firm ruled out an appeal.", "No"),
        ("Was he paid?", "He waived his fee.", "No"),
    ],
)
def test_yes_where_the_sentence_says_so_and_no_where_it_denies_it(
    question: str, sentence: str, short: str
) -> None:
    assert short_answer(question, "whatever was found", sentence) == short


def test_a_span_is_the_short_answer_as_it_stands() -> None:
    assert short_answer("Who lit it?", "Ada Lind", "Ada Lind lit it.") == "Ada Lind"


def test_a_span_that_is_too_long_to_be_short_is_none() -> None:
    assert short_answer("Why?", "word " * 14, "…") is not None
    assert short_answer("Why?", "word " * 15, "…") is None

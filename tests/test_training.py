"""Questions that training turns into ones which their passage does not answer."""

import random
import re

import pytest

from training.contrary import altered, denied, exchanged, opposed
from training.examples import FOLLOW_UP, Example, articles, written
from training.following import followed

PASSAGE = "Later the lamp of Ada Lind was lit before Bo Sund and 40 boats; in 1987 it had been first."


def asked(question: str, answer: str = "40") -> Example:
    at = PASSAGE.index(answer)
    return Example(question, PASSAGE, ((at, at + len(answer), 1.0),), "", "written")


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("What was lit before the boats left?", "What was lit after the boats left?"),
        ("Which was the first lamp of all?", "Which was the last lamp of all?"),
        ("How high was the lamp?", None),  # "How low" would be the same question
        ("Who lit the lamp?", None),
    ],
)
def test_a_word_becomes_its_opposite(question: str, changed: str | None) -> None:
    found = opposed([asked(question)], random.Random(1), 5)
    assert [(each.question, each.answers) for each in found] == ([(changed, ())] if changed else [])


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("How many boats did Bo see?", "How many boats didn't Bo see?"),
        ("Who watched the lamp?", "Who never watched the lamp?"),
        ("At what hour?", None),
    ],
)
def test_a_question_is_denied(question: str, changed: str | None) -> None:
    found = denied([asked(question)], random.Random(1), 5)
    assert [(each.question, each.answers) for each in found] == ([(changed, ())] if changed else [])


def test_a_name_of_the_passage_takes_the_place_of_another_but_for_the_answers() -> None:
    question = asked("In which year was the lamp of Ada Lind first?", "1987")
    found = {exchanged([question], random.Random(seed), 1)[0].question for seed in range(20)}
    assert found == {"In which year was the lamp of Bo Sund first?"}
    short = asked("When did Ada Lind come?", "1987")  # could well be asked of others
    assert not exchanged([short], random.Random(1), 1)


def test_a_name_is_replaced_by_one_that_the_passage_does_not_have() -> None:
    questions = [asked("Did they see Ada Lind?"), asked("Did they see Cy Dahl?")]
    found = altered(questions, random.Random(1), 2)
    assert {each.question for each in found} <= {"Did they see Cy Dahl?"}
    assert all(not each.answers for each in found)


def test_a_question_follows_another_one_of_its_passage_and_is_answered() -> None:
    when, who = asked("When was the lamp of Ada Lind first?", "1987"), asked("Who saw Ada Lind?", "Bo Sund")
    found = {
        (each.question, each.answers)
        for seed in range(99)
        for each in followed([when, who], random.Random(seed), 2)
    }
    assert {("Who saw her? (When was the lamp of Ada Lind first? 1987.)", who.answers)} < found
    assert {("And when was the lamp of Ada Lind first? (Who saw Ada Lind?)", when.answers)} < found
    assert {question.partition(" (")[2] for question, _ in found} == {
        f"{each.question}{told})"
        for each, answer in ((when, "1987"), (who, "Bo Sund"))
        for told in ("", f" {answer}.")
    }


def test_written_follow_ups_are_put_as_the_reader_is_asked_them() -> None:
    found = [each for each in written(kept_back=False) if each.source == FOLLOW_UP]
    assert len(found) > 500
    assert all(re.fullmatch(r".+ \(.+\)", each.question) for each in found)


def test_every_answer_of_the_written_articles_stands_in_its_text() -> None:
    missing = [
        (article["id"], answer)
        for article, _ in articles()
        for each in article["questions"]
        for answer in each["answers"]
        if not re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", article["text"])
    ]
    assert not missing

"""Whether a question stands alone, and what is searched when it does not."""

import time

import pytest

from qa import Turn
from qa.followup import needs_history, stand_alone

ALONE = (
    "Who was expelled from France?",
    "What did Ada Lind say about the harbour lamp?",
    "How many people live in Harrowmouth?",
    "Is Paris big?",
    "When was Ada Lind born?",
    "Which company bought Lindmoor in March?",
    "What happened on Monday?",
    "Who is Okonjo?",
    "Where is Puffin Bay?",
    "In what year did Puffin start?",
)
LEANING = (
    "And when?",
    "Why?",
    "When?",
    "Who won it?",
    "Who won the race?",
    "How much?",
    "Where was it?",
    "What did she do before that?",
    "Who replaced him?",
    "What about the second turbine at Puffin Bay?",
    "But who paid for the repairs in the end?",
    "Is there another one?",
    "Tell me more",
    "Whom did they beat?",
    "and in Paris?",
    "… and after that, what?",
    "Who else?",
    "Really?",
    "For how much longer?",
    "To whom?",
    "In what year?",
)


@pytest.mark.parametrize("question", ALONE)
def test_a_question_that_names_what_it_is_about_stands_alone(question: str) -> None:
    assert not needs_history(question)


@pytest.mark.parametrize("question", LEANING)
def test_a_question_that_points_back_or_goes_on_needs_its_history(question: str) -> None:
    assert needs_history(question)


def test_a_word_that_points_back_is_found_as_a_word_only() -> None:
    assert not needs_history("How high is the Italian kitchen ceiling in Shetland?")


def test_three_words_need_no_history_where_they_hold_a_name() -> None:
    assert not needs_history("Did Okonjo win?")
    assert needs_history("Did anyone win?")
    assert not needs_history("Did anyone win today?")


def test_without_history_any_question_stands_as_it_is() -> None:
    standing = stand_alone("And when?", [])
    assert (standing.question, standing.wordings) == ("And when?", ("And when?",))


def test_empty_turns_are_no_history() -> None:
    assert stand_alone("And when?", [Turn("", "Hello."), Turn("  ", "")]).wordings == ("And when?",)


def test_a_question_that_stands_alone_counts_most_whatever_came_before() -> None:
    history = [Turn("Who won the cup?", "Albion.")]
    standing = stand_alone("Who was expelled from France?", history)
    assert standing.question == standing.wordings[0] == "Who was expelled from France?"
    assert standing.weights[0] > 2 * max(standing.weights[1:])


def test_a_follow_up_is_searched_with_the_last_question_and_its_answer() -> None:
    standing = stand_alone("And when?", [Turn("Where?", "There."), Turn(" Who won the cup? ", " Albion.\n")])
    assert standing.question == "Who won the cup? And when?"
    assert standing.wordings == (
        "And when?",
        "Who won the cup? And when?",
        "Who won the cup? Albion. And when?",
    )
    assert standing.weights == (1, 1, 1)


def test_the_answer_is_that_of_the_question_before() -> None:
    turns = [Turn("Who won the cup?", "Albion."), Turn(" ", "Ask something.")]
    assert stand_alone("And when?", turns).wordings[-1] == "Who won the cup? Albion. And when?"


def test_without_an_answer_nothing_is_searched_twice() -> None:
    standing = stand_alone("And when?", [Turn("Who won the cup?", " ")])
    assert standing.wordings[1] == standing.wordings[2] == "Who won the cup? And when?"


def test_of_a_long_answer_the_beginning_is_searched() -> None:
    widest = stand_alone("And when?", [Turn("Who?", "word " * 39 + "last beyond " * 9)]).wordings[-1]
    assert widest == f"Who? {'word ' * 39}last And when?"


def test_after_a_follow_up_the_question_that_it_followed_is_searched_too() -> None:
    turns = [Turn("Who won the Coastal Cup?", "**Albion** did."), Turn("And when?", "In **May**.")]
    standing = stand_alone("Where was it?", turns)
    assert standing.wordings == (
        "Where was it?",
        "Who won the Coastal Cup? And when? Where was it?",
        "Who won the Coastal Cup? And when? In **May**. Where was it?",
    )
    assert standing.read == "Where was it? (Who won the Coastal Cup? And when? May.)"


def test_after_a_new_subject_the_old_one_is_searched_no_more() -> None:
    turns = [Turn("Who won the cup?", "Albion."), Turn("Who lit the lamp at Lund?", "Ada Lind.")]
    assert stand_alone("And when?", turns).wordings[1] == "Who lit the lamp at Lund? And when?"


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("", "And when? (Who won the cup?)"),
        ("Albion.", "And when? (Who won the cup? Albion.)"),
        (
            "It was **Albion** who won the cup, in the end, after all. [1]",
            "And when? (Who won the cup? Albion.)",
        ),
        ("I could not find that in any of your articles.", "And when? (Who won the cup?)"),
    ],
)
def test_the_reader_is_asked_a_follow_up_before_what_it_follows(answer: str, read: str) -> None:
    assert stand_alone("And when?", [Turn("Who won the cup?", answer)]).read == read


def test_of_a_long_question_before_the_reader_is_told_the_beginning() -> None:
    read = stand_alone("And when?", [Turn("Who won the cup, " + "say " * 300, "")]).read
    assert read == f"And when? (Who won the cup,{' say' * 20})"


def test_a_question_that_stands_alone_is_read_alone() -> None:
    read = stand_alone("Who was expelled from France?", [Turn("Who won the cup?", "Albion.")]).read
    assert read == "Who was expelled from France?"


@pytest.mark.parametrize(
    "question",
    ["why " + "a" * 4000 + " b c d e", "why " + "a " * 2000 + "!", "and" + " " * 4000 + "x", "W" * 4000],
    ids=["one long word", "many words", "many spaces", "one name"],
)
def test_the_longest_question_takes_no_time(question: str) -> None:
    began = time.perf_counter()
    needs_history(question)
    assert time.perf_counter() - began < 0.5

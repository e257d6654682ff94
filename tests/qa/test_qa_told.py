"""Answers that are no span: key sentences, and what metadata say; asked of a library."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qa import Assistant, Settings, Turn

LAMP = (
    "---\ntitle: The harbour lamp\nauthor: Ada Lind\ndate: 2024-05-01\nsite: The Quay\n---\n\n"
    "The harbour lamp was lit on Monday. It burned for nine hours.\n\nThe oil for the lamp cost 40 crowns.\n"
)
CLOCK = "---\ntitle: The station clock\n---\n\nThe station clock was wound on Friday by Bo Sand.\n"


@pytest.fixture(scope="module")
def shelf(module_library: Callable[..., Any]) -> Any:
    return module_library({"lamp.md": LAMP, "clock.md": CLOCK})


@pytest.fixture
def assistant(shelf: Any) -> Iterator[Assistant]:
    with Assistant(shelf.open(), Settings(abstain_below=0)) as assistant:
        yield assistant


def test_who_wrote_an_article_is_told_from_its_metadata(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote the article about the harbour lamp?")
    assert answer.short == "Ada Lind"
    first, _, quoted = answer.text.partition("\n\n")
    assert first == "“The harbour lamp” (The Quay, 1 May 2024) was written by **Ada Lind**."
    assert quoted.endswith(" [1]")
    assert [citation.title for citation in answer.citations] == ["The harbour lamp"]


def test_what_metadata_do_not_say_is_not_made_up(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote the article about the station clock?")
    assert answer.short is None
    assert answer.text.startswith("“The station clock” does not say who wrote it.")


def test_when_it_was_published(assistant: Assistant) -> None:
    answer = assistant.ask("When was the article about the harbour lamp published?")
    assert answer.short == "1 May 2024"
    assert "was published on **1 May 2024**." in answer.text


def test_which_article_says_something_is_named_with_its_sentence(assistant: Assistant) -> None:
    answer = assistant.ask("Which article mentions the oil for the lamp?")
    assert answer.short == "The harbour lamp"
    assert answer.citations[0].quote == "The oil for the lamp cost 40 crowns."
    assert answer.text.startswith("“**The harbour lamp**”, by Ada Lind (The Quay, 1 May 2024):\n\n")


def test_a_follow_up_asks_for_the_article_of_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Who wrote that?", [Turn("What did the oil for the lamp cost?", "40 crowns. [1]")])
    assert answer.short == "Ada Lind"


@pytest.mark.parametrize(
    ("title", "short"), [("The harbour lamp", "Ada Lind"), ("the Harbour Lamp!", "Ada Lind")]
)
def test_a_title_in_quotation_marks_is_that_article(assistant: Assistant, title: str, short: str) -> None:
    assert assistant.ask(f"Who wrote “{title}”?").short == short


def test_of_a_title_no_other_article_is_named(module_library: Callable[..., Any]) -> None:
    shelf = module_library(
        {
            "one.md": "---\ntitle: The lamp\n---\n\nThe lamp was lit on Monday, early in the day.\n",
            "two.md": "---\ntitle: The lamp again\n---\n\nThe lamp was lit by Bo, said the keeper.\n",
        }
    )
    with Assistant(shelf.open(), Settings(abstain_below=0)) as assistant:
        answer = assistant.ask("What is the link of the article “The lamp”?")
        several = assistant.ask("Which articles are about the lamp that was lit?")
    assert [citation.title for citation in answer.citations] == ["The lamp"]
    assert len(several.citations) == 2


def test_a_title_that_is_no_articles_is_asked_of_what_they_say(assistant: Assistant) -> None:
    assert "was written by" not in assistant.ask("Who wrote “The harbour clock”?").text


def test_metadata_of_nothing_that_fits_are_not_stated(shelf: Any) -> None:
    with Assistant(shelf.open(), Settings(abstain_below=0.99)) as assistant:
        answer = assistant.ask("Who wrote the article about the moons of Jupiter?")
    assert answer.abstained
    assert answer.short is None
    assert "written by" not in answer.text


def test_a_question_that_wants_to_be_told_gets_key_sentences_in_reading_order(assistant: Assistant) -> None:
    answer = assistant.ask("What happened to the harbour lamp?")
    assert answer.short is None
    starts = [(c.article_id, c.start) for c in answer.citations]
    assert answer.citations[0].title == "The harbour lamp"
    own = [start for id, start in starts if id == starts[0][0]]
    assert own == sorted(own)


def test_an_old_answer_about_now_says_so(assistant: Assistant) -> None:
    [note] = assistant.ask("What does the oil for the harbour lamp currently cost?").notes
    assert note == "The newest article quoted here is of 1 May 2024; much may have changed since."


def test_a_question_about_last_week_says_that_nothing_is_of_last_week(assistant: Assistant) -> None:
    notes = assistant.ask("Who lit the harbour lamp last week?").notes
    assert notes[0].startswith("None of your articles was published from ")


@pytest.mark.parametrize("question", ["Tell me about the harbour.", "Which article mentions the harbour?"])
def test_no_more_passages_are_weighed_than_may_be_read(shelf: Any, question: str) -> None:
    with Assistant(shelf.open(), Settings(abstain_below=0, read=1)) as assistant:
        hits = assistant.ask(question).hits
    assert [hit.score > 0 for hit in hits] == [True, *[False] * (len(hits) - 1)]
    assert len(hits) > 1

"""From hits to what an answer says."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qa import Assistant, Settings
from qa.answering import wants_to_be_told

OLD = (
    "---\ntitle: The ferry fare\ndate: 2023-03-10\n---\n\n"
    "The ferry to the island costs four crowns, said the company.\n"
)
NEW = (
    "---\ntitle: The ferry fare rises\ndate: 2025-06-20\n---\n\n"
    "The ferry to the island costs nine crowns, said the company.\n"
)


@pytest.fixture(scope="module")
def ferries(module_library: Callable[..., Any]) -> Any:
    return module_library({"old.md": OLD, "new.md": NEW})


@pytest.fixture
def assistant(ferries: Any) -> Iterator[Assistant]:
    with Assistant(ferries.open(), Settings(abstain_below=0, sentences=1)) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("question", "crowns"),
    [
        ("What did the ferry to the island cost in March 2023?", "four"),
        ("What did the ferry to the island cost in June 2025?", "nine"),
        ("What does the ferry to the island cost now?", "nine"),
        ("What did the ferry to the island cost before 2024?", "four"),
        ("What has the ferry to the island cost since 2025?", "nine"),
        # No word of these stands beside the passages.
        ("What did the ferry to the island cost between November 2022 and February 2024?", "four"),
        ("What did the ferry to the island cost between July 2024 and February 2026?", "nine"),
        ("What has the ferry to the island cost since 2024?", "nine"),
    ],
)
def test_the_article_of_the_time_that_is_asked_about_answers(
    assistant: Assistant, question: str, crowns: str
) -> None:
    answer = assistant.ask(question)
    assert answer.citations[0].quote == f"The ferry to the island costs {crowns} crowns, said the company."
    assert answer.hits[0].passage.text == answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "What happened to the ferry?",
        "Tell me about the ferry",
        "Please summarise the article on the ferry.",
        "Give me a short summary of the ferry",
        "What do the articles say about the ferry?",
        "What is the dispute about?",
        "Describe the ferry",
    ],
)
def test_a_question_that_wants_to_be_told(question: str) -> None:
    assert wants_to_be_told(question)


@pytest.mark.parametrize(
    "question",
    ["What does the ferry cost?", "Who told her?", "When did it happen?", "Who was described?", ""],
)
def test_a_question_that_has_a_short_answer(question: str) -> None:
    assert not wants_to_be_told(question)

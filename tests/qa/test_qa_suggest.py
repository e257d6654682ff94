"""The questions to begin with."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from qa import Assistant, Settings
from qa.suggest import suggestions

NAMED = "---\ntitle: {title}\ndate: {date}\n---\n\n{text}\n"
ARTICLES = {
    "old.md": NAMED.format(
        title="Oldest", date="2019-01-01", text="Then Ada Lind came. Later Ada Lind left."
    ),
    "new.md": NAMED.format(
        title="Newest", date="2024-01-01", text="Now Bo Sand won. So Bo Sand rests. Yes, Cy Orr."
    ),
    "none.md": NAMED.format(title="No name", date="2022-01-01", text="Nobody is named here. Nothing is."),
    "once.md": NAMED.format(title="Named once", date="2021-01-01", text="It was Cy Orr. It was over."),
    "twin.md": NAMED.format(title="Twin", date="2018-01-01", text="Again Ada Lind sang. So Ada Lind slept."),
}


@pytest.fixture(scope="module")
def shelf(module_library: Callable[..., Any]) -> Any:
    return module_library(ARTICLES)


def test_they_ask_about_the_name_that_is_said_most_the_newest_article_first(shelf: Any) -> None:
    with shelf.open() as index:
        assert suggestions(index, 9) == [
            "What is said about Bo Sand?",
            "What is “No name” about?",
            "What is “Named once” about?",
            "What is said about Ada Lind?",
        ]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_there_are_no_more_than_are_wanted(shelf: Any, n: int) -> None:
    with shelf.open() as index:
        assert len(suggestions(index, n)) == n


def test_an_assistant_offers_four(shelf: Any) -> None:
    with Assistant(shelf.open(), Settings()) as assistant:
        assert assistant.suggestions() == suggestions(assistant.index, 4)
        assert len(assistant.suggestions()) == 4


def test_a_hostile_article_takes_no_time(library: Callable[..., Any]) -> None:
    shelf = library({"hostile.txt": "x " + "-".join(f"Q{n}" for n in range(6_000))})
    with shelf.open() as index:
        began = time.perf_counter()
        suggestions(index, 4)
        assert time.perf_counter() - began < 1

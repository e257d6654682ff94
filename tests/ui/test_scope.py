"""What a conversation is about."""

from datetime import date

import pytest

from index import Filter
from ui.scope import MAX_CHOSEN, Scope

DAY = date(2025, 5, 1)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(), ""),
        (Scope(articles=("a",)), "1 article"),
        (Scope(articles=("a", "b"), sites=("The Quay",)), "2 articles · The Quay"),
        (Scope(sites=("a", "b"), since=DAY), "2 sites · since 1 May 2025"),
        (Scope(until=DAY), "until 1 May 2025"),
        (Scope(since=DAY, until=DAY), "from 1 May 2025 to 1 May 2025"),
    ],
)
def test_in_words(scope: Scope, words: str) -> None:
    assert scope.words() == words


def test_it_is_the_same_after_json_and_a_filter_of_all_of_it() -> None:
    scope = Scope(("a",), ("The Quay",), DAY, DAY)
    assert Scope.of(scope.values()) == scope
    assert scope.filter() == Filter.of(DAY, DAY, ["The Quay"], ["a"])
    assert Scope().values() == {} and Scope().filter() is None


@pytest.mark.parametrize("values", [None, [], "x", {"articles": "abc", "since": "soon", "sites": {}}])
def test_what_cannot_be_meant_restricts_nothing(values: object) -> None:
    assert Scope.of(values) == Scope()


def test_it_has_an_end() -> None:
    assert len(Scope.of({"articles": ["a"] * 10_000}).articles) == MAX_CHOSEN

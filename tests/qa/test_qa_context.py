"""What a model is given to read: packed by rank within a budget, whole sentences, each once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from index.snapshot import Snapshot
from index.types import Hit
from qa.context import Context, counting, packed

WORDS = "apple bread cloud dress eagle flour glass honey inlet jewel".split()
PARAGRAPH = " ".join(f"Sentence number {n} tells of the {word}." for n, word in enumerate(WORDS))


@pytest.fixture
def snapshot(library: Callable[..., Any]) -> Iterator[Snapshot]:
    files = {
        "one.txt": f"First title\n\n{PARAGRAPH}\n",
        "three.txt": "Third title\n\nThe gull came.\n\nIt took a hat.\n\nThe mayor ran after it.\n",
        "two.txt": "Second title\n\nSentence number 3 tells of the dress. Another says something else.\n",
    }
    with library(files).open() as index, index.pinned() as snapshot:
        yield snapshot


def hit(snapshot: Snapshot, title: str, first: str, last: str) -> Hit:
    """The stretch of that article from `first` to `last`."""
    (article,) = [each for each in snapshot.catalog.articles() if each.title == title]
    start = article.text.index(first)
    return Hit(article.passage(start, article.text.index(last, start) + len(last)), 1.0)


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def lines(context: Context) -> list[str]:
    return [line for line in context.text.split("\n") if line.startswith("[")]


def test_numbers_stand_for_the_sentences_in_reading_order(snapshot: Snapshot) -> None:
    middle = hit(snapshot, "First title", "Sentence number 4", "the eagle.")
    context = packed(snapshot, [middle], [], 1000, words)
    assert context.text.split("\n")[0] == "Article: First title"
    found = [line.split(" tells")[0] for line in lines(context)]
    assert found == [f"[{n}] Sentence number {n + 1}" for n in range(1, 6)]
    for number, sentence in enumerate(context.sentences, start=1):
        assert f"[{number}] {sentence.text}" in context.text
        assert sentence.article.text[sentence.start : sentence.end] == sentence.text


def test_the_best_come_first_into_a_small_budget_and_the_rest_is_counted(snapshot: Snapshot) -> None:
    hits = [
        hit(snapshot, "Second title", "Another", "else."),
        hit(snapshot, "First title", "Sentence number 0", "the cloud."),
    ]
    context = packed(snapshot, hits, [], 13, words)
    assert [sentence.text for sentence in context.sentences] == ["Another says something else."]
    assert context.left_out == 3
    assert context.tokens <= 13
    assert words([context.text]) <= [13]


@pytest.mark.parametrize("budget", range(0, 120, 7))
def test_no_budget_is_exceeded_and_no_sentence_cut(snapshot: Snapshot, budget: int) -> None:
    hits = [
        hit(snapshot, "First title", "Sentence number 0", "the jewel."),
        hit(snapshot, "Second title", "Another", "else."),
    ]
    context = packed(snapshot, hits, [], budget, words)
    assert words([context.text]) <= [budget]
    assert all(line.endswith(".") for line in lines(context))
    assert len(context.sentences) + context.left_out == 11


def test_neighbours_are_added_only_while_there_is_room(snapshot: Snapshot) -> None:
    middle = hit(snapshot, "First title", "Sentence number 4", "the eagle.")
    assert len(packed(snapshot, [middle], [], 1000, words).sentences) == 5
    few = packed(snapshot, [middle], [], 22, words)
    assert len(few.sentences) == 2 and few.left_out == 0


def test_sentences_that_say_the_same_are_given_once(snapshot: Snapshot) -> None:
    hits = [
        hit(snapshot, "First title", "Sentence number 3", "the dress."),
        hit(snapshot, "Second title", "Sentence", "else."),
    ]
    context = packed(snapshot, hits, [], 1000, words)
    assert context.text.count("tells of the dress.") == 1
    assert context.folded >= 1


def test_tokens_are_counted_rather_too_many_than_too_few(snapshot: Snapshot) -> None:
    count = counting(snapshot)
    empty, lamp, lighthouse, long = count(
        ["", "Ada Lind lit the harbour lamp on Monday.", "灯塔的灯在星期一点亮", "x" * 4000]
    )
    assert empty == 1
    assert 10 <= lamp <= 16
    assert lighthouse >= 8
    assert long >= 1000


def test_neighbours_stand_in_the_paragraphs_before_and_after(snapshot: Snapshot) -> None:
    hits = [hit(snapshot, "Third title", "It took", "a hat.")]
    context = packed(snapshot, hits, [], 1000, words)
    assert lines(context) == ["[1] The gull came.", "[2] It took a hat.", "[3] The mayor ran after it."]

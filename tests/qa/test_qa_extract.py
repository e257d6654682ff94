"""The short answer and its sentences, from hits and what a reader says of them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from index.reading import Index
from index.snapshot import Snapshot
from index.types import Hit
from qa.extract import Extract, extract, said_of
from qa.followup import Standing
from qa.reader import Reader, Reading, Span

QUESTION = "Who lit the harbour lamp?"
FILES = {
    "one.md": "---\ntitle: One\ndate: 2024-05-01\n---\n\nAda Lind lit the harbour lamp. It burned.\n",
    "two.md": "---\ntitle: Two\n---\n\nThe lamp was lit by Ada Lind, says Bo Sand. The lamp is old.\n",
    "three.md": "---\ntitle: Three\n---\n\nBo Sand wound the clock. Ada Lind looked on.\n",
}


class Scripted(Reader):
    """Says of each passage what it was told to say, by the first word of the article's title."""

    def __init__(self, **says: tuple[float, dict[str, float]]) -> None:
        self.says = says
        self.asked: list[str] = []

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        found = []
        for said, text in passages:
            self.asked.append(said)
            odds, spans = self.says.get(said.split()[0], (-9.0, {}))
            places = [
                Span(text.index(words), text.index(words) + len(words), s) for words, s in spans.items()
            ]
            found.append(Reading(odds, tuple(sorted(places, key=lambda span: -span.score))))
        return found


@pytest.fixture(autouse=True)
def equal_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the encoder thinks of sentences is tested by itself: here all are as likely."""
    monkeypatch.setattr(
        "qa.extract.log_odds", lambda snapshot, question, sentences, in_context: [0.0] * len(sentences)
    )


@pytest.fixture(scope="module")
def lamps(module_library: Callable[..., Any]) -> Any:
    return module_library(FILES)


@pytest.fixture
def snapshot(lamps: Any) -> Iterator[Snapshot]:
    index: Index = lamps.open()
    with index, index.pinned() as snapshot:
        yield snapshot


@pytest.fixture
def hits(snapshot: Snapshot) -> list[Hit]:
    """One of each article: One, Three, Two."""
    articles = sorted(snapshot.catalog.articles(), key=lambda article: article.title)
    return [Hit(article.passage(0, len(article.text)), 0.5) for article in articles]


def read(
    snapshot: Snapshot, hits: Sequence[Hit], reader: Reader, question: str = QUESTION, **given: Any
) -> Extract:
    given = {"favours": [0.0] * len(hits), "most_read": 10, "most_quoted": 3} | given
    return extract(snapshot, reader, Standing(question, (question,), (1.0,)), hits, **given)


def quoted(found: Extract) -> list[tuple[str, str | None]]:
    """The sentences, each with what is set in bold."""
    return [
        (
            quote.sentence.text,
            quote.answer and quote.sentence.article.text[quote.answer[0] : quote.answer[1]],
        )
        for quote in found.quotes
    ]


def test_the_sentence_around_the_best_span_is_quoted_with_the_span_in_bold(
    snapshot: Snapshot, hits: list[Hit]
) -> None:
    found = read(snapshot, hits, Scripted(One=(3, {"Ada Lind": 8.0})))
    assert quoted(found) == [("Ada Lind lit the harbour lamp.", "Ada Lind")]
    assert found.short == "Ada Lind"


def test_another_article_that_says_the_same_is_quoted_too(snapshot: Snapshot, hits: list[Hit]) -> None:
    reader = Scripted(One=(3, {"Ada Lind": 8.0}), Two=(1, {"Ada Lind": 5.0}))
    assert quoted(read(snapshot, hits, reader)) == [
        ("Ada Lind lit the harbour lamp.", "Ada Lind"),
        ("The lamp was lit by Ada Lind, says Bo Sand.", "Ada Lind"),
    ]


def test_an_answer_nearly_as_likely_is_quoted_after_the_likeliest(
    snapshot: Snapshot, hits: list[Hit]
) -> None:
    reader = Scripted(One=(1, {"Ada Lind": 2.0}), Three=(1, {"Bo Sand": 1.9}))
    assert [sentence for sentence, _ in quoted(read(snapshot, hits, reader))] == [
        "Ada Lind lit the harbour lamp.",
        "Bo Sand wound the clock.",
    ]
    reader = Scripted(One=(1, {"Ada Lind": 9.0}), Three=(1, {"Bo Sand": 1.9}))
    assert len(read(snapshot, hits, reader).quotes) == 1


def test_no_more_sentences_are_quoted_than_are_wanted(snapshot: Snapshot, hits: list[Hit]) -> None:
    reader = Scripted(One=(3, {"Ada Lind": 8.0}), Two=(1, {"Ada Lind": 5.0}))
    assert len(read(snapshot, hits, reader, most_quoted=1).quotes) == 1


def test_a_span_over_two_sentences_is_quoted_by_the_first_without_bold(
    snapshot: Snapshot, hits: list[Hit]
) -> None:
    found = read(snapshot, hits, Scripted(One=(3, {"lamp. It burned": 8.0})))
    assert quoted(found) == [("Ada Lind lit the harbour lamp.", None)]


def test_reading_ends_where_the_answer_is_sure(snapshot: Snapshot, hits: list[Hit]) -> None:
    many = [hits[0], *[hits[1]] * 11]
    sure = Scripted(One=(9, {"Ada Lind": 15.0}))
    found = read(snapshot, many, sure, most_read=12, favours=[0.0] * 12, sure=0.12)
    assert len(sure.asked) == 3
    assert len(found.hits) == 12
    assert all(hit.score == 0 for hit in found.hits[3:])
    unsure = Scripted(One=(-2, {"Ada Lind": -4.0}), Three=(-2, {"Bo Sand": -4.0}))
    read(snapshot, many, unsure, most_read=10, favours=[0.0] * 12)
    assert len(unsure.asked) == 10


def test_passages_that_bring_no_new_sentence_cost_no_encoding(
    snapshot: Snapshot, hits: list[Hit], monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[int] = []

    def log_odds(_: Snapshot, __: str, sentences: Sequence[Any], in_context: bool) -> list[float]:
        weighed.append(len(sentences))
        return [0.0] * len(sentences)

    monkeypatch.setattr("qa.extract.log_odds", log_odds)
    reader = Scripted(One=(-2, {"Ada Lind": -4.0}))
    read(snapshot, [hits[0]] * 10, reader, favours=[0.0] * 10)
    assert len(reader.asked) == 10
    assert weighed == [1, 0, 0, 0]


def test_the_hit_that_answers_comes_first(snapshot: Snapshot, hits: list[Hit]) -> None:
    found = read(snapshot, hits, Scripted(Two=(4, {"Ada Lind": 8.0}), One=(-5, {"It": -9.0})))
    first = found.hits[0].passage
    assert "says Bo Sand" in first.text
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True) and 0 < scores[-1] < scores[0] < 1


def test_the_reader_is_told_title_and_day(snapshot: Snapshot, hits: list[Hit]) -> None:
    reader = Scripted()
    read(snapshot, hits, reader)
    assert reader.asked == ["One (2024-05-01)", "Three", "Two"]
    assert said_of(snapshot.article(hits[0].passage.article_id)) == "One (2024-05-01)"


def test_nothing_found_quotes_nothing_and_is_not_likely_at_all(snapshot: Snapshot, hits: list[Hit]) -> None:
    found = read(snapshot, hits, Scripted())
    assert (found.quotes, found.short, found.chance) == ([], None, 0.0)
    assert len(found.hits) == 3
    none = read(snapshot, [], Scripted())
    assert (none.quotes, none.hits) == ([], ())


def test_what_speaks_for_an_article_besides_its_words_decides_between_equals(
    snapshot: Snapshot, hits: list[Hit]
) -> None:
    reader = Scripted(One=(1, {"Ada Lind": 2.0}), Three=(1, {"Bo Sand": 2.0}))
    assert read(snapshot, hits, reader, favours=[0.0, 1.0, 0.0]).short == "Bo Sand"
    assert read(snapshot, hits, reader, favours=[1.0, 0.0, 0.0]).short == "Ada Lind"

"""Hits to sentences that may be quoted."""

from collections.abc import Callable
from typing import Any

import pytest

from index.sentences import sentences
from index.settings import IndexSettings
from qa.evidence import evidence

LONG = "The keeper " + ", who had seen it all before and would see it again, " * 12 + "slept."
TEXT = (
    f"# Night\n\nThe lamp 🏮 burned. It was cold. {LONG} Then it went out.\n\n"
    "At five the day began.\nGulls came. “Bread!” they cried.\n"
)


@pytest.fixture(scope="module")
def night(module_library: Callable[..., Any]) -> Any:
    """An article whose passages hold at most 16 word pieces, one sentence of it far longer."""
    return module_library(
        {"night.md": TEXT, "other.md": "Nothing burned here. It was warm."},
        settings=IndexSettings(passage_tokens=16),
    )


def found(shelf: Any, question: str = "Did the lamp burn in the cold?", k: int = 50) -> Any:
    """(hits, their evidence, sentence spans by article id) of a question."""
    with shelf.open() as index:
        hits = index.search(question, k=k)
        with index.pinned() as snapshot:
            spans = {
                article.id: sentences(article.text, article.language)
                for article in snapshot.catalog.articles()
            }
            return hits, evidence(snapshot, hits), spans


def test_each_sentence_lies_inside_the_hit_of_its_rank(night: Any) -> None:
    hits, taken, _ = found(night)
    assert taken
    for sentence in taken:
        passage = hits[sentence.rank].passage
        assert sentence.article.id == passage.article_id
        assert passage.start <= sentence.start < sentence.end <= passage.end
        assert sentence.article.text[sentence.start : sentence.end] == sentence.text


def test_only_a_sentence_longer_than_a_passage_is_clipped(night: Any, pieces: Any) -> None:
    _, taken, spans = found(night)
    clipped = [s for s in taken if (s.start, s.end) not in spans[s.article.id]]
    assert clipped, "the long sentence should have been met"
    for sentence in clipped:
        whole = next(
            (start, end)
            for start, end in spans[sentence.article.id]
            if start <= sentence.start and sentence.end <= end
        )
        text = sentence.article.text
        assert pieces.counter(text).count(*whole) > 16
        assert text[slice(*whole)] == LONG


def test_all_that_the_hits_hold_is_evidence_but_for_headings(night: Any) -> None:
    hits, taken, _ = found(night)
    for hit in hits:
        passage = hit.passage
        covered = {
            at
            for sentence in taken
            if sentence.article.id == passage.article_id
            for at in range(sentence.start, sentence.end)
        }
        visible = {
            at for at in range(passage.start, passage.end) if not passage.text[at - passage.start].isspace()
        }
        heading = passage.text.find("# Night")
        if heading >= 0:
            start = passage.start + heading
            assert covered.isdisjoint(range(start, start + len("# Night")))
            visible -= set(range(start, start + len("# Night")))
        assert visible <= covered


def test_sentences_come_by_rank_and_then_in_reading_order(night: Any) -> None:
    _, taken, _ = found(night)
    assert [(s.rank, s.start) for s in taken] == sorted((s.rank, s.start) for s in taken)


def test_a_sentence_that_two_hits_share_comes_once_by_the_better_hit(night: Any) -> None:
    hits, taken, _ = found(night)
    with night.open() as index, index.pinned() as snapshot:
        assert evidence(snapshot, [*hits, *hits]) == taken


def test_before_is_the_sentence_that_stands_before_it_in_the_passage(harbour: Any) -> None:
    _, taken, _ = found(harbour, "Who lit the harbour lamp?")
    before = {sentence.text: sentence.before for sentence in taken}
    assert before["Ada Lind lit the harbour lamp on Monday."] == ""
    assert before["It burned for nine hours."] == "Ada Lind lit the harbour lamp on Monday."
    assert before["It stopped after two minutes."] == "Bo Sand wound the station clock on Friday."


def test_no_hits_are_no_evidence(harbour: Any) -> None:
    with harbour.open() as index, index.pinned() as snapshot:
        assert evidence(snapshot, []) == []

"""Hits of the time that a question is about."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index.filters import Filter
from index.reading import Index
from index.snapshot import Snapshot
from qa.followup import Standing
from qa.timely import age, favours, found
from qa.types import Citation
from qa.when import When

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)  # of the two articles' publication
ASKED = Standing("Who paid crowns?", ("Who paid crowns?",), (1.0,))


@pytest.fixture
def snapshot(harbour: Any) -> Iterator[Snapshot]:
    index: Index = harbour.open()
    with index, index.pinned() as snapshot:
        yield snapshot


def titles(snapshot: Snapshot, when: When | None) -> tuple[set[str], list[str]]:
    hits, notes = found(snapshot, ASKED, when, 10)
    return {snapshot.article(hit.passage.article_id).title for hit in hits}, notes


def test_days_told_by_todays_are_kept_to(snapshot: Snapshot) -> None:
    assert titles(snapshot, When(JUNE, JUNE, strict=True)) == ({"The station clock"}, [])


def test_where_nothing_was_published_then_all_are_searched_and_it_is_said(snapshot: Snapshot) -> None:
    every, notes = titles(snapshot, When(date(2024, 7, 1), date(2024, 7, 31), strict=True))
    assert every == {"The station clock", "The harbour lamp"}
    assert notes == [
        "None of your articles was published from 1 July 2024 to 31 July 2024; this is from the others."
    ]
    assert (
        "published on 1 July 2024;"
        in titles(snapshot, When(date(2024, 7, 1), date(2024, 7, 1), strict=True))[1][0]
    )


@pytest.mark.parametrize("when", [None, When(JUNE, JUNE), When(now=True)])
def test_other_times_leave_nothing_out(snapshot: Snapshot, when: When | None) -> None:
    assert titles(snapshot, when) == ({"The station clock", "The harbour lamp"}, [])


def test_what_was_published_then_is_favoured() -> None:
    assert favours([MAY, JUNE, None], When(JUNE, JUNE)) == [0, 1.1, 0]
    assert favours([MAY, JUNE, None], None) == [0, 0, 0]


def test_the_newest_is_favoured_where_it_is_asked_how_things_stand() -> None:
    assert favours([MAY, JUNE, None, date(2024, 5, 20)], When(now=True)) == [0, 1, 0, 0.5]
    assert favours([MAY, MAY], When(now=True)) == [0, 0]


def test_until_a_day_the_newest_of_those_days_is_favoured() -> None:
    assert favours([date(2024, 4, 1), MAY, JUNE], When(None, MAY)) == [1.1, 2.1, 0]


def cited(published: date | None) -> Citation:
    return Citation(1, "a", "A", None, None, published, "Quote.", 0, 6)


def test_old_evidence_of_how_things_stand_is_called_old() -> None:
    said = ["The newest article quoted here is of 1 June 2024; much may have changed since."]
    citations = [cited(MAY), cited(JUNE), cited(None)]
    assert age(citations, When(now=True), date(2024, 12, 1)) == said
    assert age(citations, When(MAY, JUNE, strict=True), date(2024, 12, 1)) == said
    assert age(citations, When(now=True), date(2024, 8, 1)) == []
    assert age(citations, When(MAY, JUNE), date(2024, 12, 1)) == []
    assert age(citations, None, date(2024, 12, 1)) == []
    assert age([cited(None)], When(now=True), date(2024, 12, 1)) == []


def test_a_scope_is_kept_to_where_nothing_in_it_was_published_then(snapshot: Snapshot) -> None:
    scope = Filter.of(sites=["The Quay"])
    hits, notes = found(snapshot, ASKED, When(JUNE, JUNE, strict=True), 10, scope)
    assert {snapshot.article(hit.passage.article_id).title for hit in hits} == {"The harbour lamp"}
    assert len(notes) == 1

"""A library that is moved or copied takes along the articles that lie in its own folder."""

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from index import failures
from index.moved import rebased
from index.removal import remove

BROKEN = b"%PDF-1.7 nothing of the kind"


def with_added(library: Callable[..., Any]) -> Any:
    """A shelf with an article of its own, and with two and a broken file in its library's folder."""
    shelf = library({"own.md": "It rained on the quay."})
    added = shelf.path / "added"
    added.mkdir()
    (added / "lamp.md").write_text("Ada lit the lamp.", "utf-8")
    (added / "clock.md").write_text("Bo wound the clock.", "utf-8")
    (added / "bad.pdf").write_bytes(BROKEN)
    shelf.build(added)
    return shelf


def sources(shelf: Any) -> set[str]:
    with shelf.open() as index:
        return {row.source for row in index.listing()}


@pytest.mark.parametrize("leave", [shutil.move, shutil.copytree], ids=["moved", "copied"])
def test_its_articles_are_found_where_it_is_now(
    library: Callable[..., Any], leave: Callable[..., Any], tmp_path: Any
) -> None:
    shelf = with_added(library)
    ids = {row.id for row in shelf.open().listing()}
    leave(shelf.path, tmp_path / "elsewhere" / "library")
    moved = type(shelf)(tmp_path / "elsewhere", shelf.encoder)
    there = {str(moved.path / "added" / name) for name in ("lamp.md", "clock.md")}
    own = str(shelf.articles / "own.md")
    assert sources(moved) == {*there, own}
    assert [each.source for each in failures(moved.path)] == [str(moved.path / "added" / "bad.pdf")]
    report = moved.build(roots=None)
    assert (report.unchanged, report.added, report.removed, report.stale) == (3, 0, 0, 0)
    assert [each.source for each in report.failures] == [str(moved.path / "added" / "bad.pdf")]
    (moved.path / "added" / "bad.pdf").unlink()
    (moved.path / "added" / "clock.md").write_text("Bo wound the clock twice.", "utf-8")
    report = moved.build(moved.path / "added")
    assert (report.changed, report.unchanged, report.added, report.removed) == (1, 1, 0, 0)
    assert sources(moved) == {*there, own}
    assert {row.id for row in moved.open().listing()} == ids
    assert failures(moved.path) == []
    with moved.catalog() as catalog:
        assert catalog.roots() == [str(shelf.articles), str(moved.path / "added")]
        assert set(catalog.sources()) == {*there, own}


def test_what_was_removed_stays_away_and_what_is_removed_is_found(
    library: Callable[..., Any], tmp_path: Any
) -> None:
    shelf = with_added(library)
    remove([str(shelf.path / "added" / "lamp.md")], library=shelf.path, encoder=shelf.encoder)
    shutil.move(shelf.path, tmp_path / "elsewhere" / "library")
    moved = type(shelf)(tmp_path / "elsewhere", shelf.encoder)
    moved.build(roots=None)
    assert str(moved.path / "added" / "lamp.md") not in sources(moved)
    remove([str(moved.path / "added" / "clock.md")], library=moved.path, encoder=shelf.encoder)
    moved.build(roots=None)
    assert sources(moved) == {str(shelf.articles / "own.md")}


@pytest.mark.parametrize(
    ("path", "now"),
    [
        ("/home/a/library", "/b/library"),
        ("/home/a/library/added/x.md", "/b/library/added/x.md"),
        ("/home/a/library-2/x.md", "/home/a/library-2/x.md"),
        ("https://example.org/home/a/library", "https://example.org/home/a/library"),
        ("standard input", "standard input"),
    ],
)
def test_only_what_lies_in_the_folder_is_told_anew(path: str, now: str) -> None:
    assert rebased(path, "/home/a/library", "/b/library") == now

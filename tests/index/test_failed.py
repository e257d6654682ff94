"""What could not be read is remembered between builds, until it can be, or is no longer asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from index import failures
from index.errors import NothingToIndex

BROKEN = b"%PDF-1.7 nothing of the kind"


def failed(shelf: Any) -> dict[str, str]:
    return {each.source.rpartition("/")[2]: each.reason for each in failures(shelf.path)}


def test_a_source_is_known_with_its_reason_until_it_is_gone(
    library: Callable[..., Any],
) -> None:
    shelf = library({"good.md": "It rained.", "bad.pdf": BROKEN})
    assert list(failed(shelf)) == ["bad.pdf"]
    assert "PDF" in failed(shelf)["bad.pdf"]
    shelf.build()  # with nothing to do
    assert list(failed(shelf)) == ["bad.pdf"]
    (shelf.articles / "bad.pdf").unlink()
    shelf.build()
    assert failed(shelf) == {}
    assert not (shelf.path / "failures.json").exists()


def test_a_build_of_other_roots_leaves_it(library: Callable[..., Any]) -> None:
    shelf = library()
    shelf.write({"one/good.md": "It rained.", "one/bad.pdf": BROKEN, "two/also.md": "It snowed."})
    shelf.build(shelf.articles / "one")
    shelf.build(shelf.articles / "two")
    assert list(failed(shelf)) == ["bad.pdf"]
    (shelf.articles / "one" / "bad.pdf").unlink()
    shelf.build(shelf.articles / "one")
    assert failed(shelf) == {}


def test_what_is_remembered_no_longer_goes_with_a_build_of_all(library: Callable[..., Any]) -> None:
    shelf = library({"good.md": "It rained."})
    shelf.build(shelf.articles / "nowhere")
    assert failed(shelf) == {"nowhere": "does not exist"}
    shelf.build(roots=None)
    assert failed(shelf) == {}


def test_it_is_kept_where_nothing_at_all_could_be_read(library: Callable[..., Any]) -> None:
    shelf = library()
    shelf.write({"bad.pdf": BROKEN})
    with pytest.raises(NothingToIndex):
        shelf.build()
    assert list(failed(shelf)) == ["bad.pdf"]


def test_a_dry_run_notes_nothing(library: Callable[..., Any]) -> None:
    shelf = library({"good.md": "It rained."})
    shelf.write({"bad.pdf": BROKEN})
    shelf.build(dry_run=True)
    assert failed(shelf) == {}


def test_a_file_that_is_damaged_is_as_good_as_none(library: Callable[..., Any]) -> None:
    shelf = library({"good.md": "It rained."})
    (shelf.path / "failures.json").write_text("[{", encoding="utf-8")
    assert failures(shelf.path) == []

"""Roots and their patterns: remembered together, and changed by being named again."""

import sqlite3
from contextlib import closing

import pytest

from index import remove
from index.errors import NothingToIndex, SettingsError
from index.readers.patterns import Patterns
from index.seal import check
from index.types import Report

CATS = "# Cats\n\nCats sit on mats."
DOGS = "# Dogs\n\nDogs run in parks."
COWS = "# Cows\n\nCows chew all day."


def counts(report: Report) -> dict[str, int]:
    kinds = ("added", "changed", "moved", "removed", "unchanged", "stale", "failed")
    return {kind: count for kind in kinds if (count := getattr(report, kind))}


def patterns(shelf) -> dict[str, Patterns]:
    with shelf.catalog() as catalog:
        return catalog.patterns()


@pytest.fixture
def shelf(library):
    """Two articles, and one in `drafts`; all are indexed."""
    return library({"cats.md": CATS, "dogs.md": DOGS, "drafts/cows.md": COWS})


def test_what_is_excluded_goes_and_stays_out_of_builds_that_repeat_the_root(shelf) -> None:
    assert counts(shelf.build(shelf.articles, exclude="drafts")) == {"removed": 1, "unchanged": 2}
    check(shelf.generation)
    shelf.write({"drafts/owls.md": "Owls hoot."})
    assert counts(shelf.build(roots=None)) == {"unchanged": 2}
    assert set(shelf.ids()) == {"cats.md", "dogs.md"}


def test_naming_the_root_again_replaces_its_patterns(shelf) -> None:
    shelf.build(shelf.articles, exclude=["drafts", "dogs.*"])
    assert counts(shelf.build(shelf.articles, include=["dogs.md"])) == {"added": 1, "removed": 1}
    assert patterns(shelf) == {str(shelf.articles): Patterns(("dogs.md",), ())}
    assert counts(shelf.build(shelf.articles)) == {"added": 2, "unchanged": 1}
    assert patterns(shelf) == {}


def test_a_dry_run_shows_what_patterns_would_do(shelf) -> None:
    before = shelf.current
    assert counts(shelf.build(shelf.articles, exclude="drafts", dry_run=True)) == {
        "removed": 1,
        "unchanged": 2,
    }
    assert (shelf.current, patterns(shelf)) == (before, {})


def test_patterns_are_remembered_though_they_change_nothing_yet(shelf) -> None:
    shelf.build(shelf.articles, exclude="*.txt")
    shelf.write({"rain.txt": "It rained."})
    assert counts(shelf.build(roots=None)) == {"unchanged": 3}


def test_each_root_has_its_own_patterns(shelf, tmp_path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "rain.md").write_text("It rained.")
    (tmp_path / "other" / "cats.md").write_text("Cats again.")
    shelf.build(shelf.articles, exclude="drafts")
    shelf.build(tmp_path / "other", exclude="cats.md")
    assert counts(shelf.build(roots=None)) == {"unchanged": 3}


def test_files_of_an_unknown_ending_are_read_where_their_name_is_included(shelf) -> None:
    shelf.write({"rain.log": "It rained all day.", "photo.png": b"\x89PNG\r\n\x1a\n"})
    assert counts(shelf.build(shelf.articles, include=["*.log", "*.md"])) == {"added": 1, "unchanged": 3}
    with shelf.catalog() as catalog:
        assert "It rained all day." in [article.text for article in catalog.articles()]


def test_what_another_root_is_for_stays(shelf) -> None:
    shelf.build(shelf.articles / "drafts")
    assert counts(shelf.build(shelf.articles, exclude="drafts")) == {"unchanged": 2}
    assert counts(shelf.build(roots=None)) == {"unchanged": 3}
    (shelf.articles / "drafts" / "cows.md").unlink()
    assert counts(shelf.build(roots=None)) == {"removed": 1, "unchanged": 2}


def test_a_file_named_itself_stays_though_its_folder_is_built_alone(shelf) -> None:
    shelf.write({"rain.log": "It rained."})
    shelf.build(shelf.articles / "rain.log")
    assert counts(shelf.build(shelf.articles)) == {"unchanged": 3}
    assert counts(shelf.build(roots=None)) == {"unchanged": 4}


def test_an_excluded_article_whose_source_failed_goes_too(shelf) -> None:
    shelf.write({"dogs.md": ""})
    assert counts(shelf.build()) == {"unchanged": 2, "stale": 1, "failed": 1}
    assert counts(shelf.build(shelf.articles, exclude="dogs.md")) == {"unchanged": 2, "removed": 1}


def test_a_pattern_that_matches_nothing_is_noted_once(shelf) -> None:
    report = shelf.build(shelf.articles, include=["*.md", "*.mdd"], exclude=["articles/drafts"])
    assert report.notes == (
        "The pattern '*.mdd' matched nothing: it is for names, or for paths below the folder.",
        "The pattern 'articles/drafts' matched nothing: it is for names, or for paths below the folder.",
    )
    assert shelf.build(roots=None).notes == ()


def test_patterns_that_leave_nothing_say_so(library) -> None:
    shelf = library()
    shelf.write({"cats.md": CATS})
    with pytest.raises(NothingToIndex, match=r"No article could be .* The pattern '\*\.mdd' matched nothing"):
        shelf.build(shelf.articles, include="*.mdd")


def test_patterns_need_a_folder_and_something_to_match(shelf) -> None:
    with pytest.raises(SettingsError, match="are for no folder"):
        shelf.build(roots=None, exclude="drafts")
    with pytest.raises(SettingsError, match="empty"):
        shelf.build(shelf.articles, exclude=["/"])


def test_patterns_outlive_another_encoder_and_a_damaged_generation(shelf, other_encoder) -> None:
    shelf.build(shelf.articles, exclude="drafts")
    report = shelf.build(roots=None, encoder=other_encoder)
    assert (report.remade, counts(report)) == ("another encoder", {"unchanged": 2})
    for name in shelf.generations:
        (shelf.path / "generations" / name / "vectors.npy").write_bytes(b"")
    assert counts(shelf.build(roots=None)) == {"added": 2}
    assert patterns(shelf) == {str(shelf.articles): Patterns((), ("drafts",))}


def test_patterns_go_with_their_root(shelf) -> None:
    shelf.build(shelf.articles, exclude="drafts")
    remove([str(shelf.articles)], library=shelf.path, encoder=shelf.encoder)
    assert patterns(shelf) == {}


def test_a_library_of_before_there_were_patterns_opens_and_builds(shelf, monkeypatch) -> None:
    with closing(sqlite3.connect(shelf.generation / "articles.db")) as db:
        db.execute("DROP TABLE patterns")
        db.commit()
    monkeypatch.setattr("index.generation.Manifest.check", lambda self, folder: None)
    with shelf.open() as index:
        assert index.info().patterns == {}
    assert counts(shelf.build(roots=None)) == {"unchanged": 3}
    assert counts(shelf.build(shelf.articles, exclude="drafts")) == {"removed": 1, "unchanged": 2}
    with shelf.open() as index:
        assert index.info().patterns == {str(shelf.articles): Patterns((), ("drafts",))}

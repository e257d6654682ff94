"""Upkeep: what a build does for each thing that can happen to the sources, and to the build itself."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import IndexSettings, Report
from index.embed import Encoder
from index.errors import LibraryDamaged, LibraryUnwritable, NothingToIndex
from index.progress import STEPS, NoProgress
from index.seal import check

CATS = "# Cats\n\nCats sit on mats. They like warm stones."
DOGS = "# Dogs\n\nDogs run in parks. They like wet sticks."
COWS = "# Cows\n\nCows chew all day. They like green grass."
THREE = {"cats.md": CATS, "dogs.md": DOGS, "cows.md": COWS}


def counts(report: Report) -> dict[str, int]:
    """What a report counts of articles, without the zeros."""
    names = ("added", "changed", "moved", "removed", "unchanged", "stale", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def jsonl(*articles: dict[str, object]) -> str:
    return "".join(json.dumps(article) + "\n" for article in articles)


def tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below with its time of change and a digest."""
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def found(shelf, question: str) -> list[str]:
    """The passages that a question finds, best first."""
    with shelf.open() as index:
        return [hit.passage.text for hit in index.search(question)]


def stored_ids(shelf) -> set[int]:
    """The numbers of all passages: the same in the catalog, in Chroma and in Tantivy."""
    check(shelf.generation)
    with shelf.catalog() as catalog:
        return set(catalog.passage_ids())


# Building from nothing


def test_a_first_build_adds_everything(library) -> None:
    shelf = library()
    shelf.write(THREE)
    report = shelf.build()
    assert counts(report) == {"added": 3}
    assert (report.articles, report.passages, report.encoded, report.failures) == (3, 3, 3, ())
    assert report.seconds > 0
    assert len(stored_ids(shelf)) == 3
    assert found(shelf, "dogs run")[0] == DOGS


def test_one_file_is_a_source(library) -> None:
    shelf = library()
    shelf.write(THREE)
    assert counts(shelf.build(shelf.articles / "cats.md")) == {"added": 1}


def test_several_paths_are_sources(library) -> None:
    shelf = library()
    shelf.write({"a/cats.md": CATS, "b/dogs.md": DOGS, "c/cows.md": COWS})
    assert counts(shelf.build(shelf.articles / "a", str(shelf.articles / "b" / "dogs.md"))) == {"added": 2}


def test_a_root_named_twice_is_read_once(library) -> None:
    shelf = library()
    shelf.write(THREE)
    assert counts(shelf.build(shelf.articles, f"{shelf.articles}/../articles")) == {"added": 3}


def test_a_relative_path_is_remembered_as_an_absolute_one(library, monkeypatch) -> None:
    shelf = library()
    shelf.write(THREE)
    monkeypatch.chdir(shelf.home)
    shelf.build("articles")
    monkeypatch.chdir("/")
    assert counts(shelf.build(roots=None)) == {"unchanged": 3}


@pytest.mark.slow
def test_a_build_is_checked_in_a_child_process(library) -> None:
    shelf = library(THREE, apart=True)
    assert counts(shelf.build()) == {"unchanged": 3}
    shelf.write({"cats.md": CATS + " They sleep."})
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}
    assert found(shelf, "they sleep")[0].endswith("They sleep.")


def test_nothing_named_is_nothing_to_index(library) -> None:
    with pytest.raises(NothingToIndex, match=r"No articles were named\. .* byline index build PATH"):
        library().build(roots=None)


def test_a_root_whose_name_is_not_text_is_refused_in_a_line(library) -> None:
    with pytest.raises(NothingToIndex, match=r"The name of /articles/\ufffd\.md is not text\. Rename it\."):
        library().build("/articles/\udcff.md")


def test_an_empty_folder_is_nothing_to_index(library) -> None:
    shelf = library()
    with pytest.raises(NothingToIndex, match=f"No article could be read from {shelf.articles}"):
        shelf.build()
    assert not (shelf.path / "CURRENT").exists()


def test_a_path_that_does_not_exist_is_named(library) -> None:
    shelf = library()
    with pytest.raises(NothingToIndex, match=f"{shelf.home / 'nowhere'}: does not exist") as caught:
        shelf.build(shelf.home / "nowhere")
    assert [failure.reason for failure in caught.value.failures] == ["does not exist"]


def test_failures_are_all_listed_where_nothing_could_be_read(library) -> None:
    shelf = library()
    shelf.write({"a.md": "", "b.md": b"\x00\x01\x02"})
    with pytest.raises(NothingToIndex) as caught:
        shelf.build()
    assert [Path(failure.source).name for failure in caught.value.failures] == ["a.md", "b.md"]


def test_a_source_that_fails_does_not_keep_the_others_out(library) -> None:
    shelf = library()
    shelf.write({**THREE, "bad.md": ""})
    report = shelf.build()
    assert counts(report) == {"added": 3, "failed": 1}
    assert [(Path(f.source).name, f.reason) for f in report.failures] == [("bad.md", "is empty")]


# Nothing changed


def test_an_unchanged_library_costs_nothing(library) -> None:
    shelf = library(THREE)
    before, shelf.encoder.encoded = tree(shelf.path / "generations"), []
    report = shelf.build()
    assert counts(report) == {"unchanged": 3}
    assert (report.articles, report.passages, report.encoded, shelf.encoder.encoded) == (3, 3, 0, [])
    assert shelf.generations == ["000001"]
    assert tree(shelf.path / "generations") == before


def test_an_unchanged_source_is_not_parsed(library, monkeypatch) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Yes."})
    parsed = []
    real = __import__("index.sources", fromlist=["read"]).read

    def spy(path, **options):
        parsed.append(Path(path).name)
        return real(path, **options)

    monkeypatch.setattr("index.sources.read", spy)
    shelf.build()
    assert parsed == ["dogs.md"]


def test_another_time_of_change_alone_costs_nothing(library) -> None:
    shelf = library(THREE)
    for path in shelf.articles.iterdir():
        os.utime(path, (1, 1))
    assert counts(shelf.build()) == {"unchanged": 3}
    assert shelf.generations == ["000001"]


def test_another_way_of_writing_the_same_article_is_unchanged(library) -> None:
    shelf = library(THREE)
    shelf.write({"cats.md": CATS.replace("\n", "\r\n") + "\r\n\r\n"})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"unchanged": 3}, 0)
    assert shelf.generations == ["000001"]


# Edits


def test_only_an_edited_article_is_encoded(library) -> None:
    shelf = library(THREE)
    ids = shelf.ids()
    shelf.encoder.encoded = []
    shelf.write({"dogs.md": DOGS.replace("wet sticks", "loud birds")})
    report = shelf.build()
    assert counts(report) == {"changed": 1, "unchanged": 2}
    assert (report.passages, report.encoded, len(shelf.encoder.encoded)) == (3, 1, 1)
    assert shelf.ids() == ids
    assert found(shelf, "loud birds")[0].endswith("They like loud birds.")
    assert not any("sticks" in text for text in found(shelf, "wet sticks"))
    assert len(stored_ids(shelf)) == 3


def test_kept_vectors_stay_with_their_passages(library) -> None:
    shelf = library({f"{n}.md": f"# Number {n}\n\nThe word is word{n}." for n in range(12)})
    shelf.write({"3.md": "# Number 3\n\nThe word is other.", "99.md": "# Number 99\n\nThe word is new."})
    (shelf.articles / "7.md").unlink()
    assert counts(shelf.build()) == {"added": 1, "changed": 1, "removed": 1, "unchanged": 10}
    with shelf.open() as index, index.pinned() as snapshot:
        for row, id in enumerate(snapshot.exact.ids):
            passage = snapshot.catalog.rows([int(id)])[int(id)]
            article = snapshot.article(passage.article_id)
            (expected,) = shelf.encoder.encode([f"{article.title}\n{article.text}"])
            assert snapshot.exact.matrix[row] == pytest.approx(expected, abs=1e-3)


def test_unchanged_passages_of_an_edited_article_come_from_the_cache(library) -> None:
    paragraphs = [f"The word of paragraph {n} is word{n}. " * 12 for n in range(6)]
    shelf = library({"long.md": "# Long\n\n" + "\n\n".join(paragraphs)})
    with shelf.catalog() as catalog:
        (_, before) = catalog.counts()
    assert before > 3
    shelf.write({"long.md": "# Long\n\n" + "\n\n".join(paragraphs) + "And no more."})
    report = shelf.build()
    assert counts(report) == {"changed": 1}
    assert (report.passages, report.encoded) == (before, 1)


def test_an_edit_taken_back_is_in_the_cache(library) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    assert shelf.build().encoded == 1
    shelf.write({"dogs.md": DOGS})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"changed": 1, "unchanged": 2}, 0)


def test_another_title_changes_what_the_encoder_reads(library) -> None:
    shelf = library({"a.md": "---\ntitle: Old\ndate: 2024-02-29\n---\nCats sit."})
    assert shelf.encoder.encoded == ["Old\n2024-02-29\nCats sit."]
    shelf.write({"a.md": "---\ntitle: New\n---\nCats sit."})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"changed": 1}, 1)
    assert shelf.encoder.encoded[-1] == "New\nCats sit."


def test_what_is_shown_of_an_article_is_renewed(library) -> None:
    shelf = library({"a.md": "---\ntitle: T\nauthor: Ada\n---\nCats sit."})
    shelf.write({"a.md": "---\ntitle: T\nauthor: Bea\ndate: 2024-02-29\n---\nCats sit."})
    assert counts(shelf.build()) == {"changed": 1}
    with shelf.open() as index:
        article = index.article(shelf.ids()["a.md"])
        assert (article.authors, article.published) == (("Bea",), date(2024, 2, 29))
        assert len(index.search("cats", since=date(2024, 2, 1))) == 1


# Moves


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("dogs.md", "hounds.md", id="renamed"),
        pytest.param("dogs.md", "animals/far/dogs.md", id="moved into a folder"),
        pytest.param("dogs.md", "dogs.txt", id="another ending"),
    ],
)
def test_a_moved_article_keeps_its_id_and_is_not_encoded(library, old: str, new: str) -> None:
    shelf = library(THREE)
    id = shelf.ids()[old]
    (shelf.articles / new).parent.mkdir(parents=True, exist_ok=True)
    os.rename(shelf.articles / old, shelf.articles / new)
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"moved": 1, "unchanged": 2}, 0)
    assert shelf.ids()[new] == id
    with shelf.open() as index:
        assert index.article(id).source == str(shelf.articles / new)
    assert counts(shelf.build()) == {"unchanged": 3}


def test_an_article_that_moved_and_is_then_edited_keeps_its_id(library) -> None:
    shelf = library(THREE)
    id = shelf.ids()["dogs.md"]
    os.rename(shelf.articles / "dogs.md", shelf.articles / "hounds.md")
    shelf.build()
    shelf.write({"hounds.md": DOGS + " Loud birds."})
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}
    assert shelf.ids()["hounds.md"] == id


def test_articles_of_equal_text_move_together(library) -> None:
    shelf = library({"a/one.md": CATS, "a/two.md": CATS, "a/three.md": DOGS})
    ids = set(shelf.ids().values())
    os.rename(shelf.articles / "a", shelf.articles / "b")
    assert counts(shelf.build()) == {"moved": 3}
    assert set(shelf.ids().values()) == ids


def test_a_copy_is_added_and_the_original_stays(library) -> None:
    shelf = library(THREE)
    id = shelf.ids()["dogs.md"]
    shutil.copy(shelf.articles / "dogs.md", shelf.articles / "again.md")
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"added": 1, "unchanged": 3}, 0)
    assert shelf.ids()["dogs.md"] == id != shelf.ids()["again.md"]


def test_an_article_moves_from_one_root_to_another(library) -> None:
    shelf = library()
    shelf.write({"one/dogs.md": DOGS, "two/cats.md": CATS})
    one, two = shelf.articles / "one", shelf.articles / "two"
    shelf.build(one, two)
    id = shelf.ids()["one/dogs.md"]
    os.rename(one / "dogs.md", two / "dogs.md")
    assert counts(shelf.build(roots=None)) == {"moved": 1, "unchanged": 1}
    assert shelf.ids()["two/dogs.md"] == id


# Removal


def test_a_deleted_article_is_gone_from_every_store(library) -> None:
    shelf = library(THREE)
    id = shelf.ids()["dogs.md"]
    (shelf.articles / "dogs.md").unlink()
    report = shelf.build()
    assert counts(report) == {"removed": 1, "unchanged": 2}
    assert (report.articles, report.passages, report.encoded) == (2, 2, 0)
    assert len(stored_ids(shelf)) == 2
    with shelf.catalog() as catalog:
        assert catalog.article(id) is None
        assert str(shelf.articles / "dogs.md") not in catalog.sources()
    assert DOGS not in found(shelf, "dogs run in parks")


def test_an_article_that_comes_back_is_added_from_the_cache(library) -> None:
    shelf = library(THREE)
    (shelf.articles / "dogs.md").unlink()
    shelf.build()
    shelf.write({"dogs.md": DOGS})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"added": 1, "unchanged": 2}, 0)
    assert found(shelf, "dogs run")[0] == DOGS


def test_an_emptied_folder_empties_the_library(library) -> None:
    shelf = library(THREE)
    for path in shelf.articles.iterdir():
        path.unlink()
    report = shelf.build()
    assert (counts(report), report.articles, report.passages) == ({"removed": 3}, 0, 0)
    assert found(shelf, "dogs run") == []
    shelf.write({"dogs.md": DOGS})
    assert counts(shelf.build()) == {"added": 1}


def test_nothing_outside_the_roots_given_is_removed(library) -> None:
    shelf = library()
    shelf.write({"one/cats.md": CATS, "one-more/dogs.md": DOGS})
    shelf.build(shelf.articles / "one", shelf.articles / "one-more")
    (shelf.articles / "one-more" / "dogs.md").unlink()
    report = shelf.build(shelf.articles / "one")
    assert (counts(report), report.articles) == ({"unchanged": 1}, 2)
    assert counts(shelf.build(roots=None)) == {"removed": 1, "unchanged": 1}


# Sources that cannot be read now


@pytest.mark.parametrize("broken", [b"", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00"])
def test_a_source_that_fails_now_keeps_its_old_passages(library, broken: bytes) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": broken})
    report = shelf.build()
    assert counts(report) == {"stale": 1, "unchanged": 2, "failed": 1}
    assert (report.articles, report.passages, report.encoded) == (3, 3, 0)
    assert shelf.stale() == {"dogs.md"}
    assert found(shelf, "dogs run")[0] == DOGS


def test_a_source_that_goes_on_failing_is_reported_but_written_once(library) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": ""})
    shelf.build()
    name = shelf.current
    assert counts(shelf.build()) == {"stale": 1, "unchanged": 2, "failed": 1}
    assert shelf.current == name


@pytest.mark.parametrize("text", [DOGS, DOGS + " Loud birds."], ids=["as it was", "edited meanwhile"])
def test_a_source_recovers(library, text: str) -> None:
    shelf = library(THREE)
    id = shelf.ids()["dogs.md"]
    shelf.write({"dogs.md": ""})
    shelf.build()
    shelf.write({"dogs.md": text})
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}
    assert (shelf.stale(), shelf.ids()["dogs.md"]) == (set(), id)
    assert found(shelf, "dogs run")[0] == text
    assert counts(shelf.build()) == {"unchanged": 3}


def test_a_stale_source_that_is_deleted_goes(library) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": ""})
    shelf.build()
    (shelf.articles / "dogs.md").unlink()
    assert counts(shelf.build()) == {"removed": 1, "unchanged": 2}


def test_a_broken_line_makes_only_its_article_stale(library) -> None:
    one, two = {"id": "1", "text": "Cats sit."}, {"id": "2", "text": "Dogs run."}
    shelf = library({"all.jsonl": jsonl(one, two)})
    shelf.write({"all.jsonl": jsonl(one, {"id": "3", "text": "Cows chew."}) + "{broken\n"})
    report = shelf.build()
    assert counts(report) == {"added": 1, "stale": 1, "unchanged": 1, "failed": 1}
    assert any("Dogs" in text for text in found(shelf, "dogs"))
    shelf.write({"all.jsonl": jsonl(one)})
    assert counts(shelf.build()) == {"removed": 2, "unchanged": 1}


def test_a_root_that_vanished_makes_everything_stale_and_removes_nothing(library) -> None:
    shelf = library(THREE)
    os.rename(shelf.articles, shelf.home / "away")
    report = shelf.build()
    assert counts(report) == {"stale": 3, "failed": 1}
    assert (report.articles, report.passages) == (3, 3)
    assert found(shelf, "dogs run")[0] == DOGS
    name = shelf.current
    assert counts(shelf.build(roots=None)) == {"stale": 3, "failed": 1}
    assert shelf.current == name


def test_a_root_that_comes_back_recovers(library) -> None:
    shelf = library(THREE)
    os.rename(shelf.articles, shelf.home / "away")
    shelf.build()
    os.rename(shelf.home / "away", shelf.articles)
    report = shelf.build(roots=None)
    assert (counts(report), report.encoded) == ({"changed": 3}, 0)
    assert shelf.stale() == set()
    assert counts(shelf.build()) == {"unchanged": 3}


def test_a_root_below_another_goes_with_its_folder(library) -> None:
    shelf = library({"cats.md": CATS, "below/dogs.md": DOGS})
    shelf.build(shelf.articles / "below")
    shutil.rmtree(shelf.articles / "below")
    assert counts(shelf.build(roots=None)) == {"removed": 1, "unchanged": 1}


def test_one_root_that_vanished_does_not_stop_the_other(library) -> None:
    shelf = library()
    shelf.write({"one/cats.md": CATS, "two/dogs.md": DOGS})
    shelf.build(shelf.articles / "one", shelf.articles / "two")
    shutil.rmtree(shelf.articles / "two")
    (shelf.articles / "one" / "cats.md").unlink()
    assert counts(shelf.build(roots=None)) == {"removed": 1, "stale": 1, "failed": 1}


def test_a_folder_that_cannot_be_listed_makes_what_is_in_it_stale(library, monkeypatch) -> None:
    shelf = library({"open/cats.md": CATS, "shut/dogs.md": DOGS})
    real = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr("os.scandir", scandir)
    assert counts(shelf.build()) == {"stale": 1, "unchanged": 1, "failed": 1}
    assert shelf.stale() == {"shut/dogs.md"}


# Ids


def test_equal_names_in_two_roots_get_two_ids(library) -> None:
    shelf = library()
    shelf.write({"one/a.md": CATS, "two/a.md": DOGS})
    shelf.build(shelf.articles / "one")
    first = shelf.ids()["one/a.md"]
    shelf.build(shelf.articles / "two")
    ids = shelf.ids()
    assert (ids["one/a.md"], ids["two/a.md"]) == (first, f"{first}~2")
    shelf.write({"two/a.md": DOGS + " Yes."})
    shelf.build(roots=None)
    assert shelf.ids() == ids


def test_the_same_id_in_two_files_is_two_articles(library) -> None:
    shelf = library(
        {
            "a.jsonl": jsonl({"id": "17", "text": "Cats sit."}),
            "b.jsonl": jsonl({"id": "17", "text": "Dogs run."}),
        }
    )
    assert shelf.ids() == {"a.jsonl": "17", "b.jsonl": "17~2"}
    shelf.write({"b.jsonl": jsonl({"id": "17", "text": "Dogs run fast."})})
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 1}
    (shelf.articles / "a.jsonl").unlink()
    shelf.build()
    assert shelf.ids() == {"b.jsonl": "17~2"}


def test_an_id_repeated_in_one_file_is_two_articles(library) -> None:
    lines = [{"id": "17", "text": "Cats sit."}, {"id": "17", "text": "Dogs run."}]
    shelf = library({"a.jsonl": jsonl(*lines)})
    with shelf.open() as index:
        assert [(article.id, article.text) for article in index.articles()] == [
            ("17", "Cats sit."),
            ("17~2", "Dogs run."),
        ]
    lines[1]["text"] = "Dogs run fast."
    shelf.write({"a.jsonl": jsonl(*lines)})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"changed": 1, "unchanged": 1}, 1)


def test_an_id_is_kept_when_its_file_is_read_under_a_wider_root(library) -> None:
    shelf = library()
    shelf.write({"sub/cats.md": CATS})
    shelf.build(shelf.articles / "sub")
    id = shelf.ids()["sub/cats.md"]
    shelf.write({"sub/cats.md": CATS + " Yes."})
    assert counts(shelf.build(shelf.articles)) == {"changed": 1}
    shelf.write({"sub/cats.md": CATS + " No."})
    assert counts(shelf.build(shelf.articles / "sub" / "cats.md")) == {"changed": 1}
    assert shelf.ids() == {"sub/cats.md": id}


def test_files_are_recognised_whatever_their_names(library) -> None:
    shelf = library()
    names = {
        "not UTF-8": b"caf\xe9.md",
        "a control character": b"a\x01b.md",
        "decomposed, and an emoji": "Zoe\u0308 🐈‍⬛.md".encode(),
        "a line end": b"new\nline.md",
        "spaces": b" space .md",
        "marks": b"100%?#[a]'\".md",
    }
    paths = [Path(os.fsdecode(os.fsencode(shelf.articles) + b"/" + name)) for name in names.values()]
    for n, path in enumerate(paths):
        path.write_text(f"# Number {n}\n\nThe word is word{n}.", encoding="utf-8")
    assert counts(shelf.build()) == {"added": 6}
    assert counts(shelf.build()) == {"unchanged": 6}
    for n, path in enumerate(paths):
        path.write_text(f"# Number {n}\n\nThe word is other{n}.", encoding="utf-8")
    assert counts(shelf.build()) == {"changed": 6}
    for path in paths:
        path.unlink()
    assert counts(shelf.build()) == {"removed": 6}


def test_two_names_that_cannot_be_told_apart_are_reported(library) -> None:
    shelf = library()
    for name in (b"\xe9.md", b"\xe8.md"):
        Path(os.fsdecode(os.fsencode(shelf.articles) + b"/" + name)).write_text(CATS, encoding="utf-8")
    report = shelf.build()
    assert counts(report) == {"added": 1, "failed": 1}
    assert "rename it" in report.failures[0].reason


# Roots


def test_roots_add_up_and_are_repeated(library) -> None:
    shelf = library()
    shelf.write({"one/cats.md": CATS, "two/dogs.md": DOGS})
    shelf.build(shelf.articles / "one")
    assert counts(shelf.build(shelf.articles / "two")) == {"added": 1}
    shelf.write({"one/more.md": COWS, "two/more.md": COWS + " Yes."})
    assert counts(shelf.build(roots=None)) == {"added": 2, "unchanged": 2}


def test_a_root_without_articles_is_remembered_too(library) -> None:
    shelf = library()
    shelf.write({"one/cats.md": CATS})
    (shelf.articles / "two").mkdir()
    shelf.build(shelf.articles / "one")
    shelf.build(shelf.articles / "two")
    shelf.write({"two/dogs.md": DOGS})
    assert counts(shelf.build(roots=None)) == {"added": 1, "unchanged": 1}


def test_a_root_that_never_existed_is_not_remembered(library) -> None:
    shelf = library(THREE)
    assert counts(shelf.build(shelf.home / "typo")) == {"failed": 1}
    assert counts(shelf.build(roots=None)) == {"unchanged": 3}


# Dry runs


def test_a_dry_run_writes_nothing_and_counts_the_same(library) -> None:
    shelf = library({**THREE, "old.md": "# Old\n\nOld words.", "far.md": "# Far\n\nFar words."})
    shelf.write({"new.md": "# New\n\nNew words.", "dogs.md": DOGS + " Yes.", "cows.md": ""})
    (shelf.articles / "old.md").unlink()
    os.rename(shelf.articles / "far.md", shelf.articles / "near.md")
    before, shelf.encoder.encoded = tree(shelf.home), []
    shown = shelf.build(dry_run=True)
    assert tree(shelf.home) == before
    assert shelf.encoder.encoded == []
    expected = {"added": 1, "changed": 1, "moved": 1, "removed": 1, "stale": 1, "unchanged": 1, "failed": 1}
    assert counts(shown) == expected
    assert counts(shelf.build()) == expected


def test_a_dry_run_makes_no_library(library) -> None:
    shelf = library()
    shelf.write(THREE)
    assert counts(shelf.build(dry_run=True)) == {"added": 3}
    assert not shelf.path.exists()


def test_a_dry_run_of_nothing_is_nothing_to_index(library) -> None:
    shelf = library()
    with pytest.raises(NothingToIndex):
        shelf.build(dry_run=True)
    assert not shelf.path.exists()


# Made by something else


def test_other_passage_lengths_remake_the_index(library) -> None:
    shelf = library({"long.md": "# Long\n\n" + " ".join(f"Cat {n} sits on a mat." for n in range(25))})
    with shelf.catalog() as catalog:
        (_, before) = catalog.counts()
    report = shelf.build(settings=IndexSettings(passage_tokens=50))
    assert counts(report) == {"unchanged": 1}
    assert report.passages > before and report.encoded == report.passages
    assert report.remade == "another passage length"
    assert len(stored_ids(shelf)) == report.passages
    shelf.settings = IndexSettings(passage_tokens=50)
    assert counts(shelf.build()) == {"unchanged": 1}
    assert shelf.current == "000002"


def test_another_version_of_the_splitter_remakes_the_index_from_the_cache(library, monkeypatch) -> None:
    shelf = library(THREE)
    monkeypatch.setattr("index.chunk.VERSION", 0)
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"unchanged": 3}, 0)
    assert report.remade == "another version of the splitter"
    assert shelf.build().remade == ""


def test_another_encoder_remakes_the_index(library, other_encoder: Encoder) -> None:
    shelf = library(THREE)
    ids = shelf.ids()
    report = shelf.build(encoder=other_encoder)
    assert (counts(report), report.encoded, report.remade) == ({"unchanged": 3}, 3, "another encoder")
    assert shelf.ids() == ids
    (expected,) = other_encoder.encode([f"Cats\n{CATS}"])
    vectors = np.load(shelf.generation / "vectors.npy").astype(np.float32)
    assert max(vectors @ expected) == pytest.approx(1, abs=1e-3)


def test_going_back_to_the_first_encoder_costs_no_encoding(library, other_encoder: Encoder) -> None:
    shelf = library(THREE)
    shelf.build(encoder=other_encoder)
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"unchanged": 3}, 0)


def test_remaking_keeps_what_cannot_be_read_now(library, other_encoder: Encoder) -> None:
    shelf = library()
    shelf.write({"one/cats.md": CATS, "two/dogs.md": DOGS})
    shelf.build(shelf.articles / "one", shelf.articles / "two")
    os.rename(shelf.articles / "two", shelf.home / "away")
    report = shelf.build(roots=None, encoder=other_encoder)
    assert counts(report) == {"stale": 1, "unchanged": 1, "failed": 1}
    assert (report.articles, shelf.stale()) == (2, {"two/dogs.md"})
    os.rename(shelf.home / "away", shelf.articles / "two")
    shelf.write({"two/cows.md": COWS})
    report = shelf.build(roots=None, encoder=other_encoder)
    assert counts(report) == {"added": 1, "changed": 1, "unchanged": 1}


def test_an_edit_and_another_encoder_at_once(library, other_encoder: Encoder) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    report = shelf.build(encoder=other_encoder)
    assert (counts(report), report.encoded) == ({"changed": 1, "unchanged": 2}, 3)


# Many, and many gone


@pytest.mark.slow
def test_more_vectors_than_chroma_takes_at_once_are_built_and_thinned(library) -> None:
    lines = [{"id": str(n), "text": f"Article {n} tells of word{n}."} for n in range(5_600)]
    shelf = library({"many.jsonl": jsonl(*lines)})
    assert len(stored_ids(shelf)) == 5_600
    assert found(shelf, "word4711 article 4711")[0] == "Article 4711 tells of word4711."
    shelf.write({"many.jsonl": jsonl(*lines[:5_320])})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"removed": 280, "unchanged": 5_320}, 0)
    assert json.loads((shelf.generation / "manifest.json").read_text())["dead"] == 280
    shelf.write({"many.jsonl": jsonl(*lines[:4_200])})
    assert shelf.build().removed == 1_120
    # 1,400 of 5,600 are more than a fifth: Chroma's graph was made anew.
    assert json.loads((shelf.generation / "manifest.json").read_text())["dead"] == 0
    assert stored_ids(shelf) == set(range(1, 4_201))


def test_dead_vectors_are_counted_until_the_graph_is_made_anew(library) -> None:
    files = {f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(20)}
    shelf = library(files)
    dead = []
    for n in range(5):
        (shelf.articles / f"{n}.md").unlink()
        shelf.build()
        dead.append(json.loads((shelf.generation / "manifest.json").read_text())["dead"])
    # One more each time, until 5 of 20 are more than a fifth.
    assert dead == [1, 2, 3, 4, 0]
    assert len(stored_ids(shelf)) == 15


# The cache


def test_a_deleted_cache_costs_encoding_and_nothing_else(library) -> None:
    shelf = library(THREE)
    for file in shelf.path.glob("embeddings.db*"):
        file.unlink()
    assert counts(shelf.build()) == {"unchanged": 3}
    report = shelf.build(settings=IndexSettings(passage_tokens=100))
    assert (report.encoded, counts(report)) == (3, {"unchanged": 3})


@pytest.mark.parametrize("damage", [b"", b"garbage" * 2_000], ids=["emptied", "overwritten"])
def test_a_damaged_cache_costs_encoding_and_nothing_else(library, damage: bytes) -> None:
    shelf = library(THREE)
    for file in shelf.path.glob("embeddings.db*"):
        file.write_bytes(damage)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"changed": 1, "unchanged": 2}, 1)
    assert shelf.build(settings=IndexSettings(passage_tokens=100)).encoded == 2


# Interruptions


class Interrupted(NoProgress):
    """Ctrl-C at a step."""

    def __init__(self, step: str) -> None:
        self.at = step

    def step(self, name: str) -> None:
        if name == self.at:
            raise KeyboardInterrupt


class Steps(NoProgress):
    def __init__(self) -> None:
        self.seen: list[object] = []

    def step(self, name: str) -> None:
        self.seen.append(name)

    def reading(self, name: str) -> None:
        self.seen.append(Path(name).name)

    def encoding(self, total: int) -> None:
        self.seen.append(total)

    def encoded(self, passages: int) -> None:
        self.seen.append((passages,))


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_build_leaves_the_library_as_it_was(library, step: str) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    with pytest.raises(KeyboardInterrupt):
        shelf.build(progress=Interrupted(step))
    published = step == "done"  # the pointer was swapped before
    assert shelf.current == ("000002" if published else "000001")
    assert found(shelf, "dogs run")[0] == (DOGS + " Loud birds." if published else DOGS)
    report = shelf.build()
    assert counts(report) == ({"unchanged": 3} if published else {"changed": 1, "unchanged": 2})
    assert shelf.generations == ["000001", "000002"]
    assert found(shelf, "loud birds")[0] == DOGS + " Loud birds."
    left = {file.name for file in shelf.path.iterdir()} - {"readers"}
    assert left == {"CURRENT", "embeddings.db", "generations", "lock"}


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_first_build_is_made_good_by_the_next(library, step: str) -> None:
    shelf = library()
    shelf.write(THREE)
    with pytest.raises(KeyboardInterrupt):
        shelf.build(progress=Interrupted(step))
    assert counts(shelf.build()) == ({"unchanged": 3} if step == "done" else {"added": 3})
    assert shelf.generations == ["000001"] == [shelf.current]
    assert len(found(shelf, "cats dogs cows")) == 3


def test_what_was_encoded_before_an_interruption_is_not_encoded_again(library) -> None:
    shelf = library()
    shelf.write(THREE)
    with pytest.raises(KeyboardInterrupt):
        shelf.build(progress=Interrupted("close"))
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"added": 3}, 0)


def test_a_generation_that_was_sealed_but_not_published_is_not_lost(library) -> None:
    shelf = library(THREE)
    (shelf.path / "CURRENT").unlink()
    assert found(shelf, "dogs run")[0] == DOGS
    assert counts(shelf.build()) == {"unchanged": 3}
    assert shelf.current == "000001"


def test_progress_is_told_in_order(library) -> None:
    shelf, steps = library(), Steps()
    shelf.write(THREE)
    shelf.build(progress=steps)
    names = sorted(THREE)
    assert [seen for seen in steps.seen if seen in names] == names  # which are read ahead of the other steps
    assert [seen for seen in steps.seen if seen not in names] == [
        "read",
        "draft",
        "copies",
        "encode",
        3,
        (3,),
        "close",
        "check",
        "sync",
        "seal",
        "swap",
        "done",
    ]
    assert [step for step in steps.seen if step in STEPS] == list(STEPS)


def test_progress_of_an_unchanged_library_is_reading_only(library) -> None:
    shelf, steps = library(THREE), Steps()
    shelf.build(progress=steps)
    assert steps.seen == ["read", "cats.md", "cows.md", "dogs.md"]


# Failures


def test_a_draft_that_does_not_pass_its_check_never_serves(library, monkeypatch) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})

    def refuse(folder: Path) -> None:
        raise LibraryDamaged("The new index did not pass its check.")

    with pytest.raises(LibraryDamaged, match="did not pass"):
        shelf.build(check=refuse)
    assert (shelf.current, shelf.generations) == ("000001", ["000001"])
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}


def test_an_encoder_that_fails_leaves_the_library_as_it_was(library, monkeypatch) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="out of memory"):

        def fail(texts: object) -> None:
            raise RuntimeError("out of memory")

        patch.setattr(shelf.encoder, "encode", fail)
        shelf.build()
    assert (shelf.current, shelf.generations) == ("000001", ["000001"])
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}


@pytest.mark.parametrize("store", ["cache.EmbeddingCache.put", "draft.Draft.store", "pipeline.sync_tree"])
def test_a_disk_that_is_full_leaves_the_library_as_it_was(
    library, store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})

    def full(*anything: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(LibraryUnwritable, match="No space left on device"):
        patch.setattr(f"index.{store}", full)
        shelf.build()
    assert (shelf.current, shelf.generations) == ("000001", ["000001"])
    assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda file: file.write_bytes(b""), id="emptied"),
        pytest.param(lambda file: file.write_bytes(file.read_bytes()[:50_000]), id="cut"),
        pytest.param(lambda file: file.write_bytes(bytes(200_000)), id="zeros"),
        pytest.param(lambda file: file.write_bytes(b"garbage" * 9_999), id="overwritten"),
    ],
)
def test_a_build_makes_a_damaged_chroma_anew(library, damage: Callable[[Path], object]) -> None:
    shelf = library({f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(12)})
    damage(shelf.generation / "chroma" / "chroma.sqlite3")
    shelf.write({"3.md": "# N3\n\nThe word is other."})
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"changed": 1, "unchanged": 11}, 1)
    assert len(stored_ids(shelf)) == 12


def test_a_build_goes_on_from_the_generation_before_a_damaged_one(library) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    shelf.build()
    (shelf.generation / "articles.db").unlink()
    report = shelf.build()
    assert (counts(report), report.encoded) == ({"changed": 1, "unchanged": 2}, 0)
    assert shelf.current == "000003"
    assert found(shelf, "loud birds")[0] == DOGS + " Loud birds."


def test_a_damaged_generation_is_left_for_the_one_before_where_that_is_up_to_date(library) -> None:
    shelf = library(THREE)
    shelf.write({"dogs.md": DOGS + " Loud birds."})
    shelf.build()
    (shelf.generation / "vectors.npy").write_bytes(b"")
    shelf.write({"dogs.md": DOGS})
    assert counts(shelf.build()) == {"unchanged": 3}
    assert shelf.current == "000001"


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xfe", b"000077"])
def test_a_build_mends_a_damaged_pointer(library, content: bytes) -> None:
    shelf = library(THREE)
    (shelf.path / "CURRENT").write_bytes(content)
    assert counts(shelf.build()) == {"unchanged": 3}
    assert shelf.current == "000001"


def test_a_library_of_another_format_is_built_anew(library) -> None:
    shelf = library(THREE)
    manifest = shelf.generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    report = shelf.build(roots=None)
    assert (counts(report), report.encoded) == ({"added": 3}, 0)
    assert report.remade == "no generation of before could be used"


@pytest.mark.parametrize("name", ["vectors.npy", "manifest.json"])
def test_a_library_of_which_nothing_is_whole_is_built_anew_from_its_roots(library, name: str) -> None:
    shelf = library(THREE)
    (shelf.generation / name).write_bytes(b"damaged")
    report = shelf.build(roots=None)
    assert (counts(report), report.encoded) == ({"added": 3}, 0)
    assert found(shelf, "dogs run")[0] == DOGS


def test_a_library_of_which_not_even_the_roots_are_left_wants_them_named(library) -> None:
    shelf = library(THREE)
    (shelf.generation / "articles.db").write_bytes(b"damaged")
    with pytest.raises(NothingToIndex, match="byline index build PATH"):
        shelf.build(roots=None)
    assert counts(shelf.build()) == {"added": 3}
    assert found(shelf, "dogs run")[0] == DOGS


def test_a_library_can_be_moved(library) -> None:
    shelf = library(THREE)
    moved = shelf.copy(shelf.home.parent / "elsewhere")
    shutil.rmtree(shelf.path)
    assert found(moved, "dogs run")[0] == DOGS
    assert counts(moved.build(shelf.articles)) == {"unchanged": 3}


def test_builds_can_follow_one_another_for_long(library) -> None:
    shelf = library(THREE)
    for n in range(4):
        shelf.write({"dogs.md": DOGS + f" Bird number{n}."})
        assert counts(shelf.build()) == {"changed": 1, "unchanged": 2}
    # The one that serves, the one before it, and the one that was before when the last build began.
    assert shelf.generations == ["000003", "000004", "000005"]
    assert len(stored_ids(shelf)) == 3

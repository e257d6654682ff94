"""What differs between the sources and the index, before anything is done about it."""

import json
import os
from pathlib import Path

import pytest

from index.readers.patterns import Patterns
from index.roots import Roots
from index.survey import Change, Kind, Survey

CATS = "# Cats\n\nCats sit on mats."
DOGS = "# Dogs\n\nDogs run in parks."
PAGE = "---\ntitle: Page\nurl: https://example.org/page\n---\n"


def rooted(*roots: Path) -> Roots:
    return Roots({str(root): Patterns() for root in roots})


def surveyed(shelf, *roots: Path) -> tuple[Survey, list[Change]]:
    with shelf.catalog() as catalog:
        survey = Survey(catalog, rooted(*(roots or [shelf.articles])))
        return survey, list(survey.changes())


def kinds(changes: list[Change]) -> list[Kind]:
    return [change.kind for change in changes]


def test_without_an_index_everything_is_added(library) -> None:
    shelf = library()
    shelf.write({"b.md": DOGS, "a.md": CATS})
    survey = Survey(None, rooted(shelf.articles))
    changes = list(survey.changes())
    assert kinds(changes) == [Kind.ADDED, Kind.ADDED]
    assert [Path(change.source).name for change in changes] == ["a.md", "b.md"]
    assert [change.article.text for change in changes if change.article] == [CATS, DOGS]
    assert all(change.article.id == change.id for change in changes if change.article)


def test_each_article_comes_once_and_those_that_are_gone_come_last(library) -> None:
    shelf = library({"a.md": CATS, "b.md": DOGS, "c.md": "Cows chew."})
    (shelf.articles / "a.md").unlink()
    shelf.write({"b.md": DOGS + " Yes.", "d.md": "Owls hoot."})
    _, changes = surveyed(shelf)
    assert kinds(changes) == [Kind.CHANGED, Kind.UNCHANGED, Kind.ADDED, Kind.REMOVED]


def test_only_what_differs_is_written(library) -> None:
    shelf = library({"a.md": CATS, "b.md": DOGS})
    shelf.write({"b.md": ""})
    _, changes = surveyed(shelf)
    assert [(change.kind, change.writes) for change in changes] == [
        (Kind.UNCHANGED, False),
        (Kind.STALE, True),
    ]
    shelf.build()
    _, changes = surveyed(shelf)
    assert [(change.kind, change.writes) for change in changes] == [
        (Kind.UNCHANGED, False),
        (Kind.STALE, False),
    ]


def test_a_source_is_announced_before_it_is_read(library, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = library()
    shelf.write({"a.md": CATS})
    order = []

    def read(path, **options):
        order.append(("read", path.name))
        return iter(())

    monkeypatch.setattr("index.sources.read", read)
    list(
        Survey(
            None, rooted(shelf.articles), reading=lambda name: order.append(("told", Path(name).name))
        ).changes()
    )
    assert order == [("told", "a.md"), ("read", "a.md")]


def test_a_source_that_was_not_read_whole_is_read_again(library) -> None:
    shelf = library({"a.jsonl": '{"id": "1", "text": "Cats sit."}\n{broken\n'})
    survey, changes = surveyed(shelf)
    assert kinds(changes) == [Kind.UNCHANGED]
    assert [failure.reason[:20] for failure in survey.failures] == ["line 2 is not JSON ("]
    assert survey.digests[str(shelf.articles / "a.jsonl")][1] is None


def test_other_readers_read_everything_again(library, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = library({"a.md": CATS})
    read = []
    monkeypatch.setattr("index.sources.READERS_VERSION", 999)
    real = __import__("index.sources", fromlist=["read"]).read
    monkeypatch.setattr("index.sources.read", lambda path, **o: read.append(path.name) or real(path, **o))
    _, changes = surveyed(shelf)
    assert (kinds(changes), read) == ([Kind.UNCHANGED], ["a.md"])


def test_a_page_that_was_renamed_and_edited_is_known_by_its_address(library) -> None:
    shelf = library({"a.md": PAGE + "Cats sit.", "b.md": DOGS})
    id = shelf.ids()["a.md"]
    (shelf.articles / "a.md").unlink()
    shelf.write({"sub/z.md": PAGE + "Cats run."})
    _, changes = surveyed(shelf)
    assert [(change.kind, change.id) for change in changes if change.writes] == [(Kind.MOVED, id)]
    assert changes[-1].article is not None and changes[-1].article.text == "Cats run."


def test_equal_text_counts_before_an_equal_address(library) -> None:
    other = PAGE.replace("/page", "/other")
    shelf = library({"a.md": PAGE + "Cats sit.", "b.md": other + "Dogs run."})
    ids = shelf.ids()
    for name in ("a.md", "b.md"):
        (shelf.articles / name).unlink()
    # The page's address now stands above the other one's text.
    shelf.write({"c.md": PAGE + "Dogs run."})
    _, changes = surveyed(shelf)
    assert [(change.kind, change.id) for change in changes] == [
        (Kind.MOVED, ids["b.md"]),
        (Kind.REMOVED, ids["a.md"]),
    ]


def test_what_is_still_there_is_not_claimed(library) -> None:
    shelf = library({"a.md": CATS})
    shelf.write({"b.md": CATS})
    _, changes = surveyed(shelf)
    assert kinds(changes) == [Kind.UNCHANGED, Kind.ADDED]


def test_what_is_lost_is_claimed_once(library) -> None:
    shelf = library({"a.md": CATS})
    (shelf.articles / "a.md").unlink()
    shelf.write({"b.md": CATS, "c.md": CATS})
    _, changes = surveyed(shelf)
    assert kinds(changes) == [Kind.MOVED, Kind.ADDED]


def test_articles_of_one_file_are_told_apart_by_their_titles(library) -> None:
    def lines(*titles: str) -> str:
        return "".join(json.dumps({"title": title, "text": f"About {title}."}) + "\n" for title in titles)

    shelf = library({"a.jsonl": lines("cats", "dogs")})
    shelf.write({"a.jsonl": lines("birds", "cats", "dogs")})
    _, changes = surveyed(shelf)
    assert kinds(changes) == [Kind.ADDED, Kind.UNCHANGED, Kind.UNCHANGED]


def test_a_root_that_does_not_exist_is_a_failure(library) -> None:
    shelf = library({"a.md": CATS})
    survey, changes = surveyed(shelf, shelf.home / "nowhere")
    assert (changes, [failure.reason for failure in survey.failures]) == ([], ["does not exist"])


def test_a_root_whose_name_begins_like_anothers_is_another(library) -> None:
    shelf = library({"news/a.md": CATS, "news-old/b.md": DOGS})
    for name in ("news/a.md", "news-old/b.md"):
        (shelf.articles / name).unlink()
    _, changes = surveyed(shelf, shelf.articles / "news")
    assert kinds(changes) == [Kind.REMOVED]


def test_a_link_to_a_folder_given_as_a_root_is_that_folder(library) -> None:
    shelf = library()
    shelf.write({"a.md": CATS})
    os.symlink(shelf.articles, shelf.home / "link")
    shelf.build(shelf.home / "link")
    (shelf.articles / "a.md").unlink()
    _, changes = surveyed(shelf, shelf.home / "link")
    assert kinds(changes) == [Kind.REMOVED]

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from index.catalog import Catalog, Row, fingerprint
from index.filters import Filter
from index.types import Article, Passage

FULL = Article(
    id="full",
    title="A “title” 🐈",
    text="Cats sit.\n\nDogs run.",
    source="/a/full.md",
    url="https://example.org/full",
    authors=("Ada Lind", "林曉雯"),
    published=date(2024, 2, 29),
    updated=date(2024, 3, 1),
    site="The Lantern",
    language="en",
)
BARE = Article(id="bare", title="Bare", text="Cows chew.", source="/a/bare.txt")


def put(catalog: Catalog, article: Article, *spans: tuple[int, int]) -> None:
    passages: list[Passage] = [article.passage(*span) for span in spans or [(0, len(article.text))]]
    catalog.put(
        article, f"key-{article.id}", "/a", [(p, f"{article.id}{p.start}".encode()) for p in passages]
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "articles.db"


@pytest.fixture
def catalog(path: Path) -> Iterator[Catalog]:
    """Passages 1 and 2 are of `full`, 3 is of `bare`."""
    with closing(Catalog.create(path)) as catalog:
        put(catalog, FULL, (0, 9), (11, 20))
        put(catalog, BARE)
        catalog.commit()
        yield catalog


@pytest.mark.parametrize("article", [FULL, BARE], ids=["all fields", "no field that may be missing"])
def test_an_article_comes_back_as_it_was_put(catalog: Catalog, article: Article) -> None:
    assert catalog.article(article.id) == article


def test_an_article_that_is_not_there_is_none(catalog: Catalog) -> None:
    assert catalog.article("nobody") is None


def test_articles_come_by_id(catalog: Catalog) -> None:
    assert list(catalog.articles()) == [BARE, FULL]


def test_passages_are_numbered_in_order(catalog: Catalog) -> None:
    assert catalog.passages("full") == [Row(1, "full", 0, 9), Row(2, "full", 11, 20)]
    assert catalog.passage_ids() == [1, 2, 3]
    assert catalog.counts() == (2, 3)


def test_rows_that_are_not_there_are_left_out(catalog: Catalog) -> None:
    assert catalog.rows([3, 99, 1]) == {1: Row(1, "full", 0, 9), 3: Row(3, "bare", 0, 10)}


def test_more_rows_than_sqlite_takes_values_are_found(catalog: Catalog) -> None:
    assert set(catalog.rows(list(range(100_000)))) == {1, 2, 3}


def test_putting_again_replaces_and_gives_new_numbers(catalog: Catalog) -> None:
    put(catalog, replace(FULL, text="Cats eat."))
    assert catalog.passage_ids() == [3, 4]
    assert catalog.counts() == (2, 2)


def test_numbers_are_not_used_again(catalog: Catalog) -> None:
    catalog.delete("bare")
    assert catalog.last_passage_id() == 3
    put(catalog, BARE)
    assert catalog.passage_ids() == [1, 2, 4]


def test_an_empty_catalog_has_given_out_no_number(tmp_path: Path) -> None:
    with closing(Catalog.create(tmp_path / "empty.db")) as empty:
        assert (empty.last_passage_id(), empty.counts(), empty.passage_ids()) == (0, (0, 0), [])


def test_deleting_takes_the_passages_along(catalog: Catalog) -> None:
    catalog.delete("full")
    assert (catalog.article("full"), catalog.passage_ids()) == (None, [3])


def test_keys_after_a_number_are_those_of_newer_passages(catalog: Catalog) -> None:
    assert catalog.keys_between(1, 3) == [(2, b"full11"), (3, b"bare0")]


def test_entries_say_what_a_build_compares(catalog: Catalog) -> None:
    entry = {entry.id: entry for entry in catalog.entries()}["full"]
    assert (entry.key, entry.source, entry.root, entry.stale) == ("key-full", "/a/full.md", "/a", 0)
    assert entry.fingerprint == fingerprint(FULL)


def test_a_moved_article_keeps_its_passages(catalog: Catalog) -> None:
    catalog.mark_stale("full", True)
    catalog.move("full", "new-key", "/b/full.md", "/b")
    entry = {entry.id: entry for entry in catalog.entries()}["full"]
    assert (entry.key, entry.source, entry.root, entry.stale) == ("new-key", "/b/full.md", "/b", 0)
    assert len(catalog.passages("full")) == 2


def test_staleness_is_remembered_and_forgotten(catalog: Catalog) -> None:
    catalog.mark_stale("full", True)
    assert [entry.id for entry in catalog.entries() if entry.stale] == ["full"]
    catalog.mark_stale("full", False)
    assert [entry.id for entry in catalog.entries() if entry.stale] == []


def test_roots_add_up_in_the_order_they_were_given(catalog: Catalog) -> None:
    catalog.set_roots(["/z", "/a"])
    catalog.set_roots(["/a", "/m"])
    assert catalog.roots() == ["/z", "/a", "/m"]


def test_sources_are_remembered_and_forgotten(catalog: Catalog) -> None:
    catalog.set_source("/a/x", "/a", "1")
    catalog.set_source("/a/y", "/a", "2")
    catalog.set_source("/a/x", "/a", "3")
    catalog.set_source("/a/y", "/a", None)
    assert catalog.sources() == {"/a/x": "3"}
    assert catalog.source_records() == {"/a/x": ("/a", "3")}


def test_the_newest_come_first_and_those_without_a_date_last(catalog: Catalog) -> None:
    put(catalog, replace(BARE, id="new", published=date(2025, 1, 1)))
    assert catalog.newest(2) == ["new", "full"]
    assert catalog.newest(9) == ["new", "full", "bare"]


@pytest.mark.parametrize(
    ("filter", "articles", "passages"),
    [
        (Filter(since=date(2024, 2, 29)), ["full"], [1, 2]),
        (Filter(since=date(2024, 3, 1)), [], []),
        (Filter(sites=("the lantern",)), ["full"], [1, 2]),
        (Filter(articles=("bare", "nobody")), ["bare"], [3]),
    ],
    ids=["date", "no date", "site", "article"],
)
def test_a_filter_selects(catalog: Catalog, filter: Filter, articles: list[str], passages: list[int]) -> None:
    assert catalog.article_ids(filter) == articles
    assert catalog.passage_ids_of(articles) == passages


def test_filter_rows_are_those_of_the_articles_asked_for(catalog: Catalog) -> None:
    assert catalog.filter_rows(["bare", "nobody"]) == {"bare": {"article": "bare"}}


def test_a_clone_is_another_catalog(catalog: Catalog, path: Path, tmp_path: Path) -> None:
    with closing(Catalog.clone(path, tmp_path / "clone.db")) as clone:
        clone.delete("full")
        clone.commit()
        assert clone.last_passage_id() == 3
    assert catalog.counts() == (2, 3)


def test_a_sealed_catalog_is_not_written(catalog: Catalog, path: Path) -> None:
    with closing(Catalog.open(path)) as sealed, pytest.raises(sqlite3.OperationalError, match="readonly"):
        sealed.delete("full")


def test_a_sealed_catalog_leaves_no_file_beside_it(catalog: Catalog, path: Path) -> None:
    with closing(Catalog.open(path)) as sealed:
        assert sealed.counts() == (2, 3)
        assert [file.name for file in path.parent.iterdir()] == ["articles.db"]


@pytest.mark.parametrize("name", ["a?b#c.db", "100%.db", "ein Ordner.db"])
def test_paths_are_not_read_as_addresses(tmp_path: Path, name: str) -> None:
    with closing(Catalog.create(tmp_path / name)) as catalog:
        put(catalog, BARE)
        catalog.commit()
    with closing(Catalog.open(tmp_path / name)) as sealed:
        assert sealed.counts() == (1, 1)


def test_what_is_no_catalog_is_an_sqlite_error(path: Path) -> None:
    path.write_bytes(b"no database" * 99)
    with pytest.raises(sqlite3.Error):
        Catalog.open(path)


CHANGED = {
    "title": "Another title",
    "text": "Another text.",
    "url": "https://example.org/other",
    "authors": ("Ada Lind",),
    "published": date(2020, 1, 1),
    "updated": None,
    "site": None,
    "language": "de",
}


@pytest.mark.parametrize("field", CHANGED)
def test_a_fingerprint_covers_what_is_searched_or_shown(field: str) -> None:
    assert fingerprint(replace(FULL, **{field: CHANGED[field]})) != fingerprint(FULL)


def test_a_fingerprint_covers_neither_the_id_nor_the_place() -> None:
    assert fingerprint(replace(FULL, id="x", source="y")) == fingerprint(FULL)
    assert {field.name for field in fields(Article)} == {*CHANGED, "id", "source"}


def test_dates_that_change_places_change_the_fingerprint() -> None:
    exchanged = replace(FULL, published=FULL.updated, updated=FULL.published)
    assert fingerprint(exchanged) != fingerprint(FULL)


def test_threads_share_a_catalog(catalog: Catalog) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: catalog.article("full"), range(200)))
    assert found == [FULL] * 200


def test_an_article_of_any_length_is_kept(catalog: Catalog, article: Callable[..., Article]) -> None:
    long = article("Cats sit. " * 200_000, id="long")
    put(catalog, long)
    assert catalog.article("long") == long

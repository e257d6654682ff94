"""Reading one generation: three stores that agree, and what is done where one of them is damaged."""

import json
import logging
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import snapshot as module
from index.errors import ArticleNotFound, LibraryDamaged
from index.filters import Filter
from index.library import Library
from index.snapshot import Snapshot
from index.vectors import VectorStore

# Each word but "animal" stands in one article only; eleven of them make ranks without ties.
ARTICLES = [
    {"id": "cats", "text": "The animal purrs on a cushion.", "published": "2024-01-10", "site": "Lantern"},
    {"id": "dogs", "text": "The animal barks at postmen.", "published": "2024-02-29", "site": "LANTERN"},
    {"id": "cows", "text": "The animal chews grass twice.", "published": "2024-03-30", "site": "Post"},
    {"id": "owls", "text": "The animal hoots after midnight.", "site": "Post"},
    {"id": "bees", "text": "The animal hums above clover.", "published": "2023-12-31"},
    *({"id": f"more{n}", "text": f"The animal number{n} is word{n}."} for n in range(20)),
]
QUESTIONS = ["Who purrs on a cushion?", "barks at postmen", "hoots midnight", "number7 word7", "animal"]
FILTERS = {
    "since": Filter(since=date(2024, 2, 29)),
    "until": Filter(until=date(2024, 2, 29)),
    "a range": Filter(since=date(2024, 1, 1), until=date(2024, 2, 29)),
    "one day": Filter(since=date(2024, 2, 29), until=date(2024, 2, 29)),
    "an empty range": Filter(since=date(2025, 1, 1), until=date(2020, 1, 1)),
    "any date": Filter(since=date.min),
    "a site": Filter.of(sites=["lantern"]),
    "two sites": Filter.of(sites=["Lantern", "POST"]),
    "a site that is not there": Filter.of(sites=["nowhere"]),
    "no site": Filter.of(sites=[""]),
    "articles": Filter(articles=("owls", "more3", "nobody")),
    "nearly all articles": Filter(articles=tuple(str(a["id"]) for a in ARTICLES[:-1])),
    "all together": Filter.of(date(2024, 1, 1), date(2024, 12, 31), ["post", "lantern"], ["cows", "owls"]),
}


@pytest.fixture(scope="module")
def shelf(module_library):
    return module_library({"all.jsonl": "\n".join(map(json.dumps, ARTICLES))})


@pytest.fixture
def opened(shelf) -> Iterator[Snapshot]:
    snapshot = Snapshot(Library(shelf.path), shelf.current, shelf.encoder)
    yield snapshot
    snapshot.close()


@pytest.fixture
def damaged(shelf, tmp_path: Path):
    """A copy that may be damaged."""
    return shelf.copy(tmp_path / "copy")


def answers(snapshot: Snapshot, filter: Filter | None = None) -> list[list[int]]:
    """For each question the passages that share a word with it, and not just "animal"."""
    vectors = snapshot.encode(QUESTIONS[:-1])
    return [[id for id, score in snapshot.nearest(v, 5, filter) if score > 0.5] for v in vectors]


def test_stores_answer_what_was_asked(opened: Snapshot) -> None:
    ids = {row.article_id: id for id, row in opened.catalog.rows(range(1, 99)).items()}
    assert answers(opened) == [[ids["cats"]], [ids["dogs"]], [ids["owls"]], [ids["more7"]]]


def test_a_question_is_encoded_once_and_so_is_a_sentence(opened: Snapshot) -> None:
    encoded = opened.encoder.encoded
    encoded.clear()
    for _ in range(2):
        opened.encode_questions(["Who hums?", "Who purrs?", "Who hums?"])
        opened.encode(["It hums."])
    assert encoded == ["Who hums?", "Who purrs?", "It hums."]


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_means_the_same_to_every_store(opened: Snapshot, name: str) -> None:
    filter = FILTERS[name]
    assert filter is not None
    everything = {
        row.article_id: id for id, row in opened.catalog.rows([int(id) for id in opened.exact.ids]).items()
    }
    expected = {
        id
        for article in opened.catalog.articles()
        if filter.passes(article.id, article.published, article.site)
        for id in [everything[article.id]]
    }
    (vector,) = opened.encode(["animal"])
    chroma = opened._chroma
    assert chroma is not None
    assert {id for id, _ in chroma.nearest(vector, 100, filter)} == expected
    assert {id for id, _ in opened.exact.nearest(vector, 100, opened._allowed(filter))} == expected
    assert {id for id, _ in opened.lexical.best("animal", 100, filter)} == expected
    assert {id for id, _ in opened.nearest(vector, 100, filter)} == expected


def test_filters_are_not_all_empty_or_full() -> None:
    def passing(filter: Filter | None) -> int:
        assert filter is not None
        days = [(a["id"], a.get("published"), a.get("site")) for a in ARTICLES]
        return sum(filter.passes(i, date.fromisoformat(d) if d else None, s) for i, d, s in days)

    assert [passing(filter) for filter in FILTERS.values()] == [2, 3, 2, 1, 0, 4, 2, 4, 0, 0, 2, 24, 1]


@pytest.mark.parametrize("k", [1, 25, 26, 10_000])
def test_more_than_there_are_is_all_there_are(opened: Snapshot, k: int) -> None:
    (vector,) = opened.encode(["animal"])
    assert len(opened.nearest(vector, k)) == min(k, 25)
    assert len(opened.exact.nearest(vector, k)) == min(k, 25)
    assert len(opened.lexical.best("animal", k)) == min(k, 25)


def test_a_narrow_filter_is_answered_by_exact_search(opened: Snapshot, monkeypatch) -> None:
    asked = []
    chroma = opened._chroma
    assert chroma is not None
    monkeypatch.setattr(chroma, "nearest", lambda *given: asked.append(given) or [])
    (vector,) = opened.encode(["animal"])
    # 2 of 25 passages are less than a tenth, 3 are more.
    assert len(opened.nearest(vector, 5, Filter(articles=("cats", "dogs")))) == 2
    assert asked == []
    opened.nearest(vector, 5, Filter(articles=("cats", "dogs", "cows")))
    assert len(asked) == 1


def test_hits_are_slices_of_their_articles(opened: Snapshot) -> None:
    hits = opened.hits([(2, 0.5), (999, 0.4), (1, 0.3)])
    assert [(hit.passage.article_id, hit.score) for hit in hits] == [("dogs", 0.5), ("cats", 0.3)]
    for hit in hits:
        text = opened.article(hit.passage.article_id).text
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_an_article_that_is_not_there_is_named(opened: Snapshot) -> None:
    with pytest.raises(ArticleNotFound, match=r"There is no article 'no-one' in this library\..* list"):
        opened.article("no-one")


# Damage


def files(shelf) -> list[str]:
    """The files of the current generation that are covered by checksums, and the manifest."""
    manifest = json.loads((shelf.generation / "manifest.json").read_text())
    return [*manifest["files"], "manifest.json"]


DAMAGES = {
    "removed": lambda path, data: path.unlink(),
    "emptied": lambda path, data: path.write_bytes(b""),
    "cut": lambda path, data: path.write_bytes(data[: len(data) // 2]),
    "one byte flipped": lambda path, data: path.write_bytes(
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 0xFF]) + data[len(data) // 2 + 1 :]
    ),
    "overwritten with zeros": lambda path, data: path.write_bytes(bytes(len(data))),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whichever_file_is_damaged_it_is_noticed_and_named(damaged, damage: str) -> None:
    covered = files(damaged)
    assert len(covered) > 12
    for name in covered:
        path = damaged.generation / name
        data = path.read_bytes()
        DAMAGES[damage](path, data)
        if not path.exists() or path.read_bytes() != data:
            with pytest.raises(LibraryDamaged, match=path.name):
                Snapshot(Library(damaged.path), damaged.current, damaged.encoder)
        path.write_bytes(data)
    Snapshot(Library(damaged.path), damaged.current, damaged.encoder).close()


def test_a_generation_that_is_refused_leaves_no_lease(damaged) -> None:
    (damaged.generation / "vectors.npy").unlink()
    with pytest.raises(LibraryDamaged):
        Snapshot(Library(damaged.path), damaged.current, damaged.encoder)
    assert list((damaged.path / "readers").iterdir()) == []


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: b"garbage" * 9_999]
)
def test_where_chroma_cannot_be_opened_exact_search_gives_the_same(
    opened: Snapshot, damaged, damage, caplog
) -> None:
    path = damaged.generation / "chroma" / "chroma.sqlite3"
    path.write_bytes(damage(path.read_bytes()))
    snapshot = Snapshot(Library(damaged.path), damaged.current, damaged.encoder)
    try:
        assert snapshot._chroma is None
        assert "exact search answers" in caplog.text
        assert answers(snapshot) == answers(opened) != [[], [], [], []]
        for filter in FILTERS.values():
            assert answers(snapshot, filter) == answers(opened, filter)
    finally:
        snapshot.close()


@pytest.mark.slow
def test_whichever_page_of_chromas_file_is_lost_answers_stay_the_same(opened: Snapshot, damaged) -> None:
    logging.disable()
    source = damaged.generation / "chroma"
    data = (source / "chroma.sqlite3").read_bytes()
    expected, home = answers(opened), Library(damaged.path)
    # Chroma keeps something by path in this process, so each damage gets a generation of its own.
    for number, at in enumerate(range(0, len(data), 4096), start=100):
        folder = home.generations / f"{number:06d}"
        os.rename(damaged.generation, folder)
        home.publish(folder.name)
        (folder / "chroma" / "chroma.sqlite3").write_bytes(data[:at] + bytes(4096) + data[at + 4096 :])
        snapshot = Snapshot(home, folder.name, damaged.encoder)
        assert answers(snapshot) == expected, f"page at {at}"
        snapshot.close()
        for beside in folder.glob("chroma/chroma.sqlite3-*"):
            beside.unlink()
    logging.disable(logging.NOTSET)


class Panic(BaseException):
    """As Chroma's are."""


@pytest.mark.parametrize("error", [RuntimeError("readonly"), Panic("damaged"), AttributeError("bindings")])
def test_whatever_chroma_raises_at_opening_exact_search_answers(shelf, error, monkeypatch) -> None:
    def fail(folder: Path) -> None:
        raise error

    monkeypatch.setattr(module, "VectorStore", fail)
    snapshot = Snapshot(Library(shelf.path), shelf.current, shelf.encoder)
    assert [len(found) for found in answers(snapshot)] == [1, 1, 1, 1]
    snapshot.close()


def test_an_interruption_at_opening_is_no_damage(shelf, monkeypatch) -> None:
    def stop(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "VectorStore", stop)
    with pytest.raises(KeyboardInterrupt):
        Snapshot(Library(shelf.path), shelf.current, shelf.encoder)
    assert list((shelf.path / "readers").iterdir()) == []


@pytest.mark.parametrize("error", [RuntimeError("disk is full"), Panic("damaged")])
def test_whatever_chroma_raises_at_searching_exact_search_answers(
    opened: Snapshot, error: BaseException, monkeypatch, caplog
) -> None:
    expected = answers(opened)

    def fail(*given: object) -> None:
        raise error

    monkeypatch.setattr(opened._chroma, "nearest", fail)
    assert answers(opened) == expected
    assert caplog.text.count("exact search answers") == 1


def test_a_chroma_that_finds_other_vectors_is_not_used(damaged, monkeypatch) -> None:
    matrix = np.load(damaged.generation / "vectors.npy")
    with VectorStore(damaged.generation / "chroma") as chroma:
        # The first two of the passages that are looked up.
        chroma.delete([1, 4])
        chroma.add([1, 4], -matrix[[0, 3]].astype(np.float32), [{"article": "cats"}, {"article": "owls"}])
    monkeypatch.setattr("index.generation.Manifest.check", lambda manifest, folder: None)
    snapshot = Snapshot(Library(damaged.path), damaged.current, damaged.encoder)
    assert snapshot._chroma is None
    assert [len(found) for found in answers(snapshot)] == [1, 1, 1, 1]
    snapshot.close()


def test_a_library_on_a_disk_that_cannot_be_written_is_read(damaged) -> None:
    everything = [damaged.path, *damaged.path.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        try:
            (damaged.generation / "test").touch()
            pytest.skip("this user may write everywhere")
        except PermissionError:
            pass
        snapshot = Snapshot(Library(damaged.path), damaged.current, damaged.encoder)
        assert [len(found) for found in answers(snapshot)] == [1, 1, 1, 1]
        snapshot.close()
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)

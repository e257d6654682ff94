"""Checking a library whole, and clearing away what it no longer needs."""

from pathlib import Path

import pytest

from index import IndexSettings, prune, remove, verify
from index.errors import LibraryDamaged, LibraryNotFound
from index.seal import check

CATS = "# Cats\n\nCats sit on mats."
SECRET = "# Secret\n\nThe xylophonist buried it beneath the weathervane."


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks are made in this process, which is quicker."""
    monkeypatch.setattr("index.pipeline.check_apart", check)
    monkeypatch.setattr("index.upkeep.check_apart", check)


@pytest.fixture(scope="module")
def original(module_library):
    """Two generations, in both of which all that is searched is the same."""
    shelf = module_library({"cats.md": CATS, "secret.md": SECRET})
    shelf.build(settings=IndexSettings(passage_tokens=100))
    assert shelf.generations == ["000001", "000002"]
    return shelf


@pytest.fixture
def shelf(original, tmp_path: Path):
    return original.copy(tmp_path / "copy")


def holding(folder: Path, word: str) -> list[str]:
    """The files in which a word stands, in whatever case and encoding of old."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and word.encode() in path.read_bytes().lower()
    ]


def test_a_whole_library_is_verified(shelf) -> None:
    found = verify(shelf.path)
    assert (found.generation, found.articles, found.passages) == ("000002", 2, 2)


@pytest.mark.parametrize("name", ["articles.db", "vectors.npy", "manifest.json", "chroma/chroma.sqlite3"])
def test_damage_is_told_with_the_remedy(shelf, name: str) -> None:
    (shelf.generation / name).unlink()
    with pytest.raises(LibraryDamaged, match=f"Rebuild it with: byline index build --library {shelf.path}"):
        verify(shelf.path)


def test_there_has_to_be_a_library(tmp_path: Path) -> None:
    for look in (verify, prune):
        with pytest.raises(LibraryNotFound, match="Make one with"):
            look(tmp_path / "nowhere")


def test_pruning_leaves_the_current_generation_only(shelf) -> None:
    pruned = prune(shelf.path, encoder=shelf.encoder)
    assert (pruned.generations, pruned.vectors) == (1, 0)
    assert pruned.bytes > 100_000
    assert shelf.generations == ["000002"]
    check(shelf.generation)


def test_pruning_spares_what_is_being_read(library) -> None:
    shelf = library({"cats.md": CATS, "secret.md": SECRET})
    with shelf.open() as index, index.pinned() as snapshot:
        shelf.write({"cats.md": CATS + " They purr."})
        shelf.build()
        prune(shelf.path, encoder=shelf.encoder)
        assert snapshot.name in shelf.generations
        assert snapshot.catalog.counts() == (2, 2)


def test_pruning_forgets_the_vectors_of_what_is_gone(library) -> None:
    shelf = library({"cats.md": CATS, "secret.md": SECRET})
    (shelf.articles / "secret.md").unlink()
    shelf.build()
    assert prune(shelf.path, encoder=shelf.encoder).vectors == 1
    shelf.encoder.encoded = []
    shelf.write({"secret.md": SECRET})
    assert shelf.build().encoded == 1


def test_after_pruning_no_word_of_what_was_removed_is_left(shelf, original) -> None:
    assert holding(shelf.path, "xylophonist") != []
    remove([original.ids()["secret.md"]], library=shelf.path, encoder=shelf.encoder)
    prune(shelf.path, encoder=shelf.encoder)
    assert holding(shelf.path, "xylophonist") == holding(shelf.path, "weathervan") == []
    assert holding(shelf.path, "mats") != []
    with shelf.open() as index:
        assert [hit.passage.text for hit in index.search("cats")] == [CATS]


@pytest.mark.parametrize("damage", ["a file", "the pointer", "no pointer"])
def test_pruning_never_takes_the_last_generation_that_is_whole(shelf, damage: str) -> None:
    if damage == "a file":
        (shelf.generation / "vectors.npy").write_bytes(b"")
    elif damage == "the pointer":
        (shelf.path / "CURRENT").write_bytes(b"garbage")
    else:
        (shelf.path / "CURRENT").unlink()
    prune(shelf.path, encoder=shelf.encoder)
    assert shelf.generations == [shelf.current] == ["000001" if damage == "a file" else "000002"]
    check(shelf.generation)

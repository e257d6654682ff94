import os
import sys
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.errors import LibraryDamaged
from index.lexical import LexicalIndex
from index.seal import check, check_apart
from index.vectors import VectorStore

FILES = {f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(6)}


@pytest.fixture(scope="module")
def shelf(module_library):
    return module_library(FILES)


@pytest.fixture
def folder(shelf, tmp_path: Path) -> Path:
    """A sealed generation that may be damaged."""
    return shelf.copy(tmp_path / "copy").generation


def test_a_whole_generation_passes(folder: Path) -> None:
    check(folder)


def test_a_vector_that_chroma_lacks_is_noticed(folder: Path) -> None:
    with VectorStore(folder / "chroma") as chroma:
        chroma.delete([3])
    with pytest.raises(LibraryDamaged, match="chroma and the catalog differ in 1 passages"):
        check(folder)


def test_a_vector_too_many_is_noticed(folder: Path) -> None:
    with VectorStore(folder / "chroma") as chroma:
        chroma.add([99], np.ones((1, 128), dtype=np.float32), [{"article": "a"}])
    with pytest.raises(LibraryDamaged, match="chroma and the catalog differ in 1 passages"):
        check(folder)


def test_words_that_tantivy_lacks_are_noticed(folder: Path, shelf) -> None:
    lexical = LexicalIndex(folder / "tantivy")
    lexical.delete_article(shelf.ids()["2.md"])
    lexical.commit()
    with pytest.raises(LibraryDamaged, match="tantivy and the catalog differ in 1 passages"):
        check(folder)


def test_an_article_that_the_catalog_lacks_is_noticed(folder: Path, shelf) -> None:
    catalog = Catalog.clone(folder / "articles.db", folder / "newer.db")
    catalog.delete(shelf.ids()["2.md"])
    catalog.commit()
    catalog.close()
    os.replace(folder / "newer.db", folder / "articles.db")
    with pytest.raises(ValueError, match=r"has shape \(6, 128\), for 5 passages"):
        check(folder)


def test_vectors_that_chroma_does_not_have_are_noticed(folder: Path) -> None:
    matrix = np.load(folder / "vectors.npy")
    matrix[4] = -matrix[4]
    np.save(folder / "vectors.npy", matrix)
    with pytest.raises(LibraryDamaged, match="does not find passage 5 by its own vector"):
        check(folder)


def test_one_vector_of_many_that_the_graph_cannot_reach_is_no_damage(module_library, tmp_path: Path) -> None:
    files = {f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(16)}
    folder = module_library(files).copy(tmp_path / "sixteen").generation
    for wrong, found in ((1, True), (2, True), (3, False)):
        matrix = np.load(folder / "vectors.npy")
        matrix[wrong] = -matrix[wrong]
        np.save(folder / "vectors.npy", matrix)
        if found:
            check(folder)
        else:
            with pytest.raises(LibraryDamaged, match="does not find passage 2 by its own vector"):
                check(folder)


def test_a_passage_without_a_vector_is_not_looked_up(folder: Path) -> None:
    matrix = np.load(folder / "vectors.npy")
    matrix[4] = 0
    np.save(folder / "vectors.npy", matrix)
    check(folder)


@pytest.mark.slow
def test_a_child_passes_a_whole_generation(folder: Path) -> None:
    check_apart(folder)


@pytest.mark.slow
def test_what_the_child_found_is_told(folder: Path) -> None:
    (folder / "vectors.npy").unlink()
    with pytest.raises(LibraryDamaged, match=r"did not pass its check: FileNotFoundError: .*vectors\.npy"):
        check_apart(folder)


@pytest.mark.parametrize(
    ("death", "told"),
    [("kill -SEGV $$", "ended with code -11"), ("exit 3", "code 3"), ("echo Panic >&2; exit 1", "Panic")],
)
def test_a_child_that_crashes_is_a_failed_check(
    folder: Path, tmp_path: Path, death: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{death}\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(LibraryDamaged, match=rf"{told}.*\. Run the build again\."):
        check_apart(folder)


@pytest.mark.slow
def test_a_folder_called_index_where_the_person_stands_does_not_matter(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "__init__.py").write_text("raise RuntimeError('not this one')")
    monkeypatch.chdir(tmp_path)
    check_apart(folder)

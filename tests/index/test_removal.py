"""Taking articles out of a library without touching anybody's files."""

from pathlib import Path

import pytest

from index import remove
from index.errors import ArticleNotFound, LibraryNotFound
from index.seal import check

CATS = "# Cats\n\nCats sit on mats."
DOGS = "# Dogs\n\nDogs run in parks."
COWS = "# Cows\n\nCows chew all day."


@pytest.fixture
def shelf(library, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.pipeline.check_apart", check)
    return library({"cats.md": CATS, "far/dogs.md": DOGS, "far/cows.md": COWS})


def taken(shelf, *targets: str | Path) -> list[str]:
    return remove([str(target) for target in targets], library=shelf.path, encoder=shelf.encoder)


@pytest.mark.parametrize("by", ["id", "file"])
def test_a_removed_article_is_gone_from_every_store(shelf, by: str) -> None:
    id = shelf.ids()["cats.md"]
    assert taken(shelf, id if by == "id" else shelf.articles / "cats.md") == [id]
    check(shelf.generation)
    assert set(shelf.ids()) == {"far/dogs.md", "far/cows.md"}
    with shelf.open() as index:
        assert CATS not in [hit.passage.text for hit in index.search("cats sit on mats")]
    assert (shelf.articles / "cats.md").read_text() == CATS


def test_a_folder_takes_all_below_it_along(shelf) -> None:
    assert len(taken(shelf, shelf.articles / "far")) == 2
    assert set(shelf.ids()) == {"cats.md"}


def test_what_was_removed_stays_out_of_later_builds(shelf) -> None:
    taken(shelf, shelf.articles / "cats.md")
    assert shelf.build().articles == 2
    shelf.write({"cats.md": CATS + " They purr."})
    report = shelf.build()
    assert (report.added, report.articles) == (0, 2)


def test_what_was_removed_comes_back_when_its_file_is_named(shelf) -> None:
    taken(shelf, shelf.articles / "cats.md")
    assert shelf.build(shelf.articles / "cats.md").added == 1
    assert shelf.build().articles == 3


def test_a_root_that_was_removed_is_forgotten(shelf) -> None:
    assert len(taken(shelf, shelf.articles)) == 3
    with shelf.catalog() as catalog:
        assert catalog.roots() == []
    assert shelf.build().added == 3


@pytest.mark.parametrize("target", ["nobody", "/nowhere/at/all.md"])
def test_a_target_that_is_not_there_is_an_error_and_nothing_is_done(shelf, target: str) -> None:
    with pytest.raises(ArticleNotFound, match=f"no article, file or folder '{target}'"):
        taken(shelf, shelf.articles / "cats.md", target)
    assert (len(shelf.ids()), shelf.generations) == (3, ["000001"])


def test_there_has_to_be_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match="Make one with"):
        remove(["a"], library=tmp_path / "nowhere")

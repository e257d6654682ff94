"""Every file of a generation emptied, cut, flipped or removed: the generation before it answers, or, where
it is only Chroma's own file, exact search does; and the next build mends it. Never an error, never a wrong
answer.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from index import verify
from index.errors import LibraryDamaged
from index.seal import check

pytestmark = pytest.mark.slow

ARTICLES = {f"{n}.md": f"# Lamp {n}\n\nThe keeper lit lamp{n} in town. Then he went home." for n in range(9)}


def flip(path: Path) -> None:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


HARM: dict[str, Callable[[Path], object]] = {
    "emptied": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "flipped": flip,
    "removed": Path.unlink,
}


@pytest.fixture(scope="module")
def two(module_library):
    """Two generations: lamp 3 is lit in town in the first, at sea in the second, which is current."""
    shelf = module_library(ARTICLES)
    shelf.write({"3.md": ARTICLES["3.md"].replace("in town", "at sea")})
    shelf.build()
    return shelf


def files(shelf) -> list[str]:
    """What a generation consists of, but for locks and what is empty anyway."""
    found = [path for path in shelf.generation.rglob("*") if path.is_file() and path.stat().st_size]
    return sorted(path.relative_to(shelf.generation).as_posix() for path in found)


def lamp(shelf) -> tuple[str, str]:
    """The generation that answers where lamp 3 was lit, and its answer."""
    with shelf.open() as index:
        text = index.search("where was lamp3 lit")[0].passage.text
        return index.info().generation, "sea" if "lamp3 at sea" in text else text


def test_a_generation_has_the_files_that_are_damaged_here(two) -> None:
    names = files(two)
    assert {"articles.db", "vectors.npy", "manifest.json", "chroma/chroma.sqlite3"} <= set(names)
    assert sum(name.startswith("tantivy/") for name in names) > 3
    assert sum(name.startswith("chroma/") for name in names) > 3


@pytest.mark.parametrize("harm", HARM)
def test_the_generation_before_answers_where_a_file_is_damaged(
    two, tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    for number, name in enumerate(files(two)):
        shelf = two.copy(tmp_path / str(number))
        HARM[harm](shelf.generation / name)
        caplog.clear()
        generation, said = lamp(shelf)
        if name == "chroma/chroma.sqlite3" and harm != "removed":
            assert (generation, said) == ("000002", "sea"), name
            assert harm == "flipped" or "exact search answers" in caplog.text, name
        elif name == "manifest.json" and harm == "flipped":
            assert (generation, said) in {("000001", ARTICLES["3.md"].strip()), ("000002", "sea")}
        else:
            assert (generation, said) == ("000001", ARTICLES["3.md"].strip()), name
            (said_so,) = caplog.records
            assert "The one before it answers. Rebuild it with: byline index build" in said_so.message, name
            with pytest.raises(LibraryDamaged, match="byline index build"):
                verify(shelf.path)
        shelf.build(shelf.articles, two.articles)
        check(shelf.generation)
        assert lamp(shelf)[1] == "sea", name


@pytest.mark.parametrize("count", ["articles", "passages"])
def test_a_manifest_that_counts_wrongly_is_damage(two, tmp_path: Path, count: str) -> None:
    shelf = two.copy(tmp_path / "copy")
    manifest = shelf.generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"{count}": 9', f'"{count}": 8'))
    assert lamp(shelf)[0] == "000001"

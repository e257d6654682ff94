"""Room on the disk."""

from pathlib import Path

import pytest

from index.errors import LibraryUnwritable
from index.space import folder_bytes, require, size, vectors_take


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (1_249, "1.2 kB"),
        (999_949, "999.9 kB"),
        (1_200_000, "1.2 MB"),
        (3_400_000_000, "3.4 GB"),
        (5_600_000_000_000, "5.6 TB"),
        (7_000_000_000_000_000, "7,000.0 TB"),
    ],
)
def test_a_size_is_said_in_the_unit_that_suits_it(amount: int, said: str) -> None:
    assert size(amount) == said


def test_the_sizes_of_all_files_below_are_added_up(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(bytes(70))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "two").write_bytes(bytes(7))
    assert folder_bytes(tmp_path) == 77


def test_room_that_is_there_is_no_error(tmp_path: Path) -> None:
    require(tmp_path, 1)


def test_room_that_is_not_there_is_told_with_the_path_and_both_figures(tmp_path: Path) -> None:
    with pytest.raises(LibraryUnwritable) as raised:
        require(tmp_path, 10**18)
    assert str(raised.value).startswith(
        f"{tmp_path} needs at least 1,000,000.0 TB more for this, and its disk"
    )
    assert "left. Free some space" in str(raised.value)


def test_vectors_take_about_what_they_turn_out_to_take(library) -> None:
    shelf = library({f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(300)})
    stored = [shelf.generation / "vectors.npy", *(shelf.generation / "chroma").rglob("*")]
    taken = sum(path.stat().st_size for path in stored if path.is_file())
    estimated = vectors_take(300, 0, shelf.encoder.dimensions)
    empty_chroma = 200_000
    assert estimated * 0.7 < taken < estimated * 1.3 + empty_chroma

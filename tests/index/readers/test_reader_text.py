from collections.abc import Callable
from pathlib import Path

from index.readers import read
from index.types import Article

Reads = Callable[[str, str | bytes], Article]
Writes = Callable[[str, str | bytes], Path]


def test_the_title_line_stays_part_of_the_text(article: Reads) -> None:
    found = article("trip.txt", "\r\nMy trip to Rome\r\n\r\nIt rained.\r\n")
    assert found.title == "My trip to Rome"
    assert found.text == "My trip to Rome\n\nIt rained."


def test_a_text_states_nothing_else(article: Reads, tmp_path: Path) -> None:
    found = article("trip.txt", "It rained.")
    assert found == Article(found.id, "It rained.", "It rained.", str(tmp_path / "trip.txt"))


def test_the_id_survives_an_edit_and_a_move_of_the_root(write: Writes, tmp_path: Path) -> None:
    here = write("here/rome/trip.txt", "It rained.")
    there = write("there/rome/trip.txt", "It snowed, and how.")
    ids = {next(read(path, root=path.parents[1])).id for path in (here, there)}
    assert len(ids) == 1
    assert next(read(here, root=tmp_path)).id not in ids


def test_an_id_is_not_a_matter_of_how_the_path_is_spelled(write: Writes, tmp_path: Path) -> None:
    path = write("rome/trip.txt", "It rained.")
    roundabout = tmp_path / "rome" / ".." / "rome" / "trip.txt"
    assert next(read(roundabout, root=tmp_path)).id == next(read(str(path), root=str(tmp_path))).id

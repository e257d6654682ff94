from pathlib import Path

import pytest

from index.readers.origin import Origin


def test_the_source_is_the_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Origin.of_file(Path("a/../b.txt")).source == str(tmp_path / "b.txt")


@pytest.mark.parametrize(
    ("root", "name"),
    [
        pytest.param("/articles", "rome/trip.md", id="below the root"),
        pytest.param("/articles/rome/../", "rome/trip.md", id="a root that is not normal"),
        pytest.param("/articles/rome/trip.md", "trip.md", id="the root itself"),
        pytest.param("/elsewhere", "trip.md", id="elsewhere"),
        pytest.param(None, "trip.md", id="no root"),
    ],
)
def test_the_name_is_the_path_below_the_root(root: str | None, name: str) -> None:
    assert Origin.of_file(Path("/articles/rome/trip.md"), Path(root) if root else None).name == name


def test_the_name_does_not_depend_on_how_the_file_system_composes() -> None:
    assert Origin.of_file(Path("/cafe\u0301.md")).name == "caf\u00e9.md"


def test_the_source_can_be_stored_whatever_the_file_is_called() -> None:
    assert Origin.of_file(Path("/a\udc80.txt")).source == "/a\ufffd.txt"


@pytest.mark.parametrize(
    ("name", "ending", "stem"),
    [
        ("rome/trip.md", ".md", "trip"),
        ("trip.MD.GZ", ".md", "trip"),
        ("trip.gz", "", "trip"),
        ("trip", "", "trip"),
        ("trip.v2.txt", ".txt", "trip.v2"),
    ],
)
def test_a_gzipped_file_has_the_ending_of_its_content(name: str, ending: str, stem: str) -> None:
    origin = Origin("source", name)
    assert (origin.ending, origin.stem) == (ending, stem)

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import SourceError
from index.readers import files, read
from index.types import Failure

Writes = Callable[[str, str | bytes], Path]


def names(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in files(root)]


def test_files_come_before_folders_and_by_name(write: Writes, tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "B.txt", "c/a.txt", "z.txt"):
        write(name, "It rained.")
    assert names(tmp_path) == ["B.txt", "b.txt", "z.txt", "a/z.txt", "a/b/c.txt", "c/a.txt"]


@pytest.mark.parametrize(
    "ending",
    "pdf docx epub eml rss atom xml zip txt md html htm xhtml jsonl ndjson MD txt.gz md.GZ".split(),
)
def test_known_endings(write: Writes, tmp_path: Path, ending: str) -> None:
    write(f"a.{ending}", "It rained.")
    assert names(tmp_path) == [f"a.{ending}"]


@pytest.mark.parametrize("name", ["a", "a.png", "a.py", "a.gz", "a.json", ".a.txt", ".git/a.txt", "a.txt/b"])
def test_other_endings_and_hidden_files_are_passed_over(write: Writes, tmp_path: Path, name: str) -> None:
    write(name, "It rained.")
    assert names(tmp_path) == []


def test_a_file_named_explicitly_is_yielded_whatever_its_ending(write: Writes) -> None:
    path = write(".notes", "It rained.")
    assert list(files(path)) == [path]
    assert next(read(path)).text == "It rained."


def test_what_does_not_exist_is_left_for_read_to_refuse(tmp_path: Path) -> None:
    assert list(files(str(tmp_path / "gone"))) == [tmp_path / "gone"]


def test_a_link_to_itself_is_left_for_read_to_refuse(write: Writes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to("a.txt")
    write("b.txt", "It rained.")
    assert names(tmp_path) == ["a.txt", "b.txt"]
    with pytest.raises(SourceError, match="too many levels of symbolic links"):
        list(read(tmp_path / "a.txt"))


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("<?xml version='1.0'?><project/>", False),
        ("<!-- x -->\n<Settings>\n</Settings>", False),
        ("<rss version='2.0'>", True),
        ("<?xml version='1.0'?><!-- x --><urlset>", True),
        ("<?xml version='1.0'?><html>", True),
        ("", True),
        (b"%PDF-1.7", True),
    ],
)
def test_xml_that_is_neither_feed_nor_page_is_passed_over(
    write: Writes, tmp_path: Path, content: str | bytes, wanted: bool
) -> None:
    path = write("a.xml", content)
    assert names(tmp_path) == (["a.xml"] if wanted else [])
    assert list(files(path)) == [path]  # where it is named


def test_links(write: Writes, tmp_path: Path) -> None:
    root = tmp_path / "root"
    write("root/a/a.txt", "It rained.")
    write("outside.txt", "It rained.")
    (root / "inside.txt").symlink_to(root / "a" / "a.txt")
    (root / "outside.txt").symlink_to(tmp_path / "outside.txt")
    (root / "relative.txt").symlink_to("../outside.txt")
    (root / "folder").symlink_to(root / "a")
    (root / "folder.txt").symlink_to(root / "a")
    (root / "up").symlink_to(root)
    assert names(root) == ["inside.txt", "a/a.txt"]


def test_a_root_that_is_a_link_is_followed(write: Writes, tmp_path: Path) -> None:
    write("root/a.txt", "It rained.")
    (tmp_path / "link").symlink_to("root")
    assert names(tmp_path / "link") == ["a.txt"]


def test_what_is_no_file_is_left_for_read_to_refuse(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    assert names(tmp_path) == ["gone.txt", "pipe.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_a_folder_that_cannot_be_listed_is_reported(write: Writes, tmp_path: Path) -> None:
    write("a/a.txt", "It rained.")
    write("b/b.txt", "It rained.")
    (tmp_path / "a").chmod(0)
    failures: list[Failure] = []
    try:
        assert [path.name for path in files(tmp_path, on_failure=failures.append)] == ["b.txt"]
        with pytest.raises(SourceError, match="cannot be listed: permission denied"):
            list(files(tmp_path))
    finally:
        (tmp_path / "a").chmod(0o700)
    assert failures == [Failure(str(tmp_path / "a"), "cannot be listed: permission denied")]


def test_a_folder_that_vanishes_meanwhile_is_reported(write: Writes, tmp_path: Path) -> None:
    write("a.txt", "It rained.")
    (tmp_path / "b").mkdir()
    failures: list[Failure] = []
    found = files(tmp_path, on_failure=failures.append)
    assert next(found).name == "a.txt"
    (tmp_path / "b").rmdir()
    assert list(found) == []
    assert failures == [Failure(str(tmp_path / "b"), "cannot be listed: no such file or directory")]

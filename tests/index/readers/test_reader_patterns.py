"""Patterns: names at any depth, paths below the folder, as .gitignore has them."""

import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest

from index.readers import files
from index.readers.patterns import Choice, Patterns

Writes = Callable[[str, str | bytes], Path]


def admitted(path: str, *, include: str = "", exclude: str = "") -> bool:
    """Whether the file there is read; several patterns stand with spaces between them."""
    return Choice(Patterns(tuple(include.split()), tuple(exclude.split()))).admits(path.split("/"))


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("drafts", "drafts/a.md", True),
        ("drafts", "b/drafts/c/a.md", True),
        ("drafts", "drafts2/a.md", False),
        ("drafts", "Drafts/a.md", False),
        ("a.md", "a.md", True),
        ("a.md", "b/c/a.md", True),
        ("*.md", "b/a.md", True),
        ("a*", "b/xa.md", False),
        ("?.md", "a.md", True),
        ("?.md", "ab.md", False),
        ("[ab].md", "b.md", True),
        ("[!ab].md", "b.md", False),
        ("[ab.md", "[ab.md", True),
        ("drafts/", "drafts/a.md", True),
        ("a.md/", "a.md", False),
        ("/a.md", "a.md", True),
        ("/a.md", "b/a.md", False),
        ("./b/a.md", "b/a.md", True),
        ("b/a.md", "b/a.md", True),
        ("b/a.md", "c/b/a.md", False),
        ("b/*", "b/c/a.md", True),  # c is, and what is in it goes with it
        ("b/*.md", "b/c/a.md", False),
        ("*/a.md", "b/a.md", True),
        ("*/a.md", "a.md", False),
        ("**/a.md", "a.md", True),
        ("**/a.md", "b/c/a.md", True),
        ("b/**/a.md", "b/a.md", True),
        ("b/**/a.md", "b/c/d/a.md", True),
        ("b/**/a.md", "c/b/a.md", False),
        ("b/**", "b/c/a.md", True),
        ("b/**", "b.md", False),
        ("**", "a.md", True),
        ("cafe\u0301.md", "caf\u00e9.md", True),
        ("caf\u00e9.md", "cafe\u0301.md", True),
        ("a.md", "a.md\n", False),
    ],
)
def test_what_a_pattern_matches(pattern: str, path: str, matches: bool) -> None:
    assert Choice(Patterns(exclude=(pattern,))).passes_over(path.split("/")) == matches


@pytest.mark.parametrize(
    ("include", "exclude", "path", "read"),
    [
        ("*.md", "", "b/a.md", True),
        ("*.md", "", "b/a.txt", False),
        ("*.md *.txt", "", "b/a.txt", True),
        ("*.md", "a.md", "b/a.md", False),
        ("2024", "", "2024/b/a.md", True),
        ("2024", "", "2023/a.md", False),
        ("2024", "", "2024/b/photo.png", False),
        ("2024/**", "", "2024/b/a.md", True),
        ("2024/**", "", "2024/b/photo.png", False),
        ("*", "", "photo.png", False),
        ("*.*", "", "photo.png", False),
        ("*.log", "", "b/a.log", True),
        ("README", "", "b/README", True),
        ("*.log", "b", "b/a.log", False),
    ],
)
def test_what_is_read(include: str, exclude: str, path: str, read: bool) -> None:
    assert admitted(path, include=include, exclude=exclude) == read


def test_without_patterns_endings_decide() -> None:
    assert [admitted(path) for path in ("a.md", "b/a.md.gz", "a.log", "a")] == [True, True, False, False]


def test_many_stars_take_no_time() -> None:
    began = perf_counter()
    names = ["a" * 200] * 100
    for pattern in ("**/" * 50 + "b", "*a" * 50 + "b", "/".join(["**", "*a*"] * 30) + "/b"):
        assert not Choice(Patterns(exclude=(pattern,))).passes_over(names)
    assert perf_counter() - began < 5


def names(root: Path, *, include: str = "", exclude: str = "") -> list[str]:
    choice = Choice(Patterns(tuple(include.split()), tuple(exclude.split())))
    return [path.relative_to(root).as_posix() for path in files(root, choice=choice)]


def test_the_files_of_a_folder_are_chosen(write: Writes, tmp_path: Path) -> None:
    for name in ("a.md", "notes.log", "drafts/b.md", "2024/c.md", "2024/drafts/d.md", "2024/x.png", ".h.md"):
        write(name, "It rained.")
    assert names(tmp_path, exclude="drafts") == ["a.md", "2024/c.md"]
    assert names(tmp_path, include="2024", exclude="drafts") == ["2024/c.md"]
    assert names(tmp_path, include="*.log *.md", exclude="/drafts 2024") == ["a.md", "notes.log"]
    assert names(tmp_path, include="*h.md") == []  # what is hidden stays so


def test_a_folder_that_is_excluded_is_not_opened(write: Writes, tmp_path: Path, monkeypatch) -> None:
    write("a.md", "It rained.")
    write("private/b.md", "It rained.")
    opened: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: opened.append(Path(path).name) or scandir(path))
    assert names(tmp_path, exclude="private") == ["a.md"]
    assert opened == [tmp_path.name]


def test_a_file_named_itself_is_always_read(write: Writes) -> None:
    path = write("a.log", "It rained.")
    assert list(files(path, choice=Choice(Patterns(("*.md",), ("a.log",))))) == [path]


def test_a_choice_knows_which_patterns_have_matched(write: Writes, tmp_path: Path) -> None:
    for name in ("a.md", "drafts/b.md"):
        write(name, "It rained.")
    choice = Choice(Patterns(("*.md", "*.mdd"), ("drafts", "draughts")))
    assert len(list(files(tmp_path, choice=choice))) == 1
    assert choice.matched == {"*.md", "drafts"}

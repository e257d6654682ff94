"""Works on a library, each in a real process: how far they are, what comes of them, how they end."""

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from index import Index
from index.errors import LibraryBusy
from ui.works import FAILED, Work, Works, said

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]  # many builds


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    works = Works(tmp_path / "library")
    yield works
    works.stop()


def finished(works: Works) -> Work:
    """The last work, once it is done."""
    work = works.work
    assert work is not None
    wait_for(lambda: not work.busy)
    return work


def wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.01)


def worker() -> psutil.Process:
    """The process that works."""
    found: list[psutil.Process] = []

    def look() -> bool:
        found[:] = [each for each in psutil.Process().children() if "ui.worker" in each.cmdline()]
        return bool(found)

    wait_for(look)
    return found[0]


def write(folder: Path, **articles: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def titles(works: Works) -> set[str]:
    with Index.open(works._library) as index:
        return {row.source.rpartition("/")[2] for row in index.listing()}


def test_a_build_tells_how_far_it_is_and_what_came_of_it(works: Works, tmp_path: Path) -> None:
    folder = write(tmp_path / "own", lamp="Ada lit the lamp.", clock="Bo wound the clock.")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 nothing of the kind")
    assert works.state() is None
    works.begin("Adding articles", build=[str(folder)])
    state = works.state()
    assert state is not None and (state["doing"], state["busy"]) == ("Adding articles", True)
    work = finished(works)
    assert (work.said, work.failed) == ("Done: 2 added, 1 failed.", False)
    assert (work.read, work.done, work.total) == (3, 2, 2)
    assert [each["source"] for each in work.failures] == [str(folder / "bad.pdf")]
    assert titles(works) == {"lamp.md", "clock.md"}
    works.begin("Removing", remove=[str(folder / "lamp.md")], unlink=[str(folder / "clock.md")], build=[])
    assert finished(works).said == "Done: 1 removed, 1 failed."
    assert (folder / "lamp.md").exists() and not (folder / "clock.md").exists()
    assert titles(works) == set()


def test_of_two_works_at_once_the_second_is_refused_and_the_first_goes_on(
    works: Works, tmp_path: Path
) -> None:
    works.begin("Adding articles", build=[str(write(tmp_path / "own", lamp="Ada lit the lamp."))])
    with pytest.raises(LibraryBusy, match="being worked on"):
        works.begin("Rebuilding", build=[])
    assert finished(works).said == "Done: 1 added."


def test_where_nothing_can_be_read_it_says_why_and_names_every_source(works: Works, tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(b"nothing")
    works.begin("Adding articles", build=[str(tmp_path / "one.pdf"), str(tmp_path / "two.md")])
    work = finished(works)
    assert work.failed and work.said.startswith("No article could be read from ")
    assert {each["source"] for each in work.failures} == {str(tmp_path / "one.pdf"), str(tmp_path / "two.md")}


def test_one_that_is_killed_has_failed_the_log_says_so_and_the_next_one_can_begin(
    works: Works, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = write(tmp_path / "own", lamp="Ada lit the lamp.")
    works.begin("Adding articles", build=[str(folder)])
    worker().kill()
    work = finished(works)
    assert (work.said, work.failed) == (FAILED, True)
    assert "code -9" in caplog.text
    works.begin("Adding articles", build=[str(folder)])
    assert finished(works).said == "Done: 1 added."


def test_what_nobody_foresaw_is_in_the_log_and_not_on_the_page(
    works: Works, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        works.begin("Removing", unlink=[str(tmp_path)], build=None)  # a folder
        work = finished(works)
    assert (work.said, work.failed) == (FAILED, True)
    assert "Traceback" in caplog.text


def test_stopping_ends_the_process_and_leaves_the_library_as_it_was(works: Works, tmp_path: Path) -> None:
    works.begin("Adding articles", build=[str(write(tmp_path / "own", lamp="Ada lit the lamp."))])
    finished(works)
    works.begin("Rebuilding", build=[str(write(tmp_path / "own", clock="Bo wound the clock."))])
    process = worker()
    works.stop()
    assert finished(works).failed
    assert not process.is_running()
    assert titles(works) == {"lamp.md"}


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ({}, "Done."),
        ({"added": 0, "unchanged": 9}, "Nothing has changed."),
        ({"added": 1200, "stale": 1, "unchanged": 9}, "Done: 1,200 added, 1 stale."),
    ],
)
def test_a_report_in_words(report: dict[str, Any], words: str) -> None:
    assert said(report) == words

"""A build after each burst of changes."""

import threading
import time
from collections.abc import Callable

import pytest

from index import watching as module
from index.errors import LibraryBusy
from index.types import Report
from index.watching import watch


def until(true: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < 20
        time.sleep(0.02)


@pytest.mark.slow
def test_changes_are_built_and_trouble_does_not_end_it(library, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf, told, stop, busy = library(), [], threading.Event(), threading.Event()
    shelf.write({"cats.md": "# Cats\n\nCats sit."})

    def build(paths, library, include, exclude):
        if busy.is_set():
            busy.clear()
            raise LibraryBusy("Another build is writing.")
        return shelf.build(*paths, include=include, exclude=exclude)

    monkeypatch.setattr(module, "build", build)
    monkeypatch.setattr(module, "_BUSY_SECONDS", 0.05)
    watching = threading.Thread(
        target=watch,
        args=[[shelf.articles]],
        kwargs={"library": shelf.path, "stop": stop, "built": told.append, "exclude": "drafts"},
    )
    watching.start()
    try:
        until(lambda: len(told) == 1)
        shelf.write({"drafts/cows.md": "# Cows\n\nCows chew.", "dogs.md": "# Dogs\n\nDogs run."})
        until(lambda: len(told) == 2)
        shelf.write({"drafts/cows.md": "# Cows\n\nCows chew, unnoticed."})
        shelf.write({"cats.md": ""})
        until(lambda: len(told) == 3)
        busy.set()
        (shelf.articles / "dogs.md").unlink()
        until(lambda: len(told) == 5)
    finally:
        stop.set()
        watching.join()
    assert [len(each.notes) for each in told if isinstance(each, Report)] == [1, 0, 0, 0]
    assert isinstance(told[3], LibraryBusy)
    reports = [each for each in told if isinstance(each, Report)]
    assert [(r.added, r.stale, r.removed) for r in reports] == [(1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 1, 1)]

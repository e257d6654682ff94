"""Work done ahead of whoever asks for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from index.ahead import ahead


def wait_for(condition) -> None:
    until = time.monotonic() + 5
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    assert condition()


def test_the_items_come_in_their_order() -> None:
    assert list(ahead(range(100), 3)) == list(range(100))
    assert list(ahead([], 3)) == []
    assert list(ahead([None, 0, ""], 3)) == [None, 0, ""]


def test_some_are_taken_before_they_are_asked_for_and_not_all() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for n in range(100):
            taken.append(n)
            yield n

    with closing(ahead(items(), 3)) as changes:
        assert next(changes) == 0
        wait_for(lambda: len(taken) == 5)  # 0 was asked for, 1 to 3 wait, 4 is in hand
        time.sleep(0.2)
        assert len(taken) == 5


def test_what_goes_wrong_is_raised_where_it_is_asked_for() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("broken")

    changes = ahead(items(), 3)
    assert next(changes) == 1
    with pytest.raises(OSError, match="broken"):
        next(changes)


def test_whoever_stops_asking_ends_it() -> None:
    ended = threading.Event()

    def items() -> Iterator[int]:
        try:
            yield from range(1_000_000)
        finally:
            ended.set()

    with closing(ahead(items(), 3)) as changes:
        next(changes)
    assert ended.wait(5)

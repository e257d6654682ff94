"""An iterator that works ahead of whoever asks it."""

import queue
import threading
from collections.abc import Generator, Iterable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

_LOOK = 0.1  # seconds between two looks at whether anybody still asks


def ahead(items: Iterable[T], most: int) -> Generator[T, None, None]:
    """The same items in the same order. Up to `most` are taken before they are asked for, in a thread, which
    ends with the first item that nobody asks for any more. What `items` raises is raised here."""
    taken: queue.Queue[tuple[list[T], BaseException | None]] = queue.Queue(most)
    given_up = threading.Event()

    def offer(item: list[T], problem: BaseException | None = None) -> None:
        while not given_up.is_set():
            with suppress(queue.Full):
                return taken.put((item, problem), timeout=_LOOK)

    def take() -> None:
        try:
            for item in items:
                offer([item])
                if given_up.is_set():
                    return
            offer([])
        except BaseException as problem:  # for whoever asks to raise
            offer([], problem)

    threading.Thread(target=take, name="ahead", daemon=True).start()
    try:
        while True:
            item, problem = taken.get()
            if problem is not None:
                raise problem
            if not item:
                return
            yield item[0]
    finally:
        given_up.set()

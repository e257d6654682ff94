"""Fresh processes: what they print, how long they take, and how much memory they and their children use."""

import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

MB = 1_000_000
_LOOK = 0.05  # seconds between two looks at the memory


def script(name: str) -> str:
    """A command that is installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def numbers(code: str, *arguments: object) -> list[float]:
    """The numbers that a fresh Python prints."""
    command = [sys.executable, "-P", "-c", code, *map(str, arguments)]
    return [float(part) for part in subprocess.check_output(command, text=True).split()]


def seconds(command: Sequence[str]) -> float:
    """Of wall time, from the start of a process to its end."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def medians(times: int, *calls: Callable[[], float]) -> list[float]:
    """The median of each call's figure; they take turns, so that what slows the machine slows all."""
    figures = [[call() for call in calls] for _ in range(times)]
    return [statistics.median(column) for column in zip(*figures, strict=True)]


def memory(process: int) -> float:
    """Resident megabytes of a process and its children; what they share is counted for each."""
    parent = psutil.Process(process)
    total = 0
    for each in [parent, *parent.children(recursive=True)]:
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MB


class Peak:
    """The most memory of a process and its children while the block lasts, in megabytes."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.megabytes = 0.0

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_LOOK):
            try:
                self.megabytes = max(self.megabytes, memory(self._process))
            except psutil.NoSuchProcess:
                return

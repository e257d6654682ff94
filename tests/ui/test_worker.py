"""The process that builds for the page, and the lines it writes."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from ui.worker import tell


class Slow:
    """A standard output on which another thread may come in between any two writes."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        before = self.text
        for _ in range(200):
            pass
        self.text = before + text

    def flush(self) -> None:
        pass


def test_lines_of_several_threads_do_not_run_into_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", slow := Slow())
    switching = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda n: tell(encoded=n), range(2000)))
    finally:
        sys.setswitchinterval(switching)
    assert sorted(json.loads(line)["encoded"] for line in slow.text.splitlines()) == list(range(2000))

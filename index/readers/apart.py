"""Reading in a process of its own what can crash, hang or swallow memory: all but plain text.

One worker reads file after file, so that a file costs milliseconds and not the start of an interpreter. It is
ended where a file takes too long, and the next one begins afresh.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..days import from_iso
from ..errors import SourceError
from ..types import Article, Failure
from .sniff import kind_of

SECONDS = 30.0
"""For one file."""

_PROGRAM = (sys.executable, "-P", "-m", "index.readers.worker")
# Read here: no parser is needed for them, and a file of JSON lines may be of any size.
_PLAIN = {"text", "markdown", "jsonl"}


def is_risky(head: bytes, ending: str) -> bool:
    """Whether a file that begins so and has this ending is to be read apart."""
    return kind_of(head, ending) not in _PLAIN


def read_file_apart(path: Path, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
    """As `read` does. SourceError if the worker crashes, or needs more time or memory than there is."""
    yield from _read({"path": str(path), "root": root}, b"", str(path), on_failure)


def read_page_apart(
    body: bytes,
    url: str,
    content_type: str | None,
    charset: str | None,
    on_failure: Callable[[Failure], None],
) -> Iterator[Article]:
    """As `read_page` does. SourceError as above."""
    request = {"url": url, "content_type": content_type, "charset": charset}
    yield from _read(request, body, url, on_failure)


def read_feed_apart(
    body: bytes,
    url: str,
    content_type: str | None,
    charset: str | None,
    on_failure: Callable[[Failure], None],
) -> Iterator[Article]:
    """As `read_feed` does. SourceError as above."""
    request = {"feed": True, "url": url, "content_type": content_type, "charset": charset}
    yield from _read(request, body, url, on_failure)


def read_piped_apart(data: bytes, source: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
    """As `read_piped` does. SourceError as above."""
    yield from _read({"source": source}, data, source, on_failure)


def dismiss() -> None:
    """Ends the worker, if there is one; the next file gets another."""
    global _idle
    with _lock:
        if _idle:
            _idle.end()
            _idle = None


def made_from(values: dict[str, Any]) -> Article:
    """The article whose fields, as JSON, these are."""
    days = {name: values[name] and from_iso(values[name]) for name in ("published", "updated")}
    return Article(**{**values, **days, "authors": tuple(values["authors"])})


class _Worker:
    """The process, which answers a request with a line of JSON for each article and failure, and an end."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            _PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.asked = 0
        self.overdue = False
        self.answered = False
        self.spent = False

    def ask(self, request: Mapping[str, object], body: bytes) -> list[dict[str, Any]]:
        """The lines of its answer; `answered` says whether they are all, `overdue` whether not in time."""
        self.asked += 1
        self.answered = False
        began = time.monotonic()
        lines: list[dict[str, Any]] = []
        timer = threading.Timer(SECONDS, self._process.kill)
        timer.start()
        try:
            assert self._process.stdin and self._process.stdout
            self._process.stdin.write(json.dumps({**request, "size": len(body)}).encode() + b"\n" + body)
            self._process.stdin.flush()
            for line in self._process.stdout:
                answer = json.loads(line)
                if "end" in answer:
                    self.answered, self.spent = True, answer["spent"]
                    break
                lines.append(answer)
        except (OSError, ValueError):  # it is gone, or went while it wrote a line
            pass
        finally:
            timer.cancel()
        self.overdue = not self.answered and time.monotonic() - began >= SECONDS
        return lines

    def end(self) -> None:
        with suppress(OSError), self._process:  # which closes its pipes, and waits for it
            self._process.kill()


_idle: _Worker | None = None
_lock = threading.Lock()


def _read(
    request: Mapping[str, object], body: bytes, source: str, on_failure: Callable[[Failure], None]
) -> Iterator[Article]:
    lines, problem = _answer(request, body)
    for line in lines:
        if "article" in line:
            yield made_from(line["article"])
        elif "failure" in line:
            on_failure(Failure(**line["failure"]))
        else:
            raise SourceError(**line["error"])
    if problem:
        raise SourceError(source, problem)


def _answer(request: Mapping[str, object], body: bytes) -> tuple[list[dict[str, Any]], str | None]:
    """What a worker makes of a file, and what has kept it from reading it whole.

    A crash in a worker that has read other files may be their fault: the file is given to a fresh one.
    """
    global _idle
    with _lock:
        while True:
            worker, _idle = _idle or _Worker(), None
            try:
                lines = worker.ask(request, body)
            except BaseException:
                worker.end()
                raise
            if worker.answered and not worker.spent:
                _idle = worker
                return lines, None
            worker.end()
            if worker.answered:
                return lines, None
            if worker.overdue:
                return [], f"takes longer than {SECONDS:g} seconds to read"
            if worker.asked == 1:
                return lines, "makes its reader crash, or needs more than 1 GB of memory"

"""What is being done to the library from the page: one work at a time, and how far it is."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from index.errors import LibraryBusy

log = logging.getLogger(__name__)

_PROGRAM = [sys.executable, "-P", "-m", "ui.worker"]
_STEPS = {
    "export": "Exporting the encoder",
    "read": "Looking at the sources",
    "copies": "Looking for copies",
    "close": "Storing",
    "check": "Checking",
    "sync": "Sealing",
}
_COUNTS = ("added", "changed", "moved", "removed", "stale", "failed")
FAILED = "It could not be done; the server's log says why."


@dataclass(slots=True)
class Work:
    """`doing` until it is not `busy` any more, then what came of it is `said`. `done` of `total` passages
    were encoded, where that is known."""

    doing: str
    busy: bool = True
    step: str = ""
    read: int = 0
    done: int = 0
    total: int = 0
    said: str = ""
    failed: bool = False
    failures: list[dict[str, str]] = field(default_factory=list)

    def told(self, line: dict[str, Any]) -> None:
        """One line of the process that does it."""
        if "reading" in line:
            self.read += 1
            self.step = f"Reading {line['reading'].rstrip('/').rpartition('/')[2][:60]}"
        elif "encoding" in line:
            self.total, self.step = line["encoding"], "Encoding"
        elif "encoded" in line:
            self.done += line["encoded"]
        elif "step" in line:
            self.step = _STEPS.get(line["step"], self.step)
        elif "report" in line:
            self.said = said(line["report"])
            self.failures = list(line["report"].get("failures", ()))
        elif "error" in line:
            self.said, self.failed = line["error"], True
            self.failures = list(line.get("failures", ()))


class Works:
    """Thread-safe. `allow_private` opens addresses of one's own network."""

    def __init__(self, library: Path, *, allow_private: bool = False) -> None:
        self._library = library
        self._allow_private = allow_private
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.work: Work | None = None
        """The one under way, or the last one."""

    def begin(
        self,
        doing: str,
        *,
        build: Sequence[str] | None,
        remove: Sequence[str] = (),
        unlink: Sequence[str] = (),
    ) -> None:
        """Starts a work; see `ui.worker`. LibraryBusy while there is another."""
        with self._lock:
            if self.work is not None and self.work.busy:
                raise LibraryBusy("The library is being worked on.", "Try again when that is done.")
            self.work = Work(doing)
        order = {
            "library": str(self._library),
            "build": None if build is None else list(build),
            "remove": list(remove),
            "unlink": list(unlink),
            "allow_private": self._allow_private,
        }
        threading.Thread(target=self._run, args=(self.work, order), name="works", daemon=True).start()

    def state(self) -> dict[str, Any] | None:
        """The work as JSON's values; None where there was none."""
        return None if self.work is None else asdict(self.work)

    def stop(self) -> None:
        """Ends the work under way: the library stays as it was."""
        if self._process is not None:
            self._process.terminate()

    def _run(self, work: Work, order: dict[str, Any]) -> None:
        try:
            with subprocess.Popen(
                _PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            ) as process:
                self._process = process
                assert process.stdin and process.stdout and process.stderr
                complaints = _Drained(process.stderr)
                process.stdin.write(json.dumps(order))
                process.stdin.close()
                for line in process.stdout:
                    work.told(json.loads(line))
            if not work.said:
                log.error(
                    "A work on the library ended with code %s: %s", process.returncode, complaints.text()
                )
        except Exception:
            log.exception("a work on the library could not be done")
        finally:
            self._process = None
            work.failed = work.failed or not work.said
            work.said = work.said or FAILED
            work.busy = False


class _Drained(threading.Thread):
    """Reads what a process writes on standard error, which would stop it once the pipe is full."""

    def __init__(self, pipe: Any) -> None:
        super().__init__(daemon=True)
        self._pipe = pipe
        self._lines: list[str] = []
        self.start()

    def run(self) -> None:
        for line in self._pipe:
            self._lines = [*self._lines, line][-20:]

    def text(self) -> str:
        self.join(1)
        return "".join(self._lines).strip()


def said(report: dict[str, Any]) -> str:
    """What a build did, in a sentence."""
    if not report:
        return "Done."
    counts = ", ".join(f"{report[kind]:,} {kind}" for kind in _COUNTS if report.get(kind))
    return f"Done: {counts}." if counts else "Nothing has changed."

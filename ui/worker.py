"""Builds and removals asked for on the page, in a process of their own: answers stay quick meanwhile.

    python -P -m ui.worker

reads one order from standard input, as JSON, and writes a line of JSON for everything that happens. Where
nobody reads these lines any more, it ends.
"""

import json
import os
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index import build, remove
from index.errors import BylineError, NothingToIndex
from index.fetch import Fetcher
from index.types import Failure


class Telling:
    """A build's progress, as lines."""

    def step(self, name: str) -> None:
        tell(step=name)

    def reading(self, name: str) -> None:
        tell(reading=name)

    def encoding(self, total: int) -> None:
        tell(encoding=total)

    def encoded(self, passages: int) -> None:
        tell(encoded=passages)


_TELLING = threading.Lock()


def tell(**values: Any) -> None:
    """One line. The threads of a build tell at the same time, and lines must not run into each other."""
    with _TELLING:
        print(json.dumps(values), flush=True)


def carry_out(order: dict[str, Any]) -> None:
    """Takes out articles (`remove`), then files (`unlink`), then builds the roots of `build`; an empty list
    of them stands for those of before, None for no build."""
    library, telling = order["library"], Telling()
    if order["remove"]:
        remove(order["remove"], library=library, progress=telling)
    for path in order["unlink"]:
        Path(path).unlink(missing_ok=True)
    if order["build"] is None:
        tell(report={})
        return
    fetcher = Fetcher(allow_private=order["allow_private"])
    tell(report=asdict(build(order["build"], library=library, progress=telling, fetcher=fetcher)))


NICE = 10
"""How far a build stands back behind the answers that are written meanwhile."""


def main() -> None:
    if hasattr(os, "nice"):
        os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this
    try:
        carry_out(json.load(sys.stdin))
    except NothingToIndex as error:
        tell(error=str(error), failures=[_row(each) for each in error.failures])
    except BylineError as error:
        tell(error=str(error))


def _row(failure: Failure) -> dict[str, str]:
    return asdict(failure)


if __name__ == "__main__":
    main()

"""The process that apart.py has files read in.

    python -P -m index.readers.worker

Standard input has requests, each a line of JSON, {"path": …, "root": …, "size": 0}, {"url": …, "feed": …,
"content_type": …, "charset": …, "size": …} or {"source": …, "size": …}, and `size` bytes of the content.
Each is answered with a line of JSON for every article and failure, and one that says it is the end.
"""

import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import SourceError
from ..types import Failure
from .source import read, read_feed, read_page, read_piped

MEMORY = 1 << 30
"""Bytes of address space that this process may have."""
_ALONE = 60
"""Seconds for one file. Then this process ends itself: what asks, and would end it sooner, was killed."""
_SPENT = MEMORY // 4
"""Bytes that may be taken after a file, so that there is room for the next; 100 MB are the program's own."""


def main() -> None:
    """Answers requests until there are no more."""
    limit_memory()
    while line := sys.stdin.buffer.readline():
        _end_in(_ALONE)
        request = json.loads(line)
        _answer(request, sys.stdin.buffer.read(request.pop("size")))
        _end_in(0)
        spent = _taken() > _SPENT
        _tell(end=True, spent=spent)
        if spent:
            return


def _answer(request: dict[str, Any], body: bytes) -> None:
    def fail(failure: Failure) -> None:
        _tell(failure={"source": failure.source, "reason": failure.reason})

    try:
        if "path" in request:
            articles = read(request["path"], root=request["root"], on_failure=fail)
        elif "source" in request:
            articles = read_piped(body, **request, on_failure=fail)
        else:
            read_what = read_feed if request.pop("feed", False) else read_page
            articles = read_what(body, **request, on_failure=fail)
        for article in articles:
            _tell(article=asdict(article))
    except SourceError as error:
        _tell(error={"source": error.source, "reason": error.reason})


def _tell(**line: object) -> None:
    print(json.dumps(line, default=str), flush=True)


def limit_memory() -> None:
    """Lets this process have MEMORY at most, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))


def _end_in(seconds: int) -> None:
    """Has the system end this process then, where it can; 0 is never. No Python code is needed for it."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _taken() -> int:
    """Bytes of this process's address space; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


if __name__ == "__main__":
    main()

"""Reading in a process of its own what can crash, hang or swallow memory: PDFs, archives, feeds.

    python -P -m index.readers.apart '{"path": …, "root": …}'
    python -P -m index.readers.apart '{"url": …, "content_type": …, "charset": …}' <BODY

The child prints a line of JSON for each article and failure, and one at the end if it got that far.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..days import from_iso
from ..errors import SourceError
from ..types import Article, Failure
from .binary import PDF, ZIP
from .origin import ending
from .source import read, read_page

SECONDS = 30.0
"""For one file."""
MEMORY = 1 << 30
"""Bytes of address space that the child may have."""

_PROGRAM = (sys.executable, "-P", "-m", "index.readers.apart")
_ENDINGS = {".pdf", ".docx", ".epub", ".zip", ".eml", ".rss", ".atom", ".xml"}
_MAGIC = (PDF, ZIP)


def is_risky(name: str, head: bytes) -> bool:
    """Whether a file of that name that begins so is to be read apart; what is gzipped goes by its name."""
    return ending(name) in _ENDINGS or head.startswith(_MAGIC)


def read_file_apart(path: Path, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
    """As `read` does. SourceError if the child crashes, or needs more time or memory than there is."""
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


def _read(
    request: Mapping[str, str | None], body: bytes, source: str, on_failure: Callable[[Failure], None]
) -> Iterator[Article]:
    command = [*_PROGRAM, json.dumps(request)]
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise SourceError(source, f"takes longer than {SECONDS:g} seconds to read") from None
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.endswith(b"}")]
    for line in lines:
        if "article" in line:
            yield _article(line["article"])
        elif "failure" in line:
            on_failure(Failure(**line["failure"]))
        elif "error" in line:
            raise SourceError(**line["error"])
    if not lines or "end" not in lines[-1]:
        raise SourceError(source, "makes its reader crash, or needs more than 1 GB of memory")


def _article(values: dict[str, Any]) -> Article:
    days = {name: values[name] and from_iso(values[name]) for name in ("published", "updated")}
    return Article(**{**values, **days, "authors": tuple(values["authors"])})


def limit_memory() -> None:
    """Lets this process have MEMORY at most, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, most))


def main() -> None:
    """The child."""
    limit_memory()
    request = json.loads(sys.argv[1])

    def tell(**line: object) -> None:
        print(json.dumps(line, default=str), flush=True)

    def fail(failure: Failure) -> None:
        tell(failure={"source": failure.source, "reason": failure.reason})

    try:
        if "path" in request:
            articles = read(request["path"], root=request["root"], on_failure=fail)
        else:
            articles = read_page(sys.stdin.buffer.read(), **request, on_failure=fail)
        for article in articles:
            tell(article=asdict(article))
    except SourceError as error:
        tell(error={"source": error.source, "reason": error.reason})
    tell(end=True)


if __name__ == "__main__":
    main()

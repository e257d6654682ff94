"""Reading one file, whatever format it is in."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import SourceError
from ..types import Article, Failure
from .binary import binary_reason
from .failures import Failures
from .formats import READERS
from .opening import opened
from .origin import Origin
from .sniff import kind_of

_SNIFFED = 64 * 1024  # bytes that a format is told by


def read(
    path: str | Path,
    *,
    root: str | Path | None = None,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Article]:
    """The articles of one file, all good ones first; `root` is the folder that ids are relative to.

    What cannot be read goes to `on_failure`: a broken line, or the file as a whole. Without it, one
    SourceError with the first reason is raised once everything good has been yielded.
    """
    path = Path(path)
    origin = Origin.of_file(path, Path(root) if root is not None else None)
    failures = Failures(on_failure)
    try:
        for article in _read(path, origin):
            if isinstance(article, Failure):
                failures.add(article)
            else:
                yield article
    except SourceError as error:
        failures.add(Failure(error.source, error.reason))
    failures.settle()


def _read(path: Path, origin: Origin) -> Iterator[Article | Failure]:
    with opened(path, origin.source) as stream:
        head = stream.read(_SNIFFED)
        stream.seek(0)
        if not head:
            raise SourceError(origin.source, "is empty")
        if reason := binary_reason(head):
            raise SourceError(origin.source, reason)
        yield from READERS[kind_of(head, origin.ending)](stream, origin)

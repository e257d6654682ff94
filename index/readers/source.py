"""Reading one file, page or pipe, whatever format it is in."""

import codecs
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from ..errors import SourceError
from ..types import Article, Failure
from .content import read_content
from .decode import stated_encoding
from .failures import Failures
from .feed import read_entries
from .opening import opened
from .origin import Origin

# What servers say of formats, as the ending of a file would.
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
}


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


def read_page(
    body: bytes,
    url: str,
    content_type: str | None,
    charset: str | None,
    on_failure: Callable[[Failure], None],
) -> Iterator[Article]:
    """The articles of what was fetched from `url`. `charset`, which its server stated, decides over what the
    page itself says. SourceError if none can be read."""
    origin = Origin(url, url, url)
    stated = stated_encoding(charset) if charset and (content_type or "").startswith("text/") else None
    if stated:  # one that nobody knows is as good as none
        body = codecs.BOM_UTF8 + body.decode(stated, "replace").encode("utf-8", "replace")
    ending = _ENDINGS.get(content_type or "") or origin.ending
    for article in read_content(io.BytesIO(body), origin, ending):
        if isinstance(article, Failure):
            on_failure(article)
        else:
            yield article


def read_piped(data: bytes, source: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
    """The articles of what has neither a file nor an address, its format told by its content alone.
    SourceError if none can be read."""
    for article in read_content(io.BytesIO(data), Origin(source, "", piped=True)):
        if isinstance(article, Failure):
            on_failure(article)
        else:
            yield article


def read_feed(
    body: bytes,
    url: str,
    content_type: str | None,
    charset: str | None,
    on_failure: Callable[[Failure], None],
) -> Iterator[Article]:
    """The entries of the feed that was fetched from `url`, as `feed.read_entries` has them."""
    stated = f"{content_type}; charset={charset}" if content_type and charset else None
    for entry in read_entries(io.BytesIO(body), Origin(url, url, url), stated):
        if isinstance(entry, Failure):
            on_failure(entry)
        else:
            yield entry


def _read(path: Path, origin: Origin) -> Iterator[Article | Failure]:
    with opened(path, origin.source) as stream:
        yield from read_content(stream, origin)

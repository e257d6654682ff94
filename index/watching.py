"""Keeps a library in step while people edit: a build after each burst of changes."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from watchfiles import watch as file_changes

from .errors import BylineError, LibraryBusy, SourceError
from .pages import is_web
from .pipeline import build
from .settings import default_library
from .types import Report

QUIET_MILLISECONDS = 500
"""A burst is over when nothing has changed for this long."""
LONGEST_BURST_MILLISECONDS = 30_000
_LOOK_MILLISECONDS = 200
_BUSY_SECONDS = 2.0
"""How long to wait before asking again for a lock that another build holds."""


def watch(
    paths: Sequence[str | Path],
    *,
    library: str | Path | None = None,
    stop: threading.Event | None = None,
    built: Callable[[Report | BylineError], None] = lambda report: None,
) -> None:
    """Builds at once, then after every burst of changes below `paths`, until `stop` is set. SourceError for
    an address of the web, which does not tell when it changes.

    `built` is told each report, or what kept a build from being made; watching goes on. A build is never
    interrupted: changes that come while one runs lead to the next.
    """
    for path in paths:
        if is_web(path):
            raise SourceError(str(path), "cannot be watched; name it to byline index build from time to time")
    stop = stop or threading.Event()
    home = Path(library or default_library()).expanduser().absolute()
    for _ in _bursts(paths, home, stop):
        while not stop.is_set():
            try:
                built(build(paths, library=home))
            except LibraryBusy as error:
                built(error)
                stop.wait(_BUSY_SECONDS)
                continue
            except BylineError as error:
                built(error)
            break


def _bursts(paths: Sequence[str | Path], library: Path, stop: threading.Event) -> Iterator[None]:
    """Once as soon as changes are being watched for, then after each burst of them."""
    roots = [Path(path).expanduser().absolute() for path in paths]
    begun = False
    for changes in file_changes(
        *{root if root.is_dir() else root.parent for root in roots},
        watch_filter=lambda _, path: library != Path(path) and library not in Path(path).parents,
        debounce=LONGEST_BURST_MILLISECONDS,
        step=QUIET_MILLISECONDS,
        rust_timeout=_LOOK_MILLISECONDS,
        stop_event=stop,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    ):
        if changes or not begun:
            begun = True
            yield None

"""Keeps a library in step while people edit: a build after each burst of changes."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from watchfiles import Change
from watchfiles import watch as file_changes

from .errors import BylineError, LibraryBusy, SourceError
from .pages import is_web
from .piped import PIPE, STANDARD_INPUT
from .pipeline import build
from .readers.patterns import Choice, Patterns
from .roots import given
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
    include: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    library: str | Path | None = None,
    stop: threading.Event | None = None,
    built: Callable[[Report | BylineError], None] = lambda report: None,
) -> None:
    """Builds at once, then after every burst of changes below `paths`, until `stop` is set. SourceError for
    an address of the web and for standard input, which do not tell when they change.

    `built` is told each report, or what kept a build from being made; watching goes on. A build is never
    interrupted: changes that come while one runs lead to the next.
    """
    for path in paths:
        if is_web(path):
            raise SourceError(str(path), "cannot be watched; name it to byline index build from time to time")
        if str(path) == PIPE:
            raise SourceError(STANDARD_INPUT, "cannot be watched; pipe it to byline index build -")
    patterns = given(paths, include, exclude).patterns
    stop = stop or threading.Event()
    home = Path(library or default_library()).expanduser().absolute()
    for _ in _bursts(patterns, home, stop):
        while not stop.is_set():
            try:
                built(build(paths, include=include, exclude=exclude, library=home))
            except LibraryBusy as error:
                built(error)
                stop.wait(_BUSY_SECONDS)
                continue
            except BylineError as error:
                built(error)
            break


def _bursts(patterns: Mapping[str, Patterns], library: Path, stop: threading.Event) -> Iterator[None]:
    """Once as soon as changes are being watched for, then after each burst of them; what is excluded may
    change unnoticed."""
    roots = {Path(root): Choice(given) for root, given in patterns.items()}
    begun = False

    def counts(change: Change, path: str) -> bool:
        place = Path(path)
        if library == place or library in place.parents:
            return False
        within = [(root, choice) for root, choice in roots.items() if root in place.parents]
        return not within or not all(
            choice.passes_over(place.relative_to(root).parts) for root, choice in within
        )

    for changes in file_changes(
        *{root if root.is_dir() else root.parent for root in roots},
        watch_filter=counts,
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

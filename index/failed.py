"""The sources that the last builds could not read, with the reasons: `failures.json` in the library, if any.

It lies beside the generations, for a build in which every source fails makes none.
"""

import json
import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .library import Library
from .moved import rebased
from .settings import default_library
from .types import Failure

_FILE = "failures.json"


@dataclass(frozen=True, slots=True)
class Failed:
    """A source that could not be read at `at` (ISO 8601), when `roots` were built."""

    source: str
    reason: str
    at: str
    roots: tuple[str, ...]


def failures(library: str | Path | None = None) -> list[Failed]:
    """Those that still are to be mended, by source; none where there is no library."""
    path = Library(library or default_library()).path / _FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [_here(row, kept["home"], str(path.parent)) for row in kept["failed"]]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def remember(home: Library, roots: Collection[str], failed: Sequence[Failure], *, all: bool) -> None:
    """Notes what failed now, in place of what failed before in the same roots; or in any, where the build was
    of `all` that is remembered. What cannot be written is let go: the build itself has been told."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    now = {each.source: Failed(each.source, each.reason, at, tuple(roots)) for each in failed}
    kept = [] if all else [each for each in failures(home.path) if not _is_of(each, roots)]
    rows = {each.source: each for each in kept} | now
    file, new = home.path / _FILE, home.path / f"{_FILE}.new"
    with suppress(OSError):
        if rows:
            told = {"home": str(home.path), "failed": [asdict(rows[source]) for source in sorted(rows)]}
            new.write_text(json.dumps(told), encoding="utf-8")
            os.replace(new, file)
        else:
            file.unlink(missing_ok=True)
    with suppress(OSError):  # what a full disk cut off
        new.unlink(missing_ok=True)


def _here(row: dict[str, Any], was: str, now: str) -> Failed:
    """As it is kept, with its paths as they are now."""
    roots = tuple(rebased(root, was, now) for root in row["roots"])
    return Failed(rebased(row["source"], was, now), row["reason"], row["at"], roots)


def _is_of(failed: Failed, roots: Collection[str]) -> bool:
    """Whether building these roots has tried that source again."""
    return set(failed.roots) <= set(roots) or any(
        failed.source == root or Path(root) in Path(failed.source).parents for root in roots
    )

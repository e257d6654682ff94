"""A library that was moved, or copied: the paths of what lies in its own folder are told anew.

A catalog notes where its library was when it was written. Opened elsewhere, what was below that folder is
below the one that it is in now; all other paths are as they were.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

_SCHEMA = "CREATE TABLE IF NOT EXISTS home (path TEXT NOT NULL)"
_PATHS = {
    "roots": ("path",),
    "sources": ("path", "root"),
    "excluded": ("source",),
    "patterns": ("root",),
    "articles": ("source", "root"),
}
"""The columns of a catalog that hold paths."""


def rebased(path: str, was: str, now: str) -> str:
    """`path`, with the folder `now` in place of `was` where it lies there."""
    below = path == was or path.startswith(was.rstrip(os.sep) + os.sep)
    return now + path[len(was) :] if below else path


def home_of(catalog: Path) -> str:
    """The library that a catalog lies in: `library/generations/<name>/articles.db`."""
    return str(catalog.absolute().parents[2])


def follow(db: sqlite3.Connection, now: str) -> None:
    """Has a catalog that cannot be written tell its paths anew: views stand before its tables."""
    if not _moved(db, now):
        return
    for table, paths in _tables(db).items():
        columns = [name for _, name, *_ in db.execute(f"PRAGMA main.table_info({table})")]
        told = ", ".join(f"here({name}) AS {name}" if name in paths else name for name in columns)
        db.execute(f"CREATE TEMP VIEW {table} AS SELECT {told}, rowid AS rowid FROM main.{table}")


def settle(db: sqlite3.Connection, now: str) -> None:
    """Writes the paths anew, and where the library is now."""
    db.execute(_SCHEMA)
    if _moved(db, now):
        for table, paths in _tables(db).items():
            db.execute(f"UPDATE {table} SET {', '.join(f'{name} = here({name})' for name in paths)}")
    db.execute("DELETE FROM home")
    db.execute("INSERT INTO home VALUES (?)", (now,))


def _moved(db: sqlite3.Connection, now: str) -> bool:
    """Whether its library was elsewhere; then SQL's `here` tells a path anew."""
    if not _there(db, "home"):
        return False  # written before this was noted
    with closing(db.execute("SELECT path FROM main.home")) as found:
        was = next((path for (path,) in found), now)
    db.create_function("here", 1, lambda path: rebased(path, was, now), deterministic=True)
    return bool(was != now)


def _tables(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    return {table: paths for table, paths in _PATHS.items() if _there(db, table)}


def _there(db: sqlite3.Connection, table: str) -> bool:
    with closing(db.execute("SELECT 1 FROM main.sqlite_master WHERE name = ?", (table,))) as found:
        return found.fetchone() is not None

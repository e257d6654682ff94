"""What a build is given to read: files, folders, addresses and standard input, now or by an earlier build."""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from .catalog import Catalog
from .errors import NothingToIndex, SettingsError
from .generation import CATALOG
from .library import Library
from .pages import is_web
from .piped import PIPE, PipedSource
from .readers.patterns import Patterns
from .tokens import encodable


@dataclass(frozen=True, slots=True)
class Roots:
    """Files and folders by absolute path, and addresses, each with its patterns; and what was piped."""

    patterns: Mapping[str, Patterns] = field(default_factory=dict)
    piped: PipedSource | None = None


def given(
    paths: str | Path | Iterable[str | Path], include: str | Iterable[str], exclude: str | Iterable[str]
) -> Roots:
    """Those that a person names; standard input is read to its end. NothingToIndex where one cannot be
    meant, SettingsError where the patterns cannot."""
    names = [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    patterns = Patterns(_texts(include), _texts(exclude))
    if patterns != Patterns() and not names:
        raise SettingsError(
            "The patterns are for no folder.", "Name it: byline index build FOLDER --exclude GLOB"
        )
    if "" in {pattern.strip("/") for pattern in (*patterns.include, *patterns.exclude)}:
        raise SettingsError("A pattern is empty.", "Leave it out, or name what it is to match.")
    for name in names:
        if encodable(name) != name:
            raise NothingToIndex(f"The name of {encodable(name)} is not text.", "Rename it.")
    piped = PipedSource.of_standard_input() if PIPE in names else None
    places = [name if is_web(name) else _absolute(name) for name in names if name != PIPE]
    return Roots(dict.fromkeys(places, patterns), piped)


def remembered(catalog: Catalog | None, home: Library) -> Roots:
    """Those of the builds of before, if only a damaged generation knows them. NothingToIndex if there are
    none, and no articles to be kept either."""
    patterns = _known(catalog) if catalog else _last_known(home)
    if not patterns and not (catalog and catalog.counts()[0]):
        raise NothingToIndex(
            "No articles were named.", "Name a file, a folder or a page: byline index build PATH"
        )
    there = [Path(root) for root in patterns if is_web(root) or os.path.exists(root)]
    # One that is gone from below another that is there went with its folder.
    return Roots(
        {
            root: meant
            for root, meant in patterns.items()
            if Path(root) in there or not any(other in Path(root).parents for other in there)
        }
    )


def _texts(patterns: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([patterns] if isinstance(patterns, str) else patterns))


def _absolute(path: str) -> str:
    return os.path.abspath(Path(path).expanduser())


def _known(catalog: Catalog) -> dict[str, Patterns]:
    patterns = catalog.patterns()
    return {root: patterns.get(root, Patterns()) for root in catalog.roots()}


def _last_known(home: Library) -> dict[str, Patterns]:
    for name in home.sealed():
        try:
            with closing(Catalog.open(home.generations / name / CATALOG)) as catalog:
                return _known(catalog)
        except sqlite3.Error:
            continue
    return {}

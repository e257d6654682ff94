"""Files that people add to the library through the page: kept in its folder, under names that are safe.

`added/` lies within the library's folder and is built like any folder of articles.
"""

import os
import re
import unicodedata
from collections.abc import AsyncIterable
from pathlib import Path

from index.errors import BylineError
from index.readers.formats import ENDINGS

FOLDER = "added"
MAX_UPLOAD = 100_000_000
"""Bytes of one file."""
MAX_NAME = 150
"""Bytes of a name: file systems take 255."""

_UNSAFE = re.compile(
    r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff<>:"|?*]+'
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


class Refused(BylineError):
    """A file that is not taken."""


def safe_name(given: str) -> str:
    """The last part of a name that a browser sent, as a name that every file system takes, in no other folder
    and not hidden. Refused where what it is called says that it cannot be read."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    name = _RESERVED.sub(r"_\1", _UNSAFE.sub(" ", last).strip(" .")).strip()
    stem, ending = _apart(name)
    if not stem or ending.removesuffix(".gz").lower() not in ENDINGS:
        raise Refused(f"{given!r} is not read.", f"What can be: {', '.join(sorted(ENDINGS))}.")
    room = MAX_NAME - len(ending)
    return stem.encode()[:room].decode(errors="ignore").rstrip() + ending


async def keep(library: Path, given: str, content: AsyncIterable[bytes]) -> Path:
    """Writes a file below `added/`, whole or not at all; one that is there under its name stays. Refused
    where it is empty or too long, and OSError where it cannot be written."""
    name = safe_name(given)
    folder = library / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{os.getpid()}-{os.urandom(6).hex()}.part"
    try:
        size = 0
        with unfinished.open("wb") as file:
            async for piece in content:
                size += len(piece)
                if size > MAX_UPLOAD:
                    raise Refused(f"{name} is longer than {MAX_UPLOAD // 1_000_000} MB.", "Split it.")
                file.write(piece)
        if not size:
            raise Refused(f"{name} is empty.")
        return _put(unfinished, folder, name)
    finally:
        unfinished.unlink(missing_ok=True)


def is_added(library: Path, source: str) -> bool:
    """Whether an article's source is a file that was added so."""
    return library / FOLDER in Path(source).parents


def _put(file: Path, folder: Path, name: str) -> Path:
    """At a name that is free: the given one, or `name-2.md`, `name-3.md` …; the same content stays once."""
    stem, ending = _apart(name)
    number = 1
    while True:
        place = folder / (name if number == 1 else f"{stem}-{number}{ending}")
        try:
            os.link(file, place)
            return place
        except FileExistsError:
            if place.is_file() and place.read_bytes() == file.read_bytes():
                return place
            number += 1


def _apart(name: str) -> tuple[str, str]:
    """Stem and ending, which may be double: ("notes", ".jsonl.gz")."""
    stem, ending = os.path.splitext(name)
    if ending.lower() == ".gz":
        stem, before = os.path.splitext(stem)
        ending = before + ending
    return stem, ending

"""One generation on disk: its files, and the manifest that says what they must be.

    articles.db   vectors.npy   chroma/   tantivy/   manifest.json

A folder with a manifest is sealed and never written again, but for `chroma/chroma.sqlite3`, which
Chroma changes whenever it opens it; that file is checked by its content, all others by checksum.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from . import chunk
from .embed import Encoder
from .errors import LibraryDamaged, LibraryMismatch
from .settings import IndexSettings

FORMAT = 1
"""Of this layout. A library of another format is rebuilt."""

CATALOG = "articles.db"
VECTORS = "vectors.npy"
CHROMA = "chroma"
TANTIVY = "tantivy"
MANIFEST = "manifest.json"

# Not covered by checksums: Chroma's own file, and the locks that Tantivy leaves.
_CHANGING = {f"{CHROMA}/chroma.sqlite3", f"{TANTIVY}/.tantivy-writer.lock", f"{TANTIVY}/.tantivy-meta.lock"}
_CHANGING |= {f"{CHROMA}/chroma.sqlite3-{end}" for end in ("wal", "shm", "journal")}


@dataclass(frozen=True, slots=True)
class Made:
    """What an index is made by. Two that differ cannot be mixed, so a difference means a rebuild."""

    format: int
    encoder: str
    encoder_fingerprint: str
    dimensions: int
    chunker: int
    passage_tokens: int

    @classmethod
    def by(cls, encoder: Encoder, settings: IndexSettings) -> "Made":
        return cls(
            FORMAT,
            encoder.name,
            encoder.fingerprint,
            encoder.dimensions,
            chunk.VERSION,
            settings.passage_tokens,
        )

    def differs(self, other: "Made") -> str:
        """In what, in a few words; an empty string where it does not."""
        if self.format != other.format:
            return "another version of Byline"
        if (self.encoder, self.encoder_fingerprint) != (other.encoder, other.encoder_fingerprint):
            return "another encoder"
        if self.chunker != other.chunker:
            return "another version of the splitter"
        return "" if self == other else "another passage length"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed generation holds. `files` are SHA-256 by relative path; `dead` counts the vectors
    that were deleted from Chroma's graph since it was last made anew."""

    made: Made
    byline: str
    created: str
    precision: str
    articles: int
    passages: int
    dead: int
    files: dict[str, str]
    removed: int = 0
    """Passages that were removed since all stores were last made anew; traces of their words are left."""

    def write(self, folder: Path) -> None:
        """Seals `folder`: the manifest appears whole or not at all."""
        new = folder / f"{MANIFEST}.new"
        new.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        sync(new)
        os.replace(new, folder / MANIFEST)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """LibraryDamaged where it cannot be read, LibraryMismatch where it is of another format."""
        try:
            values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            format = values["made"]["format"]
            if format != FORMAT:
                raise LibraryMismatch(
                    f"{folder} has format {format!r}; this version of Byline reads {FORMAT}.",
                    f"Rebuild it with: byline index build --library {folder.parents[1]}",
                )
            made = Made(**{field.name: values["made"][field.name] for field in fields(Made)})
            return cls(made, **{field.name: values[field.name] for field in fields(cls)[1:]})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LibraryDamaged(f"{folder / MANIFEST} cannot be read: {error}.") from None

    def check(self, folder: Path) -> None:
        """LibraryDamaged, naming the first file that is missing or not what was sealed."""
        try:
            found = checksums(folder)
        except OSError as error:
            raise LibraryDamaged(f"{error.filename or folder} cannot be read: {error.strerror}.") from None
        for name, digest in self.files.items():
            if name not in found:
                raise LibraryDamaged(f"{folder / name} is missing.")
            if found[name] != digest:
                raise LibraryDamaged(f"{folder / name} has changed since it was sealed.")
        if not (folder / CHROMA / "chroma.sqlite3").is_file():
            raise LibraryDamaged(f"{folder / CHROMA / 'chroma.sqlite3'} is missing.")


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file that never changes, by its path relative to the generation's folder."""
    names = [
        name for path in _files(folder) if (name := path.relative_to(folder).as_posix()) not in _CHANGING
    ]
    with ThreadPoolExecutor() as threads:
        digests = list(threads.map(lambda name: _sha256(folder / name), names))
    return {name: digest for name, digest in zip(names, digests, strict=True) if name != MANIFEST}


def sync_tree(folder: Path) -> None:
    """Puts every file and folder below on the disk itself."""
    for path in _files(folder):
        sync(path)
    for parent, _, _ in os.walk(folder):
        sync(Path(parent))


def sync(path: Path) -> None:
    """fsync of a file, or of a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            yield Path(parent) / name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Room on the disk: how much vectors take, and whether it is there."""

import shutil
from pathlib import Path

from .errors import LibraryUnwritable

_GRAPH = 1_200
"""Bytes that Chroma keeps of a passage besides its vector: links, its number, what it is filtered by
(measured with 20,000 vectors: 1,020)."""


def vectors_take(passages: int, new: int, dimensions: int) -> int:
    """Bytes that the vectors of so many passages take, of which `new` go into the embedding cache as well:
    half precision in vectors.npy and the cache, single precision in Chroma's graph."""
    return passages * (dimensions * (2 + 4) + _GRAPH) + new * dimensions * 2


def folder_bytes(folder: Path) -> int:
    """The sizes of all files below, added up."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def require(folder: Path, bytes: int) -> None:
    """LibraryUnwritable, with both figures, where the disk of `folder` has less than that left."""
    free = shutil.disk_usage(folder).free
    if free < bytes:
        raise LibraryUnwritable(
            f"{folder} needs at least {size(bytes)} more for this, and its disk has {size(free)} left.",
            "Free some space, or choose another folder with --library.",
        )


def size(bytes: int) -> str:
    """Bytes for a person: "1.2 MB"."""
    amount, unit = float(bytes), "bytes"
    for bigger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, bigger
    return f"{amount:,.0f} {unit}" if unit == "bytes" else f"{amount:,.1f} {unit}"

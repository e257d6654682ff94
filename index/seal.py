"""The last look at a draft before it may serve, taken in a process of its own.

    python -P -m index.seal FOLDER

Chroma can crash the process that opens a damaged store, so a fresh child opens it: a crash there is
only a failed build. The child also sees what is on the disk, not what the builder still remembers.
"""

import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import numpy as np

from .catalog import Catalog
from .errors import LibraryDamaged
from .exact import ExactVectors
from .generation import CATALOG, CHROMA, TANTIVY, VECTORS
from .lexical import LexicalIndex
from .vectors import VectorStore

CANARIES = 32
"""Passages that are looked up by their own vectors, spread evenly."""
_ITSELF = 0.999
_MISSED = 1 / 8
"""Of the canaries, at most: the graph is approximate, and where thousands of passages are nearly alike a
few may be out of reach. A lost one misses them all."""
_SECONDS = 600


def check_apart(folder: Path) -> None:
    """`check` in a child process; LibraryDamaged with what it found, or that it crashed."""
    command = [sys.executable, "-P", "-m", "index.seal", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        reason = lines[-1] if lines else f"the check ended with code {done.returncode}"
        raise LibraryDamaged(f"The new index did not pass its check: {reason}.", "Run the build again.")


def check(folder: Path, canaries: int = CANARIES) -> None:
    """LibraryDamaged unless all stores of a generation hold the same passages and find them."""
    with closing(Catalog.open(folder / CATALOG)) as catalog, VectorStore(folder / CHROMA) as chroma:
        ids = catalog.passage_ids()
        exact = ExactVectors(folder / VECTORS, ids)
        _same("chroma", ids, chroma.ids())
        _same("tantivy", ids, LexicalIndex(folder / TANTIVY).ids())
        check_canaries(chroma, exact, canaries)


def check_canaries(chroma: VectorStore, exact: ExactVectors, canaries: int) -> None:
    """LibraryDamaged unless Chroma finds passages by their own vectors.

    A passage whose text stands twice may be answered by its twin, so the similarity is what counts.
    """
    missed: list[int] = []
    canaries = min(canaries, len(exact.ids))
    for position in np.linspace(0, len(exact.ids) - 1, canaries, dtype=int):
        vector = exact.matrix[position].astype(np.float32)
        if not vector.any():
            continue
        found = chroma.nearest(vector, 1)
        if not found or found[0][1] < _ITSELF:
            missed.append(int(exact.ids[position]))
    if len(missed) > canaries * _MISSED:
        raise LibraryDamaged(f"Chroma does not find passage {missed[0]} by its own vector")


def _same(store: str, expected: list[int], found: Iterable[int]) -> None:
    missing = set(expected).symmetric_difference(found)
    if missing:
        raise LibraryDamaged(f"{store} and the catalog differ in {len(missing)} passages")


if __name__ == "__main__":
    try:
        check(Path(sys.argv[1]))
    except Exception as error:
        sys.exit(f"{type(error).__name__}: {error}")

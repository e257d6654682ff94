"""vectors.npy: the truth about a generation's vectors, and exact search over it.

Row `i` is the vector, in half precision, of the i-th passage of the catalog by number. The file is
memory-mapped. Sealing checks Chroma against it, and it answers where Chroma cannot be opened.
"""

import mmap
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE = 8_192


class ExactVectors:
    """The matrix with its passage numbers. Safe to share by threads."""

    def __init__(self, path: Path, ids: Sequence[int]) -> None:
        """ValueError or OSError where the file is not a matrix with one row for each of `ids`."""
        self.matrix: NDArray[np.float16] = np.load(path, mmap_mode="r")
        if self.matrix.ndim != 2 or len(self.matrix) != len(ids):
            raise ValueError(f"{path} has shape {self.matrix.shape}, for {len(ids)} passages")
        self.ids = np.asarray(ids, dtype=np.int64)

    def of(self, ids: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of these passages, in this order."""
        found = np.asarray(self.matrix[np.searchsorted(self.ids, ids)], dtype=np.float32)
        self._let_go()
        return found

    def nearest(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """(passage id, cosine similarity) of the `k` nearest, best first; `allowed` is a mask over rows."""
        rows = np.arange(len(self.ids)) if allowed is None else np.flatnonzero(allowed)
        similarities = np.empty(len(rows), dtype=np.float32)
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = slice(first, first + _ROWS_AT_ONCE)
            similarities[some] = self.matrix[rows[some]].astype(np.float32) @ vector
        self._let_go()
        k = min(k, len(rows))
        best = np.argpartition(-similarities, k - 1)[:k] if k else np.empty(0, dtype=np.int64)
        best = best[np.argsort(-similarities[best], kind="stable")]
        return [(int(self.ids[rows[i]]), float(similarities[i])) for i in best]

    def _let_go(self) -> None:
        """What was read of the file is no longer counted as this process's memory. The system keeps it at
        hand, and reading it again takes no disk."""
        if isinstance(self.matrix.base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            self.matrix.base.madvise(mmap.MADV_DONTNEED)


def create_matrix(path: Path, rows: int, dimensions: int) -> NDArray[np.float16]:
    """A new file of zeros, memory-mapped for writing; `flush()` it before it is relied on. OSError where
    the disk has no room for it."""
    if rows == 0:
        np.save(path, np.zeros((0, dimensions), dtype=np.float16))
        return np.zeros((0, dimensions), dtype=np.float16)
    matrix: NDArray[np.float16] = np.lib.format.open_memmap(
        path, mode="w+", dtype=np.float16, shape=(rows, dimensions)
    )
    if hasattr(os, "posix_fallocate"):  # a hole that the disk has no room for would end the process later
        with path.open("r+b") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return matrix

"""vectors.npy: the truth about a generation's vectors, and exact search over it.

Row `i` is the vector, in half precision, of the i-th passage of the catalog by number. The file is
memory-mapped. Sealing checks Chroma against it, and it answers where Chroma cannot be opened.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE = 65_536


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
        return np.asarray(self.matrix[np.searchsorted(self.ids, ids)], dtype=np.float32)

    def nearest(
        self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """(passage id, cosine similarity) of the `k` nearest, best first; `allowed` is a mask over rows."""
        similarities = np.empty(len(self.ids), dtype=np.float32)
        for first in range(0, len(self.ids), _ROWS_AT_ONCE):
            rows = slice(first, first + _ROWS_AT_ONCE)
            similarities[rows] = self.matrix[rows].astype(np.float32) @ vector
        if allowed is not None:
            similarities[~allowed] = -np.inf
        k = min(k, len(similarities))
        best = np.argpartition(-similarities, k - 1)[:k] if k else np.empty(0, dtype=np.int64)
        best = best[np.argsort(-similarities[best], kind="stable")]
        return [(int(self.ids[i]), float(similarities[i])) for i in best if np.isfinite(similarities[i])]


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

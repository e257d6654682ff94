"""Vectors of what was encoded lately: an answer needs its question often, the next one the same sentences."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from .embed import Vectors


class Kept:
    """Encodes texts, and keeps the vectors of the last. Safe to share by threads."""

    def __init__(self, encode: Callable[[Sequence[str]], Vectors], most: int) -> None:
        """`most` texts and their vectors are kept, some 2 kB each."""
        self._encode = encode
        self._most = most
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row a text; one that is given twice is encoded once."""
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            found |= {text: row.copy() for text, row in zip(new, self._encode(new), strict=True)}
        with self._lock:
            for text, row in found.items():
                self._vectors[text] = row
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        return np.array([found[text] for text in texts], dtype=np.float32)

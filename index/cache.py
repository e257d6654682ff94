"""The embedding cache of a library: what was encoded once is not encoded again, whichever build did it.

Keys are digests, so no text is kept here. Losing the file costs time and nothing else.
"""

import hashlib
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

StoredVectors = NDArray[np.float16]
_MANY = 500


def cache_key(encoder_fingerprint: str, text: str) -> bytes:
    """The key of a text for an encoder, whose fingerprint covers weights, tokenizer and length."""
    return hashlib.sha256(f"{encoder_fingerprint}\n{text}".encode("utf-8", "surrogatepass")).digest()


class EmbeddingCache:
    """key -> vector in half precision. Written by the one build that holds the library's lock."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes a new one where there is none or it is damaged."""
        self._path = path
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError:
            self._db = _anew(path)

    def known(self, keys: Sequence[bytes]) -> dict[bytes, StoredVectors]:
        """The vectors of those keys that are here, less those that have changed on the disk; none, and a new
        file, where SQLite finds it damaged."""
        try:
            return self._known(keys)
        except sqlite3.DatabaseError:
            self._db.close()
            self._db = _anew(self._path)
            return {}

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, StoredVectors]:
        found: dict[bytes, StoredVectors] = {}
        for first in range(0, len(keys), _MANY):
            some = keys[first : first + _MANY]
            marks = ",".join("?" * len(some))
            for key, vector, crc in self._db.execute(
                f"SELECT key, vector, crc FROM embeddings WHERE key IN ({marks})", some
            ):
                if zlib.crc32(vector, zlib.crc32(key)) == crc:
                    found[key] = np.frombuffer(vector, dtype=np.float16)
        return found

    def keep_only(self, keys: Collection[bytes]) -> int:
        """Forgets all other keys, and gives their room back to the disk; how many went."""
        stale = [(key,) for (key,) in self._db.execute("SELECT key FROM embeddings") if key not in keys]
        with self._db:
            self._db.executemany("DELETE FROM embeddings WHERE key = ?", stale)
        self._db.execute("VACUUM")
        return len(stale)

    def put(self, keys: Iterable[bytes], vectors: StoredVectors) -> None:
        """Keeps them, durably enough for a build that is interrupted to go on from here."""
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
                (
                    (key, blob, zlib.crc32(blob, zlib.crc32(key)))
                    for key, blob in zip(keys, (vector.tobytes() for vector in vectors), strict=True)
                ),
            )

    def close(self) -> None:
        self._db.close()


def _anew(path: Path) -> sqlite3.Connection:
    for leftover in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(
            "CREATE TABLE IF NOT EXISTS embeddings "
            "(key BLOB PRIMARY KEY, vector BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
        )
        db.execute("SELECT key FROM embeddings LIMIT 1").fetchone()
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db

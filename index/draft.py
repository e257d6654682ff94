"""The next generation while it is written: begun as a copy of the current one, or empty.

Articles go in (catalog and words), and vectors for their passages while more articles come; then it is
closed. Nobody reads a draft.
"""

import logging
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .cache import cache_key
from .catalog import Catalog
from .chunk import split
from .exact import ExactVectors, create_matrix
from .filters import row
from .generation import CATALOG, CHROMA, TANTIVY, VECTORS, Made, Manifest
from .lexical import LexicalIndex
from .readers.patterns import Patterns
from .space import require, vectors_take
from .tokens import WordPieces
from .types import Article
from .vectors import VectorStore

log = logging.getLogger(__name__)

TITLE_TOKENS = 22
"""Of a title that the encoder reads above each passage: 22 + 225, a date and the markers fit into 256."""

CHROMA_AT_ONCE = 4096
"""Vectors handed to Chroma together, at most: each time it writes its whole graph."""
_CHROMA_AT_LEAST = 512

_NEW_VECTORS = "vectors.new"
"""The vectors that have come, by passage number, until their matrix is made."""
_ROWS_AT_ONCE = 65_536
_TOO_MANY = 1 << 62

DEAD_AT_MOST = 0.2
"""Of Chroma's graph: with more deleted vectors than this, it is made anew from vectors.npy."""


def dense_text(article: Article, header: str, text: str) -> str:
    """What the encoder reads for a passage: its article's title and date stand above it."""
    day = article.published.isoformat() if article.published else ""
    return "\n".join(part for part in (header, day, text) if part)


class Draft:
    """The stores below `folder`. `base` is the sealed generation that it begins as a copy of."""

    def __init__(self, folder: Path, base: Path | None, made: Made, pieces: WordPieces) -> None:
        self.folder = folder
        self._base = base
        self._made = made
        self._pieces = pieces
        self._removed: list[int] = []
        self._waiting: list[tuple[list[int], NDArray[np.float16]]] = []
        self._new_vectors = (folder / _NEW_VECTORS).open("w+b")
        self._put = 0
        if base is None:
            self._chroma = VectorStore(folder / CHROMA, create=True)
            self.catalog = Catalog.create(folder / CATALOG)
            self._lexical = LexicalIndex(folder / TANTIVY, create=True)
            self.first_new = 0
            self._dead = 0
            self._held = 0
            self.removed = 0
        else:
            self.catalog = Catalog.clone(base / CATALOG, folder / CATALOG)
            shutil.copytree(base / TANTIVY, folder / TANTIVY, ignore=shutil.ignore_patterns("*.lock"))
            self._lexical = LexicalIndex(folder / TANTIVY)
            self.first_new = self.catalog.last_passage_id()
            before = Manifest.read(base)
            self._dead, self._held, self.removed = before.dead, before.passages, before.removed
            cloned = _clone_chroma(base / CHROMA, folder / CHROMA, set(self.catalog.passage_ids()))
            self._chroma = VectorStore(folder / CHROMA, create=not cloned)
            self._dead = self._dead if cloned else _TOO_MANY
        self._handed = self._held  # vectors that are in Chroma

    # Articles and words

    def put(self, article: Article, key: str, root: str) -> None:
        """Adds an article, or replaces the one of that id; LibraryUnwritable where the disk has no room for
        it and for the vectors that are to come."""
        self.remove(article.id)
        passages = split(article, self._pieces, self._made.passage_tokens)
        header = self._header(article.title)
        keys = [
            cache_key(self._made.encoder_fingerprint, dense_text(article, header, passage.text))
            for passage in passages
        ]
        self._put += len(passages)
        require(self.folder, self._bytes_to_come() + len(article.text))
        self.catalog.put(article, key, root, zip(passages, keys, strict=True))
        values = row(article)
        for stored, passage in zip(self.catalog.passages(article.id), passages, strict=True):
            self._lexical.add(stored.id, passage.text, article.title, values)

    def remove(self, article_id: str) -> None:
        passages = self.catalog.passages(article_id)
        if passages:
            self._lexical.delete_article(article_id)
            self._removed += [passage.id for passage in passages]
        self.catalog.delete(article_id)

    def record(self, roots: Mapping[str, Patterns], sources: Mapping[str, tuple[str, str | None]]) -> None:
        """Remembers the roots, and what the sources' bytes were: path -> (root, digest or None)."""
        self.catalog.set_roots(roots)
        for root, patterns in roots.items():
            self.catalog.set_patterns(root, patterns)
        for path, (root, digest) in sources.items():
            self.catalog.set_source(path, root, digest)

    def settle(self) -> None:
        """Ends the writing of articles: what is new, and what is a copy of what, is now known."""
        self.catalog.find_copies()
        self.catalog.commit()
        self._lexical.commit()

    # Vectors

    def lengths(self, ids: Sequence[int]) -> dict[int, int]:
        """Passage number -> characters."""
        return {id: stored.end - stored.start for id, stored in self.catalog.rows(ids).items()}

    def dense_texts(self, ids: Sequence[int]) -> list[str]:
        """What the encoder reads for these passages."""
        rows = self.catalog.rows(ids)
        articles = {id: self.catalog.article(id) for id in {stored.article_id for stored in rows.values()}}
        texts = []
        for id in ids:
            article = articles[rows[id].article_id]
            assert article is not None
            texts.append(
                dense_text(article, self._header(article.title), article.text[rows[id].start : rows[id].end])
            )
        return texts

    def store(self, ids: Sequence[int], vectors: NDArray[np.float16]) -> None:
        """The vectors of new passages, in any order; from one thread at a time, beside `put` in another."""
        size = vectors.itemsize * self._made.dimensions
        for id, vector in zip(ids, vectors, strict=True):
            self._new_vectors.seek((id - self.first_new - 1) * size)
            self._new_vectors.write(vector.tobytes())
        self._waiting.append((list(ids), vectors))
        # A small graph is soon written, and what waits at the end has nothing to be stored beside.
        enough = min(CHROMA_AT_ONCE, max(_CHROMA_AT_LEAST, self._handed // 4))
        if sum(len(some) for some, _ in self._waiting) >= enough:
            self._flush()

    def _bytes_to_come(self) -> int:
        """What the vectors of all passages so far will take."""
        kept = self._held - len(self._removed)
        twice = self._put * self._made.dimensions * 2  # in half precision, until the matrix is made
        return vectors_take(kept + self._put, self._put, self._made.dimensions) + twice

    def _header(self, title: str) -> str:
        return self._pieces.first(title, TITLE_TOKENS)

    def close(self) -> int:
        """Puts the vectors together and ends all writing; the number of dead ones in Chroma's graph."""
        self._flush()
        ids = np.asarray(self.catalog.passage_ids(), dtype=np.int64)
        matrix = create_matrix(self.folder / VECTORS, len(ids), self._made.dimensions)
        kept = ids[ids <= self.first_new]
        self._copy_kept(kept, matrix)
        self._copy_new(ids[len(kept) :], matrix[len(kept) :])
        if isinstance(matrix, np.memmap):
            matrix.flush()
        self._settle_chroma(ids, matrix, len(kept))
        self.discard()
        (self.folder / _NEW_VECTORS).unlink()
        return self._dead

    def discard(self) -> None:
        """Lets go of all files, whatever state they are in."""
        self._new_vectors.close()
        self._lexical.discard()
        self._chroma.close()
        self.catalog.close()

    def _copy_kept(self, kept: NDArray[np.int64], matrix: NDArray[np.float16]) -> None:
        """Rows of the base's matrix to the beginning of this one: new numbers are all higher."""
        if self._base is None or not len(kept):
            return
        with closing(Catalog.open(self._base / CATALOG)) as catalog:
            base = ExactVectors(self._base / VECTORS, catalog.passage_ids())
        positions = np.searchsorted(base.ids, kept)
        for first in range(0, len(kept), _ROWS_AT_ONCE):
            some = positions[first : first + _ROWS_AT_ONCE]
            matrix[first : first + len(some)] = base.matrix[some]

    def _copy_new(self, new: NDArray[np.int64], rows: NDArray[np.float16]) -> None:
        """What was stored, to the rows of the passages that are still there."""
        if not len(new):
            return
        self._new_vectors.flush()
        stored = np.memmap(self._new_vectors, dtype=np.float16, mode="r").reshape(-1, self._made.dimensions)
        for first in range(0, len(new), _ROWS_AT_ONCE):
            some = new[first : first + _ROWS_AT_ONCE] - self.first_new - 1
            rows[first : first + len(some)] = stored[some]

    def _settle_chroma(self, ids: NDArray[np.int64], matrix: NDArray[np.float16], kept: int) -> None:
        """Takes out what was removed; where that leaves too many dead in the graph, it is made anew."""
        self._dead += len(self._removed)
        self.removed += sum(id <= self.first_new for id in self._removed)
        if self._dead <= DEAD_AT_MOST * max(1, kept + self._dead):
            self._chroma.delete(self._removed)
            return
        self._dead = 0
        self._chroma.close()
        shutil.rmtree(self.folder / CHROMA)
        self._chroma = VectorStore(self.folder / CHROMA, create=True)
        for first in range(0, len(ids), CHROMA_AT_ONCE):
            some = ids[first : first + CHROMA_AT_ONCE]
            self._add_to_chroma(some.tolist(), matrix[first : first + len(some)])

    def _flush(self) -> None:
        """Hands the vectors that wait to Chroma."""
        if self._waiting:
            ids = [id for some, _ in self._waiting for id in some]
            self._add_to_chroma(ids, np.concatenate([vectors for _, vectors in self._waiting]))
            self._waiting.clear()
            self._handed += len(ids)

    def _add_to_chroma(self, ids: Sequence[int], vectors: NDArray[np.float16]) -> None:
        rows = self.catalog.rows(ids)
        there = [n for n, id in enumerate(ids) if id in rows]  # others were taken out again meanwhile
        values = self.catalog.filter_rows({row.article_id for row in rows.values()})
        self._chroma.add(
            [ids[n] for n in there],
            vectors[there].astype(np.float32),
            [values[rows[ids[n]].article_id] for n in there],
        )


def _clone_chroma(source: Path, target: Path, ids: set[int]) -> bool:
    """A copy of a sealed Chroma folder, which a reader may have open: its SQLite file is taken through
    SQLite's backup, the graph's files never change once sealed.

    False, and no copy, unless that file is sound and holds `ids`: no checksum covers it, and Chroma
    fails at a damaged one as late as in an add.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("chroma.sqlite3*"))
    try:
        with (
            closing(sqlite3.connect(source / "chroma.sqlite3")) as old,
            closing(sqlite3.connect(target / "chroma.sqlite3")) as new,
        ):
            old.backup(new)
            sound = new.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            if sound and {int(id) for (id,) in new.execute("SELECT embedding_id FROM embeddings")} == ids:
                return True
    except (sqlite3.DatabaseError, ValueError):
        pass
    log.warning("%s is damaged; Chroma is made anew.", source)
    shutil.rmtree(target)
    return False

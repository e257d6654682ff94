"""A sealed generation, opened for reading: its articles, its vectors, its words."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np

from .catalog import Catalog, Row
from .embed import Encoder, Vectors
from .errors import ArticleNotFound, LibraryDamaged
from .exact import ExactVectors
from .filters import Filter
from .generation import CATALOG, CHROMA, TANTIVY, VECTORS, Manifest
from .kept import Kept
from .lexical import LexicalIndex
from .library import Library
from .seal import check_canaries
from .types import Article, Hit
from .vectors import VectorStore

log = logging.getLogger(__name__)

_CANARIES = 8
_TEXTS, _QUESTIONS = 2000, 100
"""Vectors that are kept, of sentences mostly and of questions: 4 MB at most."""
_EXACT_BELOW = 0.1
"""Filters that let through less than this part of the passages are answered by exact search: it is
faster than the graph there, and misses nothing."""


class Snapshot:
    """One generation, whole and unchanging. Safe to share by threads; close it once."""

    def __init__(self, home: Library, name: str, encoder: Encoder) -> None:
        """LibraryDamaged, naming the file, where the generation is not what was sealed."""
        self.name = name
        self.folder = home.generations / name
        self.encoder = encoder
        self._texts = Kept(encoder.encode, _TEXTS)
        self._questions = Kept(encoder.encode_questions, _QUESTIONS)
        with ExitStack() as stack:
            stack.enter_context(home.lease(name))
            self.manifest = Manifest.read(self.folder)
            self.manifest.check(self.folder)
            try:
                self.catalog = Catalog.open(self.folder / CATALOG)
                stack.callback(self.catalog.close)
                self.exact = ExactVectors(self.folder / VECTORS, self.catalog.passage_ids())
                self.lexical = LexicalIndex(self.folder / TANTIVY)
                self.copies = self.catalog.copies()
                counts = self.catalog.counts()
            except Exception as error:
                raise LibraryDamaged(f"{self.folder} cannot be opened: {error}.") from error
            if counts != (self.manifest.articles, self.manifest.passages):
                raise LibraryDamaged(f"{self.folder} does not hold as much as its manifest says.")
            self._chroma = self._open_chroma()
            if self._chroma is not None:
                stack.callback(self._chroma.close)
            self._open = stack.pop_all()

    def _open_chroma(self) -> VectorStore | None:
        """Chroma, where it opens and finds what it should; else exact search answers in its place."""
        store: VectorStore | None = None
        try:
            store = VectorStore(self.folder / CHROMA)
            check_canaries(store, self.exact, _CANARIES)
            return store
        except BaseException as error:  # Chroma's panics are BaseExceptions
            if isinstance(error, KeyboardInterrupt):
                raise
            log.warning("Chroma cannot open %s (%s); exact search answers.", self.folder, error)
        if store is not None:
            store.close()
        return None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of these texts, as passages have them."""
        return self._texts(texts)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Vectors to be compared with those of passages."""
        return self._questions(questions)

    def nearest(self, vector: Vectors, k: int, filter: Filter | None = None) -> list[tuple[int, float]]:
        """(passage id, cosine similarity) of the `k` nearest passages, best first."""
        allowed = None if filter is None else self._allowed(filter)
        chroma = self._chroma
        if chroma is not None and (allowed is None or allowed.sum() > _EXACT_BELOW * len(allowed)):
            try:
                return chroma.nearest(vector, k, filter)
            except BaseException as error:  # a panic, or a disk that can no longer be written
                if isinstance(error, KeyboardInterrupt):
                    raise
                log.warning("Chroma cannot search %s (%s); exact search answers.", self.folder, error)
                self._chroma = None
        return self.exact.nearest(vector, k, allowed)

    def _allowed(self, filter: Filter) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Which rows of the exact vectors pass the filter."""
        ids = self.catalog.passage_ids_of(self.catalog.article_ids(filter))
        return np.isin(self.exact.ids, np.asarray(ids, dtype=np.int64))

    def article(self, id: str) -> Article:
        """The article of that id; ArticleNotFound."""
        found = self.catalog.article(id)
        if found is None:
            raise ArticleNotFound(
                f"There is no article {id!r} in this library.", "See what there is with: byline index list"
            )
        return found

    def hits(self, ranked: Sequence[tuple[int, float]]) -> list[Hit]:
        """The passages of these ids, with their texts, in this order."""
        rows: dict[int, Row] = self.catalog.rows([id for id, _ in ranked])
        articles = {id: self.article(id) for id in {row.article_id for row in rows.values()}}
        return [
            Hit(articles[row.article_id].passage(row.start, row.end), score)
            for id, score in ranked
            if (row := rows.get(id)) is not None
        ]

    def close(self) -> None:
        self._open.close()

"""An open library: it follows the pointer to the current generation, and answers from one at a time."""

import logging
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from .embed import Encoder, open_encoder
from .errors import EncoderError, LibraryDamaged, LibraryError, LibraryMismatch
from .exported import find
from .filters import Filter
from .generation import Manifest
from .library import Library
from .readers.patterns import Patterns
from .settings import BUNDLED_ENCODER, IndexSettings, default_library, load
from .snapshot import Snapshot
from .space import folder_bytes
from .types import Article, Hit

if TYPE_CHECKING:
    from llama_index.core.base.base_retriever import BaseRetriever

log = logging.getLogger(__name__)

FOLLOW_SECONDS = 1.0
"""CURRENT is looked at this often at the most, when a question comes in."""
REFUSED_SECONDS = 30.0
"""A generation that could not be opened is not tried again for so long: reading it whole takes time."""


@dataclass(frozen=True, slots=True)
class Info:
    """What a library is, for a person: counts, what made it and when, the roots, bytes on disk."""

    library: str
    generation: str
    articles: int
    passages: int
    encoder: str
    precision: str
    """Of the vectors, when they were made."""
    runtime: str
    """What encodes the questions: "ONNX Runtime", or "sentence-transformers", which takes seconds to load."""
    created: str
    byline: str
    roots: tuple[str, ...]
    patterns: dict[str, Patterns]
    """Of the roots that have some."""
    bytes: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a library's list. `copy_of` is the id of the article that this one repeats."""

    id: str
    title: str
    authors: tuple[str, ...]
    site: str | None
    published: date | None
    updated: date | None
    language: str | None
    url: str | None
    source: str
    passages: int
    stale: bool
    copy_of: str | None


class Index:
    """A library opened for reading. Thread-safe; a context manager.

    Every call is answered from one whole generation; `pinned` keeps one for several calls.
    """

    def __init__(self, home: Library, snapshot: Snapshot, settings: IndexSettings) -> None:
        self._home = home
        self._settings = settings
        self._current = snapshot
        self._users: dict[str, int] = {}
        self._lock = threading.Lock()
        self._following = threading.Lock()
        self._looked = time.monotonic()
        self._refused: str | None = None
        self._refused_until = 0.0
        self._closed = False

    @classmethod
    def open(
        cls,
        library: str | Path | None = None,
        settings: IndexSettings | None = None,
        *,
        encoder: Encoder | None = None,
    ) -> "Index":
        """LibraryNotFound, LibraryDamaged, LibraryMismatch or EncoderError where it cannot be read."""
        settings = settings or load(IndexSettings, "index")
        home = Library(library or default_library())
        pointed, problem = home.current(), ""
        for name in home.candidates():
            try:
                opened = cls(home, _opened(home, name, settings, encoder), settings)
            except LibraryDamaged as error:
                problem = problem or error.what
                continue
            if home.current() not in (None, name):
                what = problem or f"{home.path} points to a generation that is not there."
                log.warning("%s The one before it answers. Rebuild it with: %s", what, home.build_command)
            return opened
        if home.current() != pointed:  # a build removed the generations that were here a moment ago
            return cls.open(library, settings, encoder=encoder)
        raise LibraryDamaged(
            f"The library at {home.path} is damaged: {problem}", f"Rebuild it with: {home.build_command}"
        )

    @contextmanager
    def pinned(self) -> Iterator[Snapshot]:
        """The current generation, which stays open and the same until the block ends."""
        self._follow()
        with self._lock:
            if self._closed:
                raise LibraryError(f"The library at {self._home.path} was closed.", "Open it again.")
            snapshot = self._current
            self._users[snapshot.name] = self._users.get(snapshot.name, 0) + 1
        try:
            yield snapshot
        finally:
            with self._lock:
                self._users[snapshot.name] -= 1
                idle = not self._users[snapshot.name]
                if idle:
                    del self._users[snapshot.name]
                done = idle and (snapshot is not self._current or self._closed)
            if done:
                snapshot.close()

    def load(self) -> None:
        """Has in memory, from now on, what a search needs; else the first one waits for it."""
        self.search("What is there?", 1)

    def search(
        self,
        question: str | Sequence[str],
        k: int = 10,
        *,
        since: date | None = None,
        until: date | None = None,
        sites: Collection[str] | None = None,
        articles: Collection[str] | None = None,
    ) -> list[Hit]:
        """The `k` best passages, best first, dense and lexical fused. Several wordings of one question
        are fused as well. The restrictions must all hold; both dates are inclusive."""
        from .search import search  # loads LlamaIndex

        wordings = [question] if isinstance(question, str) else list(question)
        with self.pinned() as snapshot:
            return search(snapshot, wordings, k, Filter.of(since, until, sites, articles))

    def article(self, id: str) -> Article:
        """The article of that id; ArticleNotFound."""
        with self.pinned() as snapshot:
            return snapshot.article(id)

    def articles(self) -> Iterator[Article]:
        """All articles of one generation, by id."""
        with self.pinned() as snapshot:
            yield from snapshot.catalog.articles()

    def listing(self) -> list[Listed]:
        """What is known of every article but its text, by id."""
        with self.pinned() as snapshot:
            return [
                Listed(
                    id=article.id,
                    title=article.title,
                    authors=article.authors,
                    site=article.site,
                    published=article.published,
                    updated=article.updated,
                    language=article.language,
                    url=article.url,
                    source=article.source,
                    passages=passages,
                    stale=stale,
                    copy_of=copy_of,
                )
                for article, passages, stale, copy_of in snapshot.catalog.listing()
            ]

    def as_retriever(
        self,
        k: int = 10,
        *,
        since: date | None = None,
        until: date | None = None,
        sites: Collection[str] | None = None,
        articles: Collection[str] | None = None,
    ) -> "BaseRetriever":
        """The same search as a LlamaIndex retriever, for pipelines of one's own."""
        from .search import HybridRetriever

        return HybridRetriever(self.pinned, k, Filter.of(since, until, sites, articles))

    def info(self) -> Info:
        with self.pinned() as snapshot:
            manifest = snapshot.manifest
            return Info(
                library=str(self._home.path),
                generation=snapshot.name,
                articles=manifest.articles,
                passages=manifest.passages,
                encoder=manifest.made.encoder,
                precision=manifest.precision,
                runtime=snapshot.encoder.runtime,
                created=manifest.created,
                byline=manifest.byline,
                roots=tuple(snapshot.catalog.roots()),
                patterns=snapshot.catalog.patterns(),
                bytes=folder_bytes(snapshot.folder),
            )

    def close(self) -> None:
        """Closes what no question is using; the last question closes the rest."""
        with self._lock:
            already, self._closed = self._closed, True
            idle = self._current.name not in self._users
        if idle and not already:
            self._current.close()

    def __enter__(self) -> "Index":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _successor(self, name: str) -> Snapshot:
        """A newer generation, with the encoder that is loaded where it was made by that one too."""
        try:
            return _opened(self._home, name, self._settings, self._current.encoder)
        except LibraryMismatch:
            return _opened(self._home, name, self._settings, None)

    def _follow(self) -> None:
        """Moves over to the generation that CURRENT names now, if it is another and can be opened."""
        if time.monotonic() - self._looked < FOLLOW_SECONDS or not self._following.acquire(blocking=False):
            return
        try:
            self._looked = time.monotonic()
            name = self._home.current()
            refused = name == self._refused and self._looked < self._refused_until
            if name is None or name == self._current.name or refused or self._closed:
                return
            self._refused, self._refused_until = name, self._looked + REFUSED_SECONDS
            fresh = self._successor(name)
        except (LibraryError, EncoderError) as error:
            log.warning("%s The generation before it goes on answering.", error)
            return
        finally:
            self._following.release()
        with self._lock:
            if self._closed:
                old, idle = fresh, True
            else:
                old, self._current = self._current, fresh
                idle = old.name not in self._users
        if idle:
            old.close()


def _opened(home: Library, name: str, settings: IndexSettings, encoder: Encoder | None) -> Snapshot:
    """A generation with the encoder that made it. `settings.encoder` may only name another on purpose."""
    made = Manifest.read(home.generations / name).made
    if encoder is None:
        if settings.encoder not in (BUNDLED_ENCODER, made.encoder):
            raise LibraryMismatch(
                f"The library at {home.path} was built with the encoder {made.encoder!r}, "
                f"but the settings name {settings.encoder!r}.",
                f"Rebuild it with: {home.build_command}",
            )
        encoder = find(home.encoders, made.encoder_fingerprint, settings.threads) or open_encoder(
            made.encoder, settings.threads
        )
    if encoder.fingerprint != made.encoder_fingerprint:
        raise LibraryMismatch(
            f"The library at {home.path} was built with other weights of the encoder {made.encoder!r}.",
            f"Rebuild it with: {home.build_command}",
        )
    return Snapshot(home, name, encoder)

"""The SQLite file of one generation: articles, their passages, and the sources they came from.

A draft's catalog is written by one build; a sealed one never changes, and is opened as immutable, so
that it can be read where nothing can be written.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import duplicates
from .days import from_iso
from .filters import Filter, row
from .filters import Row as FilterRow
from .moved import follow, home_of, settle
from .readers.patterns import Patterns
from .types import Article, Passage

# By itself, because catalogs of before do not have it: a draft that begins as a copy of one makes it.
_PATTERNS = """
CREATE TABLE IF NOT EXISTS patterns (root TEXT PRIMARY KEY, include TEXT NOT NULL, exclude TEXT NOT NULL);
"""
_SCHEMA = """
CREATE TABLE roots (path TEXT PRIMARY KEY);
CREATE TABLE sources (path TEXT PRIMARY KEY, root TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE excluded (source TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (source, key));
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    source TEXT NOT NULL,
    root TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    text_digest TEXT NOT NULL,
    stale INTEGER NOT NULL DEFAULT 0,
    signature BLOB NOT NULL,
    copy_of TEXT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    url TEXT,
    authors TEXT NOT NULL,
    published TEXT,
    updated TEXT,
    site TEXT,
    language TEXT
);
CREATE INDEX articles_source ON articles (source);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article TEXT NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    key BLOB NOT NULL
);
CREATE INDEX passages_article ON passages (article);
"""
_ARTICLE_COLUMNS = "id, title, text, source, url, authors, published, updated, site, language"
_MANY = 500
"""Values in one `IN (…)`: well below SQLite's limit on every platform."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a build compares of an article that is indexed. `key` is the id that its source gave it."""

    id: str
    key: str
    source: str
    root: str
    fingerprint: str
    text_digest: str
    stale: int


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as it is stored: its number, and the spans of the article it stands for."""

    id: int
    article_id: str
    start: int
    end: int


def fingerprint(article: Article) -> str:
    """SHA-256 over all that is searched or shown, but neither the id nor where it was read from."""
    fields = [article.title, article.text, article.url, article.authors, article.site, article.language]
    dates = [day and day.isoformat() for day in (article.published, article.updated)]
    return text_digest(json.dumps([fields, dates]))


def text_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Catalog:
    """One articles.db. Safe to share by threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Catalog":
        catalog = cls(_writable(path))
        catalog._db.executescript(_SCHEMA + _PATTERNS)
        settle(catalog._db, home_of(path))
        return catalog

    @classmethod
    def clone(cls, source: Path, path: Path) -> "Catalog":
        """A writable copy of a sealed catalog."""
        catalog = cls(_writable(path))
        with closing(_sealed(source)) as sealed:
            sealed.backup(catalog._db)
        catalog._db.executescript(_PATTERNS)
        settle(catalog._db, home_of(path))
        return catalog

    @classmethod
    def open(cls, path: Path) -> "Catalog":
        """A sealed catalog, read only. sqlite3.Error where the file is not one."""
        connection = _sealed(path)
        try:
            follow(connection, home_of(path))
        except sqlite3.Error:
            connection.close()
            raise
        return cls(connection)

    # Reading

    def article(self, id: str) -> Article | None:
        rows = self._all(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id = ?", (id,))
        return _article(rows[0]) if rows else None

    def articles(self) -> Iterator[Article]:
        """All articles, by id; one is in memory at a time."""
        for (id,) in self._all("SELECT id FROM articles ORDER BY id"):
            if (article := self.article(id)) is not None:
                yield article

    def filter_rows(self, ids: Iterable[str]) -> dict[str, FilterRow]:
        """What the passages of these articles can be filtered by."""
        return {id: row(article) for id in ids if (article := self.article(id)) is not None}

    def newest(self, n: int) -> list[str]:
        """The ids of the `n` articles published last; those without a date come after all others."""
        return [
            id
            for (id,) in self._all(
                "SELECT id FROM articles ORDER BY published IS NULL, published DESC, id LIMIT ?", (n,)
            )
        ]

    def article_ids(self, filter: Filter) -> list[str]:
        """The articles that pass the filter."""
        found = self._all("SELECT id, published, site FROM articles")
        return [
            id for id, published, site in found if filter.passes(id, published and from_iso(published), site)
        ]

    def passage_ids_of(self, articles: Collection[str]) -> list[int]:
        """The passage numbers of these articles."""
        wanted = set(articles)
        return [id for id, article in self._all("SELECT id, article FROM passages") if article in wanted]

    def entries(self) -> list[Entry]:
        found = self._all("SELECT id, key, source, root, fingerprint, text_digest, stale FROM articles")
        return [Entry(*columns) for columns in found]

    def rows(self, ids: Sequence[int]) -> dict[int, Row]:
        """The passages of these numbers; those that are not there are left out."""
        found: dict[int, Row] = {}
        for first in range(0, len(ids), _MANY):
            some = ids[first : first + _MANY]
            marks = ",".join("?" * len(some))
            for columns in self._all(
                f"SELECT id, article, start, end FROM passages WHERE id IN ({marks})", some
            ):
                found[columns[0]] = Row(*columns)
        return found

    def passages(self, article_id: str) -> list[Row]:
        found = self._all(
            "SELECT id, article, start, end FROM passages WHERE article = ? ORDER BY id", (article_id,)
        )
        return [Row(*columns) for columns in found]

    def passage_ids(self) -> list[int]:
        """All passage numbers, ascending: row `i` of vectors.npy is the i-th of them."""
        return [id for (id,) in self._all("SELECT id FROM passages ORDER BY id")]

    def keys_between(self, after: int, until: int) -> list[tuple[int, bytes]]:
        """(number, cache key) of the passages with a higher number than `after`, up to `until`."""
        found = "SELECT id, key FROM passages WHERE id > ? AND id <= ? ORDER BY id"
        return [(id, key) for id, key in self._all(found, (after, until))]

    def last_passage_id(self) -> int:
        """The highest number ever given out; numbers are not used again."""
        rows = self._all("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")
        return int(rows[0][0]) if rows else 0

    def copies(self) -> dict[str, tuple[str, ...]]:
        """For each article that has copies, or is one: the ids of all of them, the original first."""
        groups: dict[str, list[str]] = {}
        for copy, original in self._all(
            "SELECT id, copy_of FROM articles WHERE copy_of IS NOT NULL ORDER BY id"
        ):
            groups.setdefault(original, [original]).append(copy)
        return {id: tuple(group) for group in groups.values() for id in group}

    def listing(self) -> list[tuple[Article, int, bool, str | None]]:
        """Every article without its text, its passages, whether it is stale, what it is a copy of."""
        found = self._all(
            "SELECT articles.id, title, '', source, url, authors, published, updated, site, language, "
            "count(passages.id), stale, copy_of "
            "FROM articles LEFT JOIN passages ON passages.article = articles.id GROUP BY articles.id"
        )
        return [(_article(columns[:10]), columns[10], bool(columns[11]), columns[12]) for columns in found]

    def counts(self) -> tuple[int, int]:
        """(articles, passages)."""
        (counted,) = self._all("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")
        return int(counted[0]), int(counted[1])

    def roots(self) -> list[str]:
        return [path for (path,) in self._all("SELECT path FROM roots ORDER BY rowid")]

    def patterns(self) -> dict[str, Patterns]:
        """Root -> what was to be included and excluded there, of the roots that were given such."""
        if not self._all("SELECT 1 FROM sqlite_master WHERE name = 'patterns'"):
            return {}
        found = self._all("SELECT root, include, exclude FROM patterns")
        return {
            root: Patterns(tuple(json.loads(include)), tuple(json.loads(exclude)))
            for root, include, exclude in found
        }

    def sources(self) -> dict[str, str]:
        """Path -> digest of the sources that were read whole, without a failure."""
        return dict(self._all("SELECT path, digest FROM sources"))

    def source_records(self) -> dict[str, tuple[str, str | None]]:
        """Path -> (root, digest) of the same sources."""
        found = self._all("SELECT path, root, digest FROM sources")
        return {path: (root, digest) for path, root, digest in found}

    def excluded(self) -> dict[str, set[str]]:
        """Source -> the keys of its articles that a person removed, and that builds leave out."""
        found: dict[str, set[str]] = {}
        for source, key in self._all("SELECT source, key FROM excluded"):
            found.setdefault(source, set()).add(key)
        return found

    # Writing

    def put(self, article: Article, key: str, root: str, spans: Iterable[tuple[Passage, bytes]]) -> None:
        """Adds an article with its passages and their cache keys, in place of the one of that id."""
        self.delete(article.id)
        self._run("DELETE FROM excluded WHERE source = ? AND key = ?", (article.source, key))
        self._run(
            f"INSERT INTO articles ({_ARTICLE_COLUMNS}, key, root, fingerprint, text_digest, signature) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.title,
                article.text,
                article.source,
                article.url,
                json.dumps(article.authors),
                article.published and article.published.isoformat(),
                article.updated and article.updated.isoformat(),
                article.site,
                article.language,
                key,
                root,
                fingerprint(article),
                text_digest(article.text),
                duplicates.signature(article.text),
            ),
        )
        with self._lock:
            self._db.executemany(
                "INSERT INTO passages (article, start, end, key) VALUES (?, ?, ?, ?)",
                ((article.id, passage.start, passage.end, key) for passage, key in spans),
            )

    def find_copies(self) -> None:
        """Notes of every article whether it is a copy of another."""
        candidates = [
            duplicates.Candidate(*columns)
            for columns in self._all(
                "SELECT id, title, text_digest, signature, coalesce(published, '9999'), url FROM articles"
            )
        ]
        self._run("UPDATE articles SET copy_of = NULL WHERE copy_of IS NOT NULL", ())
        for copy, original in duplicates.copies(candidates, self._text).items():
            self._run("UPDATE articles SET copy_of = ? WHERE id = ?", (original, copy))

    def delete(self, article_id: str) -> None:
        self._run("DELETE FROM passages WHERE article = ?", (article_id,))
        self._run("DELETE FROM articles WHERE id = ?", (article_id,))

    def move(self, article_id: str, key: str, source: str, root: str) -> None:
        """The same article, now read from elsewhere."""
        self._run(
            "UPDATE articles SET key = ?, source = ?, root = ?, stale = 0 WHERE id = ?",
            (key, source, root, article_id),
        )

    def mark_stale(self, article_id: str, stale: bool) -> None:
        self._run("UPDATE articles SET stale = ? WHERE id = ?", (stale, article_id))

    def set_roots(self, roots: Iterable[str]) -> None:
        for path in roots:
            self._run("INSERT OR IGNORE INTO roots VALUES (?)", (path,))

    def set_patterns(self, root: str, patterns: Patterns) -> None:
        """In place of those that the root had."""
        self._run("DELETE FROM patterns WHERE root = ?", (root,))
        if patterns != Patterns():
            values = (root, json.dumps(patterns.include), json.dumps(patterns.exclude))
            self._run("INSERT INTO patterns VALUES (?, ?, ?)", values)

    def exclude(self, source: str, key: str) -> None:
        """Has later builds leave an article out, until its source is named to one."""
        self._run("INSERT OR IGNORE INTO excluded VALUES (?, ?)", (source, key))

    def forget_root(self, path: str) -> None:
        self._run("DELETE FROM roots WHERE path = ?", (path,))
        self.set_patterns(path, Patterns())

    def set_source(self, path: str, root: str, digest: str | None) -> None:
        """Remembers what a source's bytes were when it was read whole; None forgets it."""
        if digest is None:
            self._run("DELETE FROM sources WHERE path = ?", (path,))
        else:
            self._run("INSERT OR REPLACE INTO sources VALUES (?, ?, ?)", (path, root, digest))

    def commit(self) -> None:
        with self._lock:
            self._db.commit()

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _text(self, id: str) -> str:
        return str(self._all("SELECT text FROM articles WHERE id = ?", (id,))[0][0])

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _run(self, sql: str, values: Sequence[object]) -> None:
        with self._lock:
            self._db.execute(sql, values)


def _writable(path: Path) -> sqlite3.Connection:
    """A connection that overwrites what it deletes: a removed article's text is not to linger."""
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _sealed(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )


def _article(columns: tuple[Any, ...]) -> Article:
    id, title, text, source, url, authors, published, updated, site, language = columns
    return Article(
        id=id,
        title=title,
        text=text,
        source=source,
        url=url,
        authors=tuple(json.loads(authors)),
        published=published and from_iso(published),
        updated=updated and from_iso(updated),
        site=site,
        language=language,
    )

"""The conversations on the disk: one SQLite file, in the library's folder.

Every row belongs to a user, and no statement here is without one: an id that somebody else has is nobody's.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ui.exchange import INTERRUPTED, Exchange, now
from ui.records import answer_of, record
from ui.scope import Scope

log = logging.getLogger(__name__)

FILE = "conversations.db"
MAX_LISTED = 200
"""Conversations in a list, the latest; a search finds the others."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    user TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    scope TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    PRIMARY KEY (user, id)
);
CREATE TABLE IF NOT EXISTS exchanges (
    user TEXT NOT NULL,
    conversation TEXT NOT NULL,
    number INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,
    answer TEXT NOT NULL,
    ending TEXT NOT NULL,
    rating TEXT NOT NULL,
    PRIMARY KEY (user, conversation, number),
    FOREIGN KEY (user, conversation) REFERENCES conversations (user, id) ON DELETE CASCADE
);
"""
_EVERYTHING_SAID = """
SELECT folded(group_concat(question || ' ' || json_extract(answer, '$.text'), ' ')) FROM exchanges
WHERE exchanges.user = conversations.user AND exchanges.conversation = conversations.id
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list of conversations; times are ISO 8601."""

    id: str
    title: str
    updated: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it is kept."""

    title: str
    scope: Scope
    created: str
    exchanges: list[Exchange]


class Store:
    """Thread-safe."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._lock = threading.Lock()
        self._closed = False
        connection.create_function("folded", 1, lambda text: (text or "").casefold(), deterministic=True)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(_SCHEMA)

    @classmethod
    def open(cls, folder: Path | None) -> "Store":
        """That in `folder`; one in memory where there is none, or where the disk takes nothing."""
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(folder / FILE, check_same_thread=False)
                connection.execute("PRAGMA journal_mode = WAL")
                return cls(connection)
            except (OSError, sqlite3.Error) as error:
                log.warning("Conversations are kept until the server ends: %s: %s.", folder / FILE, error)
        return cls(sqlite3.connect(":memory:", check_same_thread=False))

    # Reading

    def listed(self, user: str, query: str = "") -> list[Summary]:
        """The user's conversations with every word of `query` in their title, questions or answers, the
        latest first. One in which nothing was asked is not listed."""
        words = query.casefold().split()
        found = self._all(
            "SELECT id, title, updated FROM conversations WHERE user = ? "
            "AND EXISTS (SELECT 1 FROM exchanges WHERE exchanges.user = conversations.user "
            "AND exchanges.conversation = conversations.id) "
            + f"AND instr(folded(title) || ' ' || ({_EVERYTHING_SAID}), ?) " * len(words)
            + "ORDER BY updated DESC, rowid DESC LIMIT ?",
            (user, *words, MAX_LISTED),
        )
        return [Summary(*columns) for columns in found]

    def load(self, user: str, id: str) -> Stored | None:
        """The user's conversation of that id."""
        rows = self._all(
            "SELECT title, scope, created FROM conversations WHERE user = ? AND id = ?", (user, id)
        )
        if not rows:
            return None
        title, scope, created = rows[0]
        exchanges = self._all(
            "SELECT number, question, asked, answer, ending, rating FROM exchanges "
            "WHERE user = ? AND conversation = ? ORDER BY number",
            (user, id),
        )
        return Stored(title, Scope.of(json.loads(scope)), created, [_exchange(*row) for row in exchanges])

    # Writing

    def begin(self, user: str, id: str, title: str, scope: Scope) -> None:
        """Makes a conversation; one that is there keeps its title."""
        self._run(
            "INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET title = CASE title WHEN '' THEN excluded.title ELSE title END",
            (user, id, title, json.dumps(scope.values()), now(), now()),
        )

    def add(self, user: str, id: str, exchange: Exchange) -> None:
        """An exchange of a conversation that is there; should the server end meanwhile, it will say so."""
        self._run(
            "INSERT OR REPLACE INTO exchanges VALUES (?, ?, ?, ?, ?, ?, ?, '')",
            (user, id, exchange.number, exchange.question, exchange.asked, _json(exchange), INTERRUPTED),
        )
        self._run("UPDATE conversations SET updated = ? WHERE user = ? AND id = ?", (now(), user, id))

    def save(self, user: str, id: str, exchange: Exchange) -> None:
        """What became of an exchange; nothing, where it was deleted meanwhile."""
        self._run(
            "UPDATE exchanges SET answer = ?, ending = ?, rating = ? "
            "WHERE user = ? AND conversation = ? AND number = ?",
            (_json(exchange), exchange.ending, exchange.rating, user, id, exchange.number),
        )

    def cut(self, user: str, id: str, number: int) -> None:
        """Takes out that exchange and all after it."""
        self._run(
            "DELETE FROM exchanges WHERE user = ? AND conversation = ? AND number >= ?", (user, id, number)
        )

    def rename(self, user: str, id: str, title: str) -> None:
        self._run("UPDATE conversations SET title = ? WHERE user = ? AND id = ?", (title, user, id))

    def limit(self, user: str, id: str, scope: Scope) -> None:
        """What the conversation is about from now on."""
        self._run(
            "UPDATE conversations SET scope = ? WHERE user = ? AND id = ?",
            (json.dumps(scope.values()), user, id),
        )

    def delete(self, user: str, id: str) -> None:
        self._run("DELETE FROM conversations WHERE user = ? AND id = ?", (user, id))

    def forget(self, user: str) -> int:
        """Deletes everything of a user; and says how many conversations that were."""
        gone = len(self._all("SELECT 1 FROM conversations WHERE user = ?", (user,)))
        self._run("DELETE FROM conversations WHERE user = ?", (user,))
        return gone

    def close(self) -> None:
        """What is changed from now on is let go."""
        with self._lock:
            self._closed = True
            self._db.close()

    def _all(self, sql: str, values: Sequence[object]) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _run(self, sql: str, values: Sequence[object]) -> None:
        """One change. Where the disk takes it no more, the conversation goes on without being kept."""
        with self._lock, _told():
            if not self._closed:
                with self._db:
                    self._db.execute(sql, values)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        log.warning("A conversation could not be kept: %s.", error)


def _json(exchange: Exchange) -> str:
    return json.dumps(record(exchange.answer), ensure_ascii=False)


def _exchange(number: int, question: str, asked: str, answer: str, ending: str, rating: Any) -> Exchange:
    """The exchange of a row: its answer, or how far that had come."""
    exchange = Exchange(number, question, asked, rating=rating)
    kept = answer_of(json.loads(answer))
    if ending:
        exchange.grow(kept.text, kept.citations)
        exchange.close(ending)
    else:
        exchange.finish(kept)
    return exchange

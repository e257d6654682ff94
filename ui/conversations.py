"""The conversations that are going on, in memory, over the store of all that were ever had."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from qa import Turn
from ui.exchange import INTERRUPTED, Exchange, Rating, now
from ui.scope import Scope
from ui.store import Store, Summary

MAX_LIVE = 200
"""Conversations in memory; the one that was silent longest goes first, and is loaded again when it is asked
for."""

MAX_TITLE = 120
"""Characters."""

ABANDONED = 5.0
"""Seconds after which an answer that no page shows any more is stopped; a reload takes less."""


@dataclass(slots=True)
class Conversation:
    """The exchanges under one id of one user, oldest first. Every change is kept at once."""

    store: Store
    user: str
    id: str
    title: str = ""
    scope: Scope = field(default_factory=Scope)
    created: str = field(default_factory=now)
    exchanges: list[Exchange] = field(default_factory=list)
    _cut: int = 0
    """The highest number of those taken out: none is given again, so that a page which is behind speaks of
    none that it does not mean."""
    _watching: int = 0
    _left: float = field(default_factory=time.monotonic)

    @property
    def open(self) -> bool:
        """Whether an answer is being written."""
        return any(exchange.open for exchange in self.exchanges)

    @property
    def begun(self) -> bool:
        """Whether every answer that is being written has its first words."""
        return all(exchange.answer.text for exchange in self.exchanges if exchange.open)

    @property
    def state(self) -> object:
        """Something else after every change that a page would show."""
        return [(each.number, each.asked, len(each.shown), each.open) for each in self.exchanges]

    @property
    def abandoned(self) -> bool:
        """Whether no page shows it any more."""
        return not self._watching and time.monotonic() - self._left > ABANDONED

    @contextmanager
    def watched(self) -> Iterator[None]:
        """A page shows it meanwhile."""
        self._watching += 1
        try:
            yield
        finally:
            self._watching -= 1
            self._left = time.monotonic()

    def ask(self, question: str) -> Exchange:
        """A new exchange at the end, its answer still to come."""
        numbers = [self._cut, *(each.number for each in self.exchanges)]
        exchange = Exchange(max(numbers) + 1, question)
        self._left = time.monotonic()
        self.title = self.title or title_of(question)
        self.exchanges.append(exchange)
        self.store.begin(self.user, self.id, self.title, self.scope)
        self.store.add(self.user, self.id, exchange)
        return exchange

    def save(self, exchange: Exchange) -> None:
        """Keep what became of an exchange, unless it was taken out meanwhile."""
        if any(exchange is each for each in self.exchanges):
            self.store.save(self.user, self.id, exchange)

    def stop(self, ending: str) -> None:
        """End every answer that is being written."""
        for exchange in self.exchanges:
            if exchange.open:
                exchange.close(ending)
                self.save(exchange)

    def cut(self, number: int) -> None:
        """Take out that exchange and all after it; nothing, where it is not there any more."""
        if number not in [exchange.number for exchange in self.exchanges]:
            return
        gone = [exchange for exchange in self.exchanges if exchange.number >= number]
        self._cut = max(self._cut, gone[-1].number)
        self.exchanges = [exchange for exchange in self.exchanges if exchange.number < number]
        for exchange in gone:
            exchange.close("")
        self.store.cut(self.user, self.id, number)

    def rate(self, number: int, rating: Rating) -> bool:
        """Keep what the person thinks of an answer; whether it is there."""
        for exchange in self.exchanges:
            if exchange.number == number:
                exchange.rating = rating
                self.save(exchange)
                return True
        return False

    def rename(self, title: str) -> None:
        """Nothing changes where the title says nothing."""
        self.title = title_of(title) or self.title
        self.store.rename(self.user, self.id, self.title)

    def limit(self, scope: Scope) -> None:
        """Only what is within `scope` is read from now on."""
        self.scope = scope
        self.store.begin(self.user, self.id, self.title, scope)
        self.store.limit(self.user, self.id, scope)

    def before(self, exchange: Exchange) -> list[Turn]:
        """The turns that came before `exchange`; those that were never answered are left out."""
        return [
            Turn(earlier.question, earlier.answer.text)
            for earlier in self.exchanges
            if earlier.number < exchange.number and earlier.answer.text
        ]


class Conversations:
    """Everybody's conversations. Thread-safe."""

    def __init__(self, store: Store, limit: int = MAX_LIVE) -> None:
        self.store = store
        self._limit = limit
        self._lock = threading.Lock()
        self._live: OrderedDict[tuple[str, str], Conversation] = OrderedDict()

    def get(self, user: str, id: str) -> Conversation:
        """The user's conversation of that id, a new one where there is none."""
        with self._lock:
            conversation = self._live.get((user, id)) or self._loaded(user, id)
            self._live[user, id] = conversation
            self._live.move_to_end((user, id))
            if len(self._live) > self._limit:
                idle = [key for key, each in self._live.items() if not each.open]
                for key in idle[: len(self._live) - self._limit]:
                    del self._live[key]
            return conversation

    def find(self, user: str, id: str) -> Conversation | None:
        """The same, but None where nothing was ever asked in it."""
        live = self._live.get((user, id))
        if (live is None or not live.exchanges) and self.store.load(user, id) is None:
            return None
        return self.get(user, id)

    def listed(self, user: str, query: str = "") -> list[Summary]:
        return self.store.listed(user, query)

    def delete(self, user: str, id: str) -> None:
        """For good; an answer that is being written ends."""
        with self._lock:
            conversation = self._live.pop((user, id), None)
        if conversation is not None and conversation.exchanges:
            conversation.cut(conversation.exchanges[0].number)
        self.store.delete(user, id)

    def close(self) -> None:
        """The server ends: what is being written is kept as far as it has come."""
        for conversation in list(self._live.values()):
            conversation.stop(INTERRUPTED)
        self.store.close()

    def __len__(self) -> int:
        return len(self._live)

    def _loaded(self, user: str, id: str) -> Conversation:
        kept = self.store.load(user, id)
        if kept is None:
            return Conversation(self.store, user, id)
        return Conversation(self.store, user, id, kept.title, kept.scope, kept.created, kept.exchanges)


def title_of(question: str) -> str:
    """A question on one line, cut between words where it is long."""
    line = " ".join(question.split())
    if len(line) <= MAX_TITLE:
        return line
    return f"{line[:MAX_TITLE].rpartition(' ')[0] or line[:MAX_TITLE]}…"

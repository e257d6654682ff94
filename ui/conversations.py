"""The conversations that are going on, kept in memory; the browser holds no more than an id."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from qa import Turn

MAX_CONVERSATIONS = 1_000
"""Conversations kept; the one that was silent longest goes first."""

MAX_EXCHANGES = 100
"""Exchanges kept of one conversation; the earliest go first."""


@dataclass(slots=True)
class Exchange:
    """One question and what the page shows for it, which grows while the answer streams.

    `answer` is the answer's own text, as far as it has come; `shown` is that text made safe for the
    page, with its sources below. `open` until the answer is finished, failed or was stopped.
    """

    question: str
    answer: str = ""
    shown: str = ""
    open: bool = True

    def close(self, last_words: str) -> None:
        """End it before its answer did, saying why; what there is of the answer stays."""
        if self.open:
            self.open = False
            self.shown = f"{self.shown}\n\n{last_words}".strip()


@dataclass(slots=True)
class Conversation:
    """The exchanges of one browser tab, oldest first."""

    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether an answer is being written."""
        return any(exchange.open for exchange in self.exchanges)

    def ask(self, question: str) -> Exchange:
        """A new exchange at the end, its answer still to come."""
        exchange = Exchange(question)
        self.exchanges = [*self.exchanges, exchange][-MAX_EXCHANGES:]
        return exchange

    def take_back(self) -> str | None:
        """Remove the last exchange and return its question; None where there is none."""
        if not self.exchanges:
            return None
        *self.exchanges, last = self.exchanges
        return last.question

    def clear(self) -> None:
        self.exchanges = []

    def before(self, exchange: Exchange) -> list[Turn]:
        """The turns that came before `exchange`; those that were never answered are left out."""
        turns = []
        for earlier in self.exchanges:
            if earlier is exchange:
                break
            if earlier.answer:
                turns.append(Turn(earlier.question, earlier.answer))
        return turns


class Conversations:
    """Conversations by id, the least recently used dropped beyond `limit`. Thread-safe."""

    def __init__(self, limit: int = MAX_CONVERSATIONS) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._by_id: OrderedDict[str, Conversation] = OrderedDict()

    def get(self, conversation_id: str) -> Conversation:
        """The conversation of that id, a new one where there is none."""
        with self._lock:
            conversation = self._by_id.setdefault(conversation_id, Conversation())
            self._by_id.move_to_end(conversation_id)
            while len(self._by_id) > self._limit:
                self._by_id.popitem(last=False)
            return conversation

    def __len__(self) -> int:
        return len(self._by_id)

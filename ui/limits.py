"""How much is asked at a time: of one client within a minute, of one client at once, and of all together.

A question takes a `Place`. It may have to wait for its turn, in order; where too many wait already, or its
client has had enough, it is told so at once.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from types import TracebackType

from index.cores import cores
from index.errors import BylineError
from ui.clients import HERE
from ui.rates import Rate
from ui.settings import ServeSettings

LOOK = 0.1
"""Seconds between two looks at whether a question that waits is still wanted."""
SOON = 5
"""Seconds after which to try again, where nobody knows."""


class Busy(BylineError):
    """Asked too much at a time; `seconds` says when to ask again. `mine` where the client asked so much, not
    all together."""

    def __init__(self, what: str, seconds: int, *, mine: bool) -> None:
        self.seconds = seconds
        self.mine = mine
        super().__init__(what, f"Please ask again in {seconds} second{'s' if seconds > 1 else ''}.")


class Limits:
    """For one event loop. Whoever sits at this machine, without a login, has it for themselves: only what all
    together may do holds for them."""

    def __init__(self, settings: ServeSettings | None = None) -> None:
        self._settings = settings or ServeSettings()
        self._rate = Rate(self._settings.questions_per_minute)
        self._of: Counter[str] = Counter()
        self._waiting: deque[Place] = deque()
        self.running = 0
        """Answers that are being written."""

    @property
    def share(self) -> float:
        """The part of its passages that an answer can have read: 1, or less where many are being written."""
        in_full = self._settings.answers_in_full or cores()
        return min(1.0, in_full / max(1, self.running))

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def enter(self, client: str) -> "Place":
        """A place for one question of a client; Busy where there is none."""
        most = self._settings
        if client != HERE:
            if self._of[client] >= most.answers_each:
                raise Busy(
                    f"{most.answers_each} of your questions are being answered already.", SOON, mine=True
                )
            if seconds := self._rate.wait(client):
                raise Busy(
                    f"You have asked as many questions as fit in a minute: {most.questions_per_minute}.",
                    seconds,
                    mine=True,
                )
        if self.running >= most.answers_at_once and self.waiting >= most.answers_waiting:
            raise Busy("Many people are asking just now.", SOON, mine=False)
        place = Place(self, client)
        self._of[client] += 1
        if self.running < most.answers_at_once:
            self._admit(place)
        else:
            self._waiting.append(place)
        return place

    def leave(self, place: "Place") -> None:
        """Its question is done with, whether its turn came or not."""
        self._of[place.client] -= 1
        if not self._of[place.client]:
            del self._of[place.client]
        if not place.turn.done():
            self._waiting.remove(place)
            return
        self.running -= 1
        if self._waiting and self.running < self._settings.answers_at_once:
            self._admit(self._waiting.popleft())

    def _admit(self, place: "Place") -> None:
        self.running += 1
        place.turn.set_result(None)


class Place:
    """Of one question, until its answer is there. A context manager, which leaves it."""

    def __init__(self, limits: Limits, client: str) -> None:
        self._limits = limits
        self.client = client
        self.turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def waits(self) -> bool:
        return not self.turn.done()

    async def come(self, wanted: Callable[[], bool] = lambda: True) -> bool:
        """Waits until it is this one's turn; False where it is not `wanted` any more."""
        while self.waits and wanted():
            await asyncio.wait([self.turn], timeout=LOOK)
        return not self.waits

    def __enter__(self) -> "Place":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._limits.leave(self)

"""Who is logged in, in the server's memory: a restart logs everybody out."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ui.users import User, Users

IDLE = 12 * 3600.0
"""Seconds without a request after which a login ends; a page that is open asks every few seconds."""
MOST = 10_000
"""Logins at a time; one more ends the one that was idle longest."""


@dataclass(slots=True)
class Session:
    """`password` is the hash that was true when it began: a new password ends it."""

    name: str
    password: str
    began: float
    seen: float


class Sessions:
    """Logins by their token, of which only a hash is kept. For one event loop."""

    def __init__(
        self, users: Users, hours: float = 168.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._users = users
        self._seconds = hours * 3600
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()

    def begin(self, user: User) -> str:
        """A token that nobody had before."""
        token = secrets.token_urlsafe(32)
        self._sessions[_hash(token)] = Session(user.name, user.password, self._clock(), self._clock())
        while len(self._sessions) > MOST:
            self._sessions.popitem(last=False)
        return token

    def of(self, token: str) -> str | None:
        """The name of whoever is logged in with it."""
        key, now = _hash(token), self._clock()
        session = self._sessions.get(key)
        if session is None:
            return None
        user = self._users.named(session.name)
        over = now - session.began > self._seconds or now - session.seen > IDLE
        if over or user is None or user.password != session.password:
            del self._sessions[key]
            return None
        session.seen = now
        self._sessions.move_to_end(key)
        return session.name

    def end(self, token: str) -> None:
        self._sessions.pop(_hash(token), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

"""When a host may be asked again: after a polite interval, and not before the time that it asked for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ..errors import AskedToWait
from .location import Location

_LONGEST = 366 * 86_400  # seconds; a date needs an end


class Turns:
    """The next turn of each host. `interval` and `patience` are seconds."""

    def __init__(self, interval: float, patience: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._interval = interval
        self._patience = patience
        self._sleep = sleep
        self._next: dict[str, float] = {}  # by time.monotonic

    def take(self, location: Location) -> float:
        """Waits until it is the host's turn; how many seconds. AskedToWait if that is past all patience."""
        wait = max(0.0, self._next.get(location.host, 0.0) - time.monotonic())
        if wait > max(self._patience, self._interval):
            raise AskedToWait(str(location), datetime.fromtimestamp(time.time() + wait, UTC))
        if wait:
            self._sleep(wait)
        self._next[location.host] = time.monotonic() + self._interval
        return wait

    def postpone(self, location: Location, retry_after: str) -> bool:
        """Obeys a Retry-After (RFC 9110, 10.2.3): seconds, or a date. False if it is neither."""
        seconds = _seconds(retry_after)
        if seconds is None:
            return False
        self._next[location.host] = time.monotonic() + max(self._interval, min(seconds, _LONGEST))
        return True


def _seconds(retry_after: str) -> float | None:
    value = retry_after.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None

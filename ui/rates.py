"""How often somebody may do something within a minute. The only importer of limits."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter


class Rate:
    """So many times a minute for each key; 0 is no limit. Minutes begin with a key's first time, and what is
    known of it is forgotten after its last. Thread-safe."""

    def __init__(self, per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def wait(self, key: str) -> int:
        """Counts one more time; the seconds to wait where it is one too many, else 0."""
        if self._item is None or self._limiter.hit(self._item, key):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._item, key).reset_time - time.time()))

    def forget(self, key: str) -> None:
        """As if it had never been done."""
        if self._item is not None:
            self._limiter.clear(self._item, key)

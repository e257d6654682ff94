"""What could not be read, handed on as it comes, or kept for one error at the end."""

from collections.abc import Callable

from ..errors import SourceError
from ..types import Failure


class Failures:
    """Takes failures, so that whatever is good is read first."""

    def __init__(self, on_failure: Callable[[Failure], None] | None) -> None:
        self._on_failure = on_failure
        self._first: Failure | None = None
        self._more = 0

    def add(self, failure: Failure) -> None:
        """Pass `failure` to the callback; without one, the first is kept and the others counted."""
        if self._on_failure:
            self._on_failure(failure)
        elif self._first is None:
            self._first = failure
        else:
            self._more += 1

    def settle(self) -> None:
        """Raise SourceError for what was kept, if anything was."""
        if self._first:
            more = f" (and {self._more} more)" if self._more else ""
            raise SourceError(self._first.source, self._first.reason + more)

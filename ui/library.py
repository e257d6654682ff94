"""The library behind a served page: opened in the background, and tried again while it cannot be."""

import asyncio
import logging
import threading
from collections.abc import Callable

from index.errors import BylineError
from qa import Assistant

log = logging.getLogger(__name__)

PAUSE = 0.1
"""Seconds between two looks at whether the library has been opened."""


class Library:
    """The one Assistant of a page. Thread-safe.

    `open_assistant` loads models and may take seconds, so it runs in a thread of its own: the page
    appears at once and says that it is loading.
    """

    def __init__(self, open_assistant: Callable[[], Assistant]) -> None:
        self._open_assistant = open_assistant
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._problem: BylineError | None = None
        self.assistant: Assistant | None = None
        """The Assistant once it is open, else None."""

    def open(self) -> None:
        """Begin to open the library, unless it is open or being opened."""
        with self._lock:
            if self.assistant is None and self._opening is None:
                self._opening = threading.Thread(target=self._open, name="open-library", daemon=True)
                self._opening.start()

    async def ready(self, wanted: Callable[[], bool] = lambda: True) -> Assistant:
        """The Assistant, waited for while it is `wanted`; raises as `opened` does."""
        self.open()
        while self._opening is not None and wanted():
            await asyncio.sleep(PAUSE)
        return self.opened()

    def opened(self) -> Assistant:
        """The Assistant; raises the BylineError that keeps it from being open."""
        if self.assistant is None:
            raise self._problem or BylineError("The library is being opened.", "Try again in a moment.")
        return self.assistant

    @property
    def is_opening(self) -> bool:
        return self._opening is not None

    def close(self) -> None:
        """Close the Assistant where there is one."""
        with self._lock:
            assistant, self.assistant = self.assistant, None
        if assistant is not None:
            assistant.close()

    def _open(self) -> None:
        try:
            self.assistant = self._open_assistant()
            self._problem = None
        except BylineError as error:
            self._problem = error
        except Exception:
            log.exception("the library could not be opened")
            self._problem = BylineError(
                "The library could not be opened.", "The server's log says what went wrong."
            )
        finally:
            self._opening = None

"""A reply read at the pace of a page: in a thread of its own, looked at a few times a second."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from index import Filter
from qa import Answer, Assistant, Citation, Reply, Settings, Turn

PACE = 0.12
"""Seconds between two looks. Each one replaces the message on the page, so more would only flicker."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer as far as it has come, with the citations of the markers in it."""

    text: str
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Asking:
    """What an assistant is asked, and how: its own settings hold where there are none."""

    question: str
    history: Sequence[Turn] = ()
    scope: Filter | None = None
    settings: Settings | None = None


async def follow(
    assistant: Assistant, asking: Asking, wanted: Callable[[], bool] = lambda: True
) -> AsyncGenerator[Draft | Answer, None]:
    """The drafts of an answer and at last the Answer itself; raises what the assistant raises.

    It ends early when the answer is no longer `wanted`, or when it is closed itself; the reply is then closed
    at once, even where a model that is asked keeps silent.
    """
    reading = Reading(assistant, asking)
    reading.start()
    finished, begun = asyncio.wrap_future(reading.answer), asyncio.wrap_future(reading.begun)
    seen = reading.draft
    try:
        while wanted() and not finished.done():
            if reading.draft is not seen:
                seen = reading.draft
                yield seen
            waited: list[asyncio.Future[Any]] = [finished] if begun.done() else [finished, begun]
            await asyncio.wait(waited, timeout=PACE, return_when=asyncio.FIRST_COMPLETED)
        if wanted():
            yield finished.result()
    finally:
        finished.cancel()
        begun.cancel()
        reading.stop()


class Reading(threading.Thread):
    """Reads one reply to its end, unless it is stopped.

    A thread, because a reply waits for models and endpoints; a daemon, so that a server that is told
    to end does not wait for them too.
    """

    def __init__(self, assistant: Assistant, asking: Asking) -> None:
        super().__init__(name="reading", daemon=True)
        self._assistant = assistant
        self._asking = asking
        self.draft = Draft("", ())
        self.answer: Future[Answer] = Future()
        self.begun: Future[None] = Future()
        """Done with the first words."""
        self._stopped = threading.Event()
        self._reply: Reply | None = None

    def stop(self) -> None:
        """Ends the reading, and what the reply is waiting for."""
        self._stopped.set()
        if self._reply is not None:
            self._reply.close()

    def run(self) -> None:
        if not self.answer.set_running_or_notify_cancel():
            return
        asking = self._asking
        try:
            reply = self._assistant.reply(
                asking.question, asking.history, scope=asking.scope, settings=asking.settings
            )
            self._reply = reply
            text = ""
            for piece in reply:
                text += piece
                self.draft = Draft(text, reply.citations)
                if text and not self.begun.done() and self.begun.set_running_or_notify_cancel():
                    self.begun.set_result(None)
                if self._stopped.is_set():
                    reply.close()
                    return
            self.answer.set_result(reply.answer())
        except Exception as error:
            self.answer.set_exception(error)

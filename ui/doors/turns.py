"""What programs ask takes its place among the questions of the chat, and is refused where there is none."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ui.clients import client_of
from ui.doors.callers import Caller
from ui.doors.desk import Gate
from ui.limits import Limits


def taking_turns(limits: Limits) -> Gate:
    """A gate before the desk, behind which a question has its place until its answer is written."""

    @asynccontextmanager
    async def gate(caller: Caller, here: Callable[[], bool]) -> AsyncIterator[float]:
        with limits.enter(client_of(caller.request)) as place:
            await place.come(here)
            yield limits.share

    return gate

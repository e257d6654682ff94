"""Who asks through a door, and whether they are still there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ui import people


@dataclass(frozen=True, slots=True)
class Caller:
    """`request` is Starlette's, or Gradio's, which ends the work of those who leave by itself; None for the
    program that started this one."""

    request: Any = None

    @property
    def user(self) -> str:
        return people.NOBODY if self.request is None else people.user_of(self.request)

    @asynccontextmanager
    async def present(self) -> AsyncIterator[Callable[[], bool]]:
        """Whether the caller is still there, to be asked until the block ends.

        The request's body has to be read by then: what comes after it is that the connection is gone.
        """
        if not isinstance(self.request, Request):
            yield lambda: True
            return
        leaving = asyncio.create_task(_disconnected(self.request))
        try:
            yield lambda: not leaving.done()
        finally:
            leaving.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass

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
    """`user` as `ui.people` has it, and the network address; both are empty for the program that started
    this one. `request` is watched where it is known that nobody else ends the work."""

    user: str = people.NOBODY
    address: str = ""
    request: Request | None = None

    @classmethod
    def of(cls, request: Any, *, watched: bool = True) -> "Caller":
        """Of a request of Starlette's, or (not watched) of Gradio's."""
        address = request.client.host if request.client else ""
        return cls(people.user_of(request), address, request if watched else None)

    @asynccontextmanager
    async def present(self) -> AsyncIterator[Callable[[], bool]]:
        """Whether the caller is still there, to be asked until the block ends.

        The request's body has to be read by then: what comes after it is that the connection is gone.
        """
        if self.request is None:
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

"""What the doors that speak HTTP have in common: errors in their own shape, and answers that grow."""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from functools import wraps
from typing import Any, TypeVar

from fastapi.responses import Response

from qa import Answer
from ui.doors.refusals import Refusal, refusal_of
from ui.streaming import Draft

Item = TypeVar("Item")
Route = Callable[..., Coroutine[Any, Any, Response]]


def saying(refused: Callable[[Refusal], Response]) -> Callable[[Route], Route]:
    """Makes a route say what goes wrong in it as `refused` does."""

    def decorate(route: Route) -> Route:
        @wraps(route)
        async def told(*args: Any, **values: Any) -> Response:
            try:
                return await route(*args, **values)
            except Exception as error:
                return refused(refusal_of(error))

        return told

    return decorate


async def grown(states: AsyncGenerator[Draft | Answer, None]) -> AsyncGenerator[str | Answer, None]:
    """What each draft adds to the text, and at last the Answer."""
    said = 0
    async with aclosing(states):
        async for state in states:
            if len(state.text) > said:
                yield state.text[said:]
                said = len(state.text)
            if isinstance(state, Answer):
                yield state


async def begun(items: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """The same items once the first is there, so that what goes wrong before it still has a status of its
    own."""
    first = await anext(items)

    async def all_of_them() -> AsyncGenerator[Item, None]:
        async with aclosing(items):
            yield first
            async for item in items:
                yield item

    return all_of_them()

"""One call of a model: its text as it comes, and a way to stop it at once.

Calls run on an event loop of their own, in one thread for all: only there can one that waits for its next
token be cancelled, which closes its connection.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from . import opened
from .failures import failure
from .types import Endpoint

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage

log = logging.getLogger(__name__)

_LOOK = 0.1
"""Seconds between two looks at whether the answer is still wanted."""
_LONGEST = 10
"""A call may take this many times the longest silence in all: an answer that never ends does end."""


@dataclass(slots=True)
class Call:
    """What is known of a call once its text was read. `ended` is "stop", "length" at the cap, and "" where
    the model never said that it was done. Tokens are 0 where the endpoint does not count them."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    tokens_in: int = 0
    tokens_out: int = 0
    ended: str = ""
    first: float = 0.0
    """`time.perf_counter()` when the first text came."""
    earlier: "Call | None" = None
    """A call before it for the same answer."""

    def tokens(self) -> tuple[int, int]:
        """Tokens in and out, of the earlier call as well."""
        before = self.earlier.tokens() if self.earlier else (0, 0)
        return before[0] + self.tokens_in, before[1] + self.tokens_out


@dataclass(frozen=True, slots=True)
class Message:
    """A turn of the talk with a model; `role` is "system" or "user"."""

    role: str
    text: str


def stream(endpoint: Endpoint, messages: Sequence[Message], call: Call) -> Generator[str, None, None]:
    """The text in pieces as they come, to be read in any thread, and "" ten times a second while none do. It
    ends early when `call.cancelled` is set, and the connection is closed then, as it is when the iterator is.
    ModelFailed, SettingsError."""
    llm = opened(endpoint)
    arrived: SimpleQueue[str | BaseException | None] = SimpleQueue()
    began = time.perf_counter()

    async def pump() -> None:
        try:
            async with asyncio.timeout(_LONGEST * endpoint.seconds):
                async with asyncio.timeout(endpoint.seconds):
                    responses = await llm.astream_chat(_chat(messages))
                async for response in _unless_silent(responses, endpoint.seconds):
                    _note(call, response.raw)
                    if response.delta:
                        arrived.put(response.delta)
            arrived.put(None)
        except BaseException as error:
            arrived.put(error)

    pumping = asyncio.run_coroutine_threadsafe(pump(), _loop())
    try:
        while not call.cancelled.is_set():
            try:
                piece = arrived.get(timeout=_LOOK)
            except Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise failure(piece, endpoint) from piece
            call.first = call.first or time.perf_counter()
            yield piece
    finally:
        pumping.cancel()
        log.debug(
            "%s/%s: %d tokens in, %d out, %.2f s to the first, %.2f s in all, ended %r",
            endpoint.provider,
            endpoint.model,
            call.tokens_in,
            call.tokens_out,
            max(0.0, call.first - began),
            time.perf_counter() - began,
            call.ended,
        )


async def _unless_silent(responses: Any, seconds: float) -> AsyncGenerator[Any, None]:
    try:
        while True:
            async with asyncio.timeout(seconds):
                try:
                    response = await anext(responses)
                except StopAsyncIteration:
                    return
            yield response
    finally:
        await responses.aclose()


def _chat(messages: Sequence[Message]) -> "list[ChatMessage]":
    from llama_index.core.llms import ChatMessage

    return [ChatMessage(role=message.role, content=message.text) for message in messages]


def _note(call: Call, raw: Any) -> None:
    """Reads what a chunk says beside text, under OpenAI's and Ollama's own names."""
    choice = next(iter(_field(raw, "choices") or ()), None)
    ended = _field(choice, "finish_reason") or (
        _field(raw, "done") and (_field(raw, "done_reason") or "stop")
    )
    if ended:
        call.ended = str(ended)
    usage = _field(raw, "usage")
    call.tokens_in = int(_field(usage, "prompt_tokens") or call.tokens_in)
    call.tokens_out = int(_field(usage, "completion_tokens") or call.tokens_out)


def _field(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="models", daemon=True).start()
    return loop

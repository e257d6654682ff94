"""A model asked again where that makes sense: before its first word, with growing pauses."""

import logging
import time
from collections.abc import Generator, Sequence

from .calling import Call, Message, stream
from .failures import ModelFailed
from .types import Endpoint

log = logging.getLogger(__name__)

PAUSES = (0.5, 2.0)
"""Seconds before the second and the third try, where the endpoint does not say how long to wait."""
LONGEST_PAUSE = 10.0
"""An endpoint that asks for a longer one is not waited for: a person is."""


def stream_patiently(
    endpoint: Endpoint, messages: Sequence[Message], call: Call
) -> Generator[str, None, None]:
    """`calling.stream`, tried again while no text has come. All tries together are given twice the longest
    silence. ModelFailed, and whatever was said before stays said."""
    deadline = time.monotonic() + 2 * endpoint.seconds
    for pause in (*PAUSES, None):
        said = False
        try:
            for piece in stream(endpoint, messages, call):
                said = said or piece != ""
                yield piece
            return
        except ModelFailed as problem:
            if said or pause is None or not problem.again:
                raise
            wait = pause if problem.wait is None else problem.wait
            if wait > LONGEST_PAUSE or time.monotonic() + wait >= deadline:
                raise
            log.debug("%s Asking again in %g s.", problem, wait)
        if call.cancelled.wait(wait):
            return


def whole(endpoint: Endpoint, messages: Sequence[Message], call: Call, most: int) -> str:
    """The text in one, `most` characters of it. ModelFailed where there is none."""
    text = ""
    for piece in stream_patiently(endpoint, messages, call):
        text += piece
        if len(text) >= most:
            break
    if not text.strip():
        raise ModelFailed(
            f"{endpoint.provider}/{endpoint.model} at {endpoint.host} sent an empty answer.", empty=True
        )
    return text[:most]

"""A tiny call of a model, to see whether it can be asked (`byline llm check`)."""

import time
from dataclasses import dataclass

import prompts

from .calling import Call, Message
from .privacy import statement
from .retrying import whole
from .types import Endpoint


@dataclass(frozen=True, slots=True)
class Checked:
    """What a model said to a tiny call. Seconds are to the first text and in all; `statement` says what is
    sent away with questions, "" where the model is on this machine."""

    llm: str
    host: str
    said: str
    first: float
    seconds: float
    tokens_in: int
    tokens_out: int
    statement: str


def checked(endpoint: Endpoint, folder: str = "") -> Checked:
    """ModelFailed, SettingsError."""
    call = Call()
    began = time.perf_counter()
    said = whole(endpoint, [Message("user", prompts.load("check", folder))], call, 200)
    return Checked(
        llm=f"{endpoint.provider}/{endpoint.model}",
        host=endpoint.host,
        said=" ".join(said.split()),
        first=call.first - began,
        seconds=time.perf_counter() - began,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        statement=statement(endpoint),
    )

"""What went wrong with a model, in one sentence, and whether to ask again makes sense.

Told by what the client libraries' errors have in common (a status, headers, their names), so that none of
them needs to be there.
"""

import json
import math
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from . import PROVIDERS, Endpoint, key_of
from .types import Provider

_QUOTED = 160
"""Characters of an endpoint's own message that are shown."""
_TRANSIENT = frozenset((408, 409, 425, 429))


class ModelFailed(Exception):
    """`str()` is a sentence for a person. `again`: another try may go better, in `wait` seconds where the
    endpoint says when. `empty`: it did answer, with nothing."""

    def __init__(
        self, reason: str, *, again: bool = False, wait: float | None = None, empty: bool = False
    ) -> None:
        super().__init__(reason)
        self.again = again
        self.wait = wait
        self.empty = empty


def failure(error: BaseException, endpoint: Endpoint) -> ModelFailed:
    """What an error of a client library means."""
    who = f"{endpoint.provider}/{endpoint.model} at {endpoint.host}"
    if isinstance(error, ModelFailed):
        return error
    chain = list(_chain(error))
    status = next((each.status_code for each in chain if isinstance(_status(each), int)), None)  # type: ignore[attr-defined]
    if status is not None and status >= 400:
        return _refusal(status, error, endpoint, who)
    names = {name for each in chain for cls in type(each).__mro__ for name in (cls.__name__,)}
    if any("Timeout" in name for name in names):
        return ModelFailed(f"{who} was silent for {endpoint.seconds:g} s.", again=True)
    if any("Connect" in name for name in names):
        return ModelFailed(f"{who} cannot be reached.{_remedy(endpoint)}", again=True)
    if any(name in ("RemoteProtocolError", "ReadError", "WriteError", "OSError") for name in names):
        return ModelFailed(f"{who} broke off.", again=True)
    if any(isinstance(each, (json.JSONDecodeError, UnicodeDecodeError)) for each in chain):
        return ModelFailed(f"{who} sent what is no answer.", again=True)
    return ModelFailed(f"{who} failed: {_message(error, endpoint)}", again=False)


def _refusal(status: int, error: BaseException, endpoint: Endpoint, who: str) -> ModelFailed:
    provider: Provider = PROVIDERS[endpoint.provider]
    if status in (401, 403):
        own = provider.variable if endpoint.url == provider.url else None
        return ModelFailed(
            f"{who} refuses the key ({status}). Set {own or 'BYLINE_LLM_KEY'} to one it takes."
        )
    if status == 404:
        return ModelFailed(f"{who} does not have that model, or is no such endpoint (404).")
    if status == 429:
        return ModelFailed(
            f"{who} is too busy, or its quota is used up (429).", again=True, wait=_wait(error)
        )
    if status in _TRANSIENT or status >= 500:
        return ModelFailed(f"{who} failed ({status}).", again=True, wait=_wait(error))
    return ModelFailed(f"{who} refuses the question ({status}): {_message(error, endpoint)}")


def _status(error: BaseException) -> object:
    return getattr(error, "status_code", None)


def _wait(error: BaseException) -> float | None:
    """Seconds of Retry-After, which says seconds or a date (RFC 9110, 10.2.3); None where it says neither."""
    within = error.__context__  # Ollama's client keeps the response there
    response = getattr(error, "response", None) or getattr(within, "response", None)
    headers = getattr(response, "headers", None) or {}
    said = str(headers.get("retry-after", ""))
    try:
        seconds = float(said) if said[:1].isdigit() else parsedate_to_datetime(said).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _message(error: BaseException, endpoint: Endpoint) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    if key := key_of(endpoint):
        words = words.replace(key, "…")
    return words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"


def _remedy(endpoint: Endpoint) -> str:
    return " Start it with: ollama serve" if endpoint.provider == "ollama" else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__

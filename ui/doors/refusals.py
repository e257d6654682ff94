"""What goes wrong, as one sentence and a status, whatever the door says it in."""

import logging
from dataclasses import dataclass

from pydantic import ValidationError

from index.errors import ArticleNotFound, BylineError
from qa import QuestionError
from ui.limits import Busy

log = logging.getLogger(__name__)

FAILED = "Something went wrong; the server's log says what."
LONGEST_VALUE = 60
"""Characters of a wrong value that are said again."""


class Left(Exception):
    """Whoever asked is gone, so that nothing was worked out."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`status` is HTTP's; `field` names what was wrong with the request, where one thing was."""

    status: int
    message: str
    field: str | None = None
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


def refusal_of(error: Exception) -> Refusal:
    """What is said of an error; one that was not meant is logged, and nothing of it leaves the server."""
    match error:
        case ValidationError():
            return _wrong_request(error)
        case Busy():
            return Refusal(429 if error.mine else 503, str(error), retry_after=error.seconds)
        case QuestionError():
            return Refusal(422, str(error))
        case ArticleNotFound():
            return Refusal(404, str(error))
        case BylineError():
            return Refusal(503, str(error))
        case Left():
            return Refusal(499, "The caller has left.")
    log.error("a program could not be answered", exc_info=error)
    return Refusal(500, FAILED)


def _wrong_request(error: ValidationError) -> Refusal:
    """All that is wrong with a request, a sentence for each."""
    found = error.errors(include_url=False, include_context=False)
    if found[0]["type"] == "json_invalid":
        return Refusal(400, f"The body is not JSON: {_said(found[0]['msg'])}.")
    fields = [".".join(map(str, each["loc"])) for each in found]
    sentences = []
    for name, each in zip(fields, found, strict=True):
        value = repr(each["input"])
        short = value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
        if each["type"] == "missing":
            sentences.append(f"{name} is missing.")
        elif each["type"] == "extra_forbidden":
            sentences.append(f"There is no field {name}.")
        elif not name:
            sentences.append(f"It cannot be answered: {_said(each['msg'])}.")
        else:
            sentences.append(f"{name} is {short}: {_said(each['msg'])}.")
    return Refusal(422, " ".join(sentences[:5]), fields[0] or None)


def _said(message: str) -> str:
    """Pydantic's message, to go on after a colon."""
    message = message.removeprefix("Value error, ").removeprefix("Invalid JSON: ").rstrip(".")
    return message if message[:2].isupper() else message[:1].lower() + message[1:]

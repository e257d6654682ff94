"""One question and its answer, as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from qa import Answer, Citation
from ui.render import draft, finished

Rating = Literal["", "like", "dislike"]
RATINGS: tuple[Rating, ...] = ("", "like", "dislike")

INTERRUPTED = "*The server was stopped while this was answered. Please ask again.*"


def now() -> str:
    """The time, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(slots=True)
class Exchange:
    """A question, and what the page shows for it, which grows while the answer streams.

    `answer` is as far as the answer has come, whole once it is no longer `open`, unless `ending` says why it
    ended early, in Markdown. It has no `hits`: no page shows them, and they take more memory than all else of
    a conversation. `shown` is the answer made safe for the page, with its sources below.
    """

    number: int
    question: str
    asked: str = field(default_factory=now)
    answer: Answer = field(default_factory=lambda: Answer("", ""))
    ending: str = ""
    rating: Rating = ""
    shown: str = ""
    open: bool = True

    def grow(self, text: str, citations: Sequence[Citation]) -> None:
        """The answer has come so far."""
        self.answer = Answer(self.question, text, citations=tuple(citations))
        self.shown = draft(text, citations)

    def finish(self, answer: Answer) -> None:
        """The answer is whole."""
        self.answer, self.shown, self.open = replace(answer, hits=()), finished(answer), False

    def close(self, ending: str) -> None:
        """End it before its answer did; what there is of the answer stays."""
        if self.open:
            self.open, self.ending = False, ending
            self.shown = f"{self.shown}\n\n{ending}".strip()

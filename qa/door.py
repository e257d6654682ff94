"""The one-call function: open a library, answer one question, close it again."""

from collections.abc import Sequence
from pathlib import Path

from .assistant import Assistant
from .settings import Settings
from .types import Answer, Turn


def ask(
    question: str,
    *,
    library: str | Path | None = None,
    history: Sequence[Turn] = (),
    settings: Settings | None = None,
) -> Answer:
    """The answer to one question from a library (default: the person's own).

    For several questions keep an `Assistant` open: opening takes longer than answering.
    """
    with Assistant.open(library, settings) as assistant:
        return assistant.ask(question, history)

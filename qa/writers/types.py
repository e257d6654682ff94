"""What a writer is given, and what it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ..cite import Citations
from ..quotes import Quote


@dataclass(frozen=True, slots=True)
class Finding:
    """A question and what was found for it: `quotes` carry the answer, or come nearest where it is to
    `abstain`; `short` is the answer in its fewest words; `confidence` the chance that it is right."""

    question: str
    quotes: Sequence[Quote]
    short: str | None
    confidence: float
    abstain: bool


@dataclass(slots=True)
class Written:
    """What a writer leaves behind besides the text; complete once its pieces have been read."""

    citations: Citations = field(default_factory=Citations)
    short: str | None = None
    notes: list[str] = field(default_factory=list)


Writer = Callable[[Finding, Written], Iterator[str]]
"""Yields the answer's Markdown in pieces."""

"""What a writer is given, and what it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ..cite import Citations
from ..evidence import Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """A question and what was found for it. `ranked` are sentences with the chance that each carries
    the answer, likeliest first; `confidence` is the chance that the first one does."""

    question: str
    ranked: Sequence[tuple[Sentence, float]]
    confidence: float
    abstain: bool
    sentences: int


@dataclass(slots=True)
class Written:
    """What a writer leaves behind besides the text; complete once its pieces have been read."""

    citations: Citations = field(default_factory=Citations)
    short: str | None = None
    notes: list[str] = field(default_factory=list)


Writer = Callable[[Finding, Written], Iterator[str]]
"""Yields the answer's Markdown in pieces."""

"""What a writer is given, and what it is."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from index.snapshot import Snapshot
from index.types import Hit

from ..cite import Citations
from ..models.calling import Call
from ..models.failures import ModelFailed
from ..models.types import Endpoint
from ..quotes import Quote
from ..types import Claim


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model that writes is to read, where it is asked, and for how many `sentences` at most.
    `conversation` is what was said before, `failed` why it could not be asked a moment ago. `always`: it is
    to answer whatever it finds."""

    endpoint: Endpoint
    snapshot: Snapshot
    hits: Sequence[Hit]
    conversation: str
    today: date
    sentences: int
    threads: int = 0
    always: bool = False
    failed: ModelFailed | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A question and what was found for it: `quotes` carry the answer, or come nearest where it is to
    `abstain`; `short` is the answer in its fewest words; `confidence` the chance that it is right."""

    question: str
    quotes: Sequence[Quote]
    short: str | None
    confidence: float
    abstain: bool
    prompts: str = ""
    """The folder of prompts of one's own."""
    reading: Reading | None = None
    """For a model that writes; None where none does."""


@dataclass(slots=True)
class Written:
    """What a writer leaves behind besides the text; complete once its pieces have been read."""

    citations: Citations = field(default_factory=Citations)
    short: str | None = None
    notes: list[str] = field(default_factory=list)
    call: Call = field(default_factory=Call)
    by: str = ""
    """The model that wrote; "" where none did."""
    abstained: bool | None = None
    """What the model said; None where nobody but the weighing did."""
    claims: list[Claim] = field(default_factory=list)
    dropped: int = 0


Writer = Callable[[Finding, Written], Iterator[str]]
"""Yields the answer's Markdown in pieces."""

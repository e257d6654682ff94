"""Settings of asking. Argument > environment (`BYLINE_…`) > `byline.toml` > default."""

from dataclasses import dataclass, field, replace
from typing import Any

from index.errors import SettingsError
from index.settings import IndexSettings, load

from .writers import WRITERS


@dataclass(frozen=True, slots=True)
class Settings:
    """How questions are answered."""

    writer: str = "extractive"
    """How an answer gets written: a name in `qa.writers.WRITERS`."""
    abstain_below: float = 0.33
    """Confidence under which an answer says that it does not know; 0 always answers."""
    hits: int = 10
    """Passages found for an answer."""
    read: int = 5
    """Passages, of those found, whose sentences are weighed and may be quoted."""
    sentences: int = 3
    """Sentences quoted in an answer, at most."""
    question_characters: int = 4000
    """A longer question is refused."""
    index: IndexSettings = field(default_factory=IndexSettings)

    def __post_init__(self) -> None:
        if self.writer not in WRITERS:
            raise SettingsError(f"writer is {self.writer!r}; it must be one of {', '.join(WRITERS)}.")
        if not 0 <= self.abstain_below <= 1:
            raise SettingsError(f"abstain_below is {self.abstain_below!r}; it must be from 0 to 1.")
        for name in ("hits", "read", "sentences", "question_characters"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} is {getattr(self, name)!r}; it must be 1 or more.")

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """From `given` (None means not given), the environment and byline.toml."""
        index = given.pop("index", None) or load(IndexSettings, "index")
        return replace(load(cls, "qa", **given), index=index)

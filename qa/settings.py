"""Settings of asking. Argument > environment (`BYLINE_…`) > `byline.toml` > default."""

from dataclasses import dataclass, field, replace
from typing import Any

import prompts
from index.errors import SettingsError
from index.settings import IndexSettings, load

from . import models
from .writers import WRITERS

_LEAST_READ = 1000
"""Tokens that a model's window must have besides the answer: the rules, the question, a few sentences."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How questions are answered."""

    writer: str = "extractive"
    """How an answer gets written where no model does: a name in `qa.writers.WRITERS`."""
    llm: str = ""
    """The model that writes, as `provider/model` ("ollama/llama3.2"); "" for none."""
    llm_url: str = ""
    """Its address, where it is not the provider's own."""
    llm_context: int = 8192
    """Tokens that it reads and writes at most: evidence is fitted into what is left."""
    llm_answer: int = 800
    """Tokens of an answer at most."""
    llm_seconds: float = 60.0
    """Seconds that it may be silent."""
    prompts: str = ""
    """A folder with prompts of one's own, which take the place of those of the same name."""
    abstain_below: float = 0.2
    """Confidence under which an answer says that it does not know; 0 always answers."""
    hits: int = 20
    """Passages found for an answer."""
    read: int = 10
    """Passages, of those found, that are read and may be quoted; fewer where the first ones are sure."""
    sentences: int = 3
    """Sentences of an answer at most: quoted, or asked of a model, which may write more."""
    question_characters: int = 4000
    """A longer question is refused."""
    index: IndexSettings = field(default_factory=IndexSettings)

    def __post_init__(self) -> None:
        if self.writer not in WRITERS:
            raise SettingsError(f"writer is {self.writer!r}; it must be one of {', '.join(WRITERS)}.")
        if not 0 <= self.abstain_below <= 1:
            raise SettingsError(f"abstain_below is {self.abstain_below!r}; it must be from 0 to 1.")
        for name in ("hits", "read", "sentences", "question_characters", "llm_answer"):
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} is {getattr(self, name)!r}; it must be 1 or more.")
        if not self.llm_seconds > 0:
            raise SettingsError(f"llm_seconds is {self.llm_seconds!r}; it must be more than 0.")
        if self.llm_context < self.llm_answer + _LEAST_READ:
            raise SettingsError(
                f"llm_context is {self.llm_context!r}; with llm_answer {self.llm_answer!r} it must be "
                f"{self.llm_answer + _LEAST_READ:,} or more."
            )
        if self.llm:
            models.named(self.llm)
        if self.llm_url and not self.llm_url.startswith(("http://", "https://")):
            raise SettingsError(f"llm_url is {self.llm_url!r}; it must begin with http:// or https://.")

    @property
    def endpoint(self) -> models.Endpoint | None:
        """The model that writes, with its address; None where none does."""
        if not self.llm:
            return None
        provider, model = models.named(self.llm)
        return models.Endpoint(
            provider=provider,
            model=model,
            url=(self.llm_url or models.PROVIDERS[provider].url).rstrip("/"),
            context=self.llm_context,
            answer=self.llm_answer,
            seconds=self.llm_seconds,
        )

    def check_ready(self) -> None:
        """SettingsError where the model, or the prompts of one's own, cannot be used as things are here."""
        if (endpoint := self.endpoint) is not None:
            models.check_ready(endpoint)
        if self.prompts:
            try:
                prompts.check(self.prompts)
            except LookupError as error:
                raise SettingsError(f"prompts: {error}.") from None

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """From `given` (None means not given), the environment and byline.toml."""
        index = given.pop("index", None) or load(IndexSettings, "index")
        return replace(load(cls, "qa", **given), index=index)

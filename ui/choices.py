"""What a person chose in the settings panel. The browser keeps it, as a cookie, and sends it with a question.

What a cookie says is checked here: anything that cannot be meant is as if it had not been chosen.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from index import Filter
from qa import Settings
from qa.models.choices import choices
from qa.writers import WRITERS
from ui.scope import day_of

COOKIE = "byline-settings"

LENGTHS = {"short": 1, "medium": 3, "long": 6}
"""Sentences of an answer at most: quoted, or asked of a model."""
SOURCES = (3, 5, 10, 20)
"""Passages that are read for an answer."""

LABELS = {"extractive": "Quotations only, no model"}

FRESH = 30.0
"""Seconds for which it holds which models are served on this machine."""


def writers(own: Settings) -> dict[str, str]:
    """Name -> what is to be said of it, of the writers that can be chosen: those without a model, the model
    of the settings, and those that are served on this machine. May take a second."""
    return _writers(own, int(time.monotonic() / FRESH))


@lru_cache(maxsize=2)
def _writers(own: Settings, moment: int) -> dict[str, str]:
    models = {choice.llm: choice.statement for choice in choices(own) if choice.llm}
    return dict.fromkeys(WRITERS, "") | models


@dataclass(frozen=True, slots=True)
class Choices:
    """None is what was not chosen."""

    writer: str | None = None
    length: str | None = None
    sources: int | None = None
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, cookies: Mapping[str, str]) -> "Choices":
        try:
            values = json.loads(unquote(cookies.get(COOKIE, "")))
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(values, dict):
            return cls()
        return cls(
            str(values["writer"]) if values.get("writer") else None,
            _one_of(LENGTHS, values.get("length")),
            _one_of(SOURCES, values.get("sources")),
            day_of(values.get("since")),
            day_of(values.get("until")),
        )

    def settings(self, own: Settings) -> Settings:
        """The library's own settings, with what was chosen; a model only if it can be chosen now."""
        read = self.sources or own.read
        writer, llm = own.writer, own.llm
        if self.writer in WRITERS:
            writer, llm = self.writer, ""
        elif self.writer is not None and self.writer in writers(own):
            llm = self.writer
        return replace(
            own,
            writer=writer,
            llm=llm,
            sentences=LENGTHS[self.length] if self.length else own.sentences,
            read=read,
            hits=max(own.hits, self.sources or 0),
        )

    def days(self) -> Filter | None:
        return Filter.of(self.since, self.until)


def hurried(settings: Settings, share: float) -> Settings:
    """The settings for an answer in a crowd, which reads a share of its passages, and one at least."""
    return replace(settings, read=max(1, round(share * settings.read)))


def options(own: Settings, chosen: Choices) -> dict[str, Any]:
    """What the settings panel offers, and what holds now."""
    now = chosen.settings(own)
    found = writers(own)
    return {
        "writers": {name: LABELS.get(name, name) for name in found},
        "statements": {name: statement for name, statement in found.items() if statement},
        "lengths": LENGTHS,
        "sources": sorted({*SOURCES, own.read}),
        "now": {
            "writer": now.llm or now.writer,
            "length": min(LENGTHS, key=lambda name: abs(LENGTHS[name] - now.sentences)),
            "sources": now.read,
            "since": chosen.since and chosen.since.isoformat(),
            "until": chosen.until and chosen.until.isoformat(),
        },
    }


def _one_of(known: Any, value: Any) -> Any:
    return value if isinstance(value, str | int) and value in known else None

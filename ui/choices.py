"""What a person chose in the settings panel. The browser keeps it, as a cookie, and sends it with a question.

What a cookie says is checked here: anything that cannot be meant is as if it had not been chosen.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import unquote

from index import Filter
from qa import Settings
from qa.writers import WRITERS
from ui.scope import day_of

COOKIE = "byline-settings"

LENGTHS = {"short": 1, "medium": 3, "long": 6}
"""Sentences quoted in an answer, at most."""
SOURCES = (3, 5, 10, 20)
"""Passages that are read for an answer."""

LABELS = {"extractive": "Quotations only, no model"}


def writers() -> dict[str, str]:
    """Name -> what it is called, of the writers that can be chosen."""
    return {name: LABELS.get(name, name) for name in WRITERS}


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
            _one_of(writers(), values.get("writer")),
            _one_of(LENGTHS, values.get("length")),
            _one_of(SOURCES, values.get("sources")),
            day_of(values.get("since")),
            day_of(values.get("until")),
        )

    def settings(self, own: Settings) -> Settings:
        """The library's own settings, with what was chosen."""
        read = self.sources or own.read
        return replace(
            own,
            writer=self.writer or own.writer,
            sentences=LENGTHS[self.length] if self.length else own.sentences,
            read=read,
            hits=max(own.hits, read),
        )

    def days(self) -> Filter | None:
        return Filter.of(self.since, self.until)


def options(own: Settings, chosen: Choices) -> dict[str, Any]:
    """What the settings panel offers, and what holds now."""
    now = chosen.settings(own)
    return {
        "writers": writers(),
        "lengths": LENGTHS,
        "sources": sorted({*SOURCES, own.read}),
        "now": {
            "writer": now.writer,
            "length": min(LENGTHS, key=lambda name: abs(LENGTHS[name] - now.sentences)),
            "sources": now.read,
            "since": chosen.since and chosen.since.isoformat(),
            "until": chosen.until and chosen.until.isoformat(),
        },
    }


def _one_of(known: Any, value: Any) -> Any:
    return value if isinstance(value, str | int) and value in known else None

"""What a conversation is about: chosen articles, sites, or days. As JSON, as a filter, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index import Filter
from index.days import readable

MAX_CHOSEN = 2_000
"""Articles or sites that a scope may name."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Restrictions that all have to hold; empty ones do not restrict."""

    articles: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, values: Any) -> "Scope":
        """From JSON's values; what cannot be meant restricts nothing."""
        if not isinstance(values, Mapping):
            return cls()
        return cls(
            _texts(values.get("articles")),
            _texts(values.get("sites")),
            day_of(values.get("since")),
            day_of(values.get("until")),
        )

    def values(self) -> dict[str, Any]:
        """As JSON's values, without what does not restrict."""
        found = {
            "articles": list(self.articles),
            "sites": list(self.sites),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
        }
        return {name: value for name, value in found.items() if value}

    def filter(self) -> Filter | None:
        return Filter.of(self.since, self.until, self.sites or None, self.articles or None)

    def words(self) -> str:
        """ "3 articles · The Harbour Post · since 1 May 2025"; empty where nothing is restricted."""
        parts = []
        if self.articles:
            parts.append("1 article" if len(self.articles) == 1 else f"{len(self.articles):,} articles")
        if self.sites:
            parts.append(self.sites[0] if len(self.sites) == 1 else f"{len(self.sites):,} sites")
        parts += days_in_words(self.since, self.until)
        return " · ".join(parts)


def days_in_words(since: date | None, until: date | None) -> list[str]:
    """["since 1 May 2025"], ["until …"], ["from … to …"] or []."""
    if since and until:
        return [f"from {readable(since)} to {readable(until)}"]
    if since or until:
        return [f"since {readable(since)}" if since else f"until {readable(until or date.max)}"]
    return []


def day_of(text: object) -> date | None:
    """The day that "2025-05-01" names; None where it names none."""
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, Sequence) or isinstance(values, str):
        return ()
    return tuple(str(value) for value in values[:MAX_CHOSEN])

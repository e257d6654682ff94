"""Days of publication, and those of which only the month or the year is known."""

from datetime import date
from typing import Any


class PartialDate(date):
    """A date known to the month, or to the year only; `known` is (year, month or None).

    As a date it is the first day of that time: it sorts, and is filtered, as that. `str` and `isoformat`
    give what is known, as ISO 8601 does: "2023-03", "2023".
    """

    known: tuple[int, int | None]

    def __new__(cls, year: int, month: int | None = None) -> "PartialDate":
        made = super().__new__(cls, year, month or 1, 1)
        made.known = (year, month)
        return made

    def isoformat(self) -> str:
        year, month = self.known
        return f"{year:04}" if month is None else f"{year:04}-{month:02}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.known


def from_iso(text: str) -> date:
    """The day that `isoformat` gave: "2023-03-09", "2023-03" or "2023"."""
    known = text.split("-")
    return date.fromisoformat(text) if len(known) == 3 else PartialDate(*map(int, known))


def readable(day: date) -> str:
    """`14 March 2025`, `March 2025` or `2025`."""
    if not isinstance(day, PartialDate):
        return f"{day.day} {day:%B} {day.year}"
    year, month = day.known
    return str(year) if month is None else f"{day:%B} {year}"

"""The list of a library's articles: chosen, sorted, shown as a table."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.reading import Listed

SORTS = ("title", "published", "site", "passages", "source", "id")


def select(
    rows: "Sequence[Listed]",
    *,
    sort: str = "title",
    reverse: bool = False,
    site: str | None = None,
    match: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    stale: bool = False,
    copies: bool = False,
) -> "list[Listed]":
    """The articles that meet every condition, sorted; those without the value sorted by come last."""

    def meets(row: "Listed") -> bool:
        text = " ".join((row.title, *row.authors, row.source, row.id)).casefold()
        return (
            (site is None or (row.site or "").casefold() == site.casefold())
            and (match is None or match.casefold() in text)
            and (since is None or (row.published is not None and row.published >= since.date()))
            and (until is None or (row.published is not None and row.published <= until.date()))
            and (not stale or row.stale)
            and (not copies or row.copy_of is not None)
        )

    chosen = sorted((row for row in rows if meets(row)), key=lambda row: row.id)
    having = [row for row in chosen if getattr(row, sort) not in (None, "")]
    lacking = [row for row in chosen if getattr(row, sort) in (None, "")]
    return sorted(having, key=lambda row: _order(getattr(row, sort)), reverse=reverse) + lacking


def listing_text(rows: "Sequence[Listed]") -> str:
    """One line an article: id, date, language, title, authors, site, and what is out of the ordinary."""
    table = [("id", "published", "lang", "title", "author", "site", "")]
    for row in rows:
        notes = [f"copy of {row.copy_of}"] if row.copy_of else []
        notes += ["stale"] if row.stale else []
        table.append(
            (
                _cell(row.id, 24),
                str(row.published or ""),
                _cell(row.language or "", 5),
                _cell(row.title, 56),
                _cell(", ".join(row.authors), 24),
                _cell(row.site or "", 24),
                ", ".join(notes),
            )
        )
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table]
    return "\n".join(line.rstrip() for line in lines)


def _cell(text: str, width: int) -> str:
    """`text` on one line, without controls, cut at `width` characters."""
    line = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return line if len(line) <= width else line[: width - 1] + "…"


def _order(value: str | int | date) -> str | int | date:
    return value.casefold() if isinstance(value, str) else value

"""How many articles were published when: bars by month, as SVG, and the same as a table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape

from index.days import PartialDate

MOST_BARS = 120
"""With more months than this, a bar is a year."""
WIDTH, HEIGHT = 720, 150
_FLOOR, _CEILING, _LEFT = 126, 18, 34

Bar = tuple[str, int]
"""What it stands for, such as "March 2025", and how many."""


def by_time(days: Iterable[date | None]) -> list[Bar]:
    """The months from the first to the last, those without articles as well, or the years; a day of which
    only the year is known is in no month."""
    known = [day for day in days if day is not None and not _of_year_only(day)]
    if not known:
        return []
    months = Counter((day.year, day.month) for day in known)
    first, last = min(months), max(months)
    spanned = list(_months(first, last))
    if len(spanned) <= MOST_BARS:
        return [(f"{date(year, month, 1):%B} {year}", months[year, month]) for year, month in spanned]
    years = Counter(day.year for day in known)
    return [(str(year), years[year]) for year in range(first[0], last[0] + 1)]


def unit_of(bars: Sequence[Bar]) -> str:
    """What each bar stands for: "month" or "year"."""
    return "year" if bars[0][0].isdecimal() else "month"


def svg(bars: Sequence[Bar]) -> str:
    """The bars, with the first and last time below and the highest number beside them. Nothing in it is
    styled here: the page's style sheet does that."""
    highest = max(count for _, count in bars)
    width = (WIDTH - _LEFT) / len(bars)
    gap = min(2.0, width * 0.2)
    parts = [
        f'<line x1="{_LEFT}" y1="{_FLOOR}" x2="{WIDTH}" y2="{_FLOOR}"/>',
        f'<text x="{_LEFT - 6}" y="{_CEILING + 5}" text-anchor="end">{highest:,}</text>',
        f'<text x="{_LEFT - 6}" y="{_FLOOR}" text-anchor="end">0</text>',
        f'<text x="{_LEFT}" y="{_FLOOR + 17}">{bars[0][0]}</text>',
    ]
    if len(bars) > 1:
        parts.append(f'<text x="{WIDTH}" y="{_FLOOR + 17}" text-anchor="end">{bars[-1][0]}</text>')
    for place, (name, count) in enumerate(bars):
        if count:
            high = (_FLOOR - _CEILING) * count / highest
            parts.append(
                f'<rect x="{_LEFT + place * width + gap / 2:.1f}" y="{_FLOOR - high:.1f}" '
                f'width="{min(width - gap, 40):.1f}" height="{high:.1f}"><title>{name}: {count:,}</title>'
                "</rect>"
            )
    label = escape(f"Articles by time, {bars[0][0]} to {bars[-1][0]}, {highest} at most")
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _months(first: tuple[int, int], last: tuple[int, int]) -> Iterator[tuple[int, int]]:
    for number in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]):
        yield number // 12, number % 12 + 1


def _of_year_only(day: date) -> bool:
    return isinstance(day, PartialDate) and day.known[1] is None

"""Articles by month."""

import re
from datetime import date

from index.days import PartialDate
from ui.plot import by_time, svg, unit_of


def test_months_without_articles_are_there_too() -> None:
    days = [
        date(2024, 11, 3),
        date(2025, 1, 1),
        date(2025, 1, 31),
        None,
        PartialDate(2025, 1),
        PartialDate(2020),
    ]
    assert by_time(days) == [("November 2024", 1), ("December 2024", 0), ("January 2025", 3)]
    assert by_time([None, PartialDate(2020)]) == []


def test_over_many_years_a_bar_is_a_year() -> None:
    bars = by_time([date(2001, 5, 1), date(2012, 5, 1), date(2012, 6, 1)])
    assert (bars[0], bars[-1], len(bars)) == (("2001", 1), ("2012", 2), 12)
    assert (unit_of(bars), unit_of(by_time([date(2001, 5, 1)]))) == ("year", "month")


def test_bars_are_as_high_as_their_numbers() -> None:
    drawn = svg([("May", 1), ("June", 0), ("July", 4)])
    high = [float(each) for each in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert len(high) == 2 and high[1] == 4 * high[0]
    assert "<title>July: 4</title>" in drawn and "style" not in drawn

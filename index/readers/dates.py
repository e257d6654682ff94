"""Dates as sources write them, to `datetime.date`; what is not plainly a date is None, never a guess."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from ..days import PartialDate

_FIRST_YEAR = 1000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{_MONTH_NAMES})\.?"
_YEAR = r"(?P<year>\d{4})"
# A time of day is recognised in order to be left out: the date is the one that the writer saw.
_TIME = r"(?:(?:\s*T|,?\s+(?:at\s+)?)\d{1,2}:\d{2}[\w\s:.,+()-]{0,40})?"

_FORMS = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"{_YEAR}",
        rf"{_YEAR}-(?P<month>\d{{2}})",
        rf"{_MONTH},?\s+{_YEAR}",
        rf"{_YEAR}(?P<separator>[-/.])(?P<month>\d{{1,2}})(?P=separator)(?P<day>\d{{1,2}}){_TIME}",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})(?:T\d{{4,6}}Z?)?",
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH},?[\s-]+{_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_TIME}",
    )
]


def parse_date(value: object) -> date | None:
    """The calendar day of a date, a datetime, or a string in ISO 8601, RFC 2822 or English words.

    `2023/03/09` and `2023.03.09` are read too. `03/04/2023` is None: it names two days. Where only the
    month or the year is given, that is a PartialDate.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value if value.year >= _FIRST_YEAR else None
    if isinstance(value, int) and not isinstance(value, bool):  # front matter and JSON have years as numbers
        value = str(value) if len(str(value)) == len("2023") else None
    if not isinstance(value, str):
        return None
    text = value.strip()
    for form in _FORMS:
        if found := form.fullmatch(text):
            try:
                return _day(found.groupdict())
            except ValueError:  # the 30th of February
                return None
    return None


def _day(found: Mapping[str, str]) -> date:
    year = int(found["year"])
    if year < _FIRST_YEAR:
        raise ValueError(f"{year} is no year")
    if "month" not in found:
        return PartialDate(year)
    month = _month_number(found["month"])
    return date(year, month, int(found["day"])) if "day" in found else PartialDate(year, month)


def _month_number(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1

"""The time that a question is about: "last week", "in March 2023", "since 2021", "the latest".

Phrases are found here, and read by dateparser. English only.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_YEAR = r"(?:19|20)\d\d\b"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_UNIT = r"(?:day|week|fortnight|month|year)s?\b"
_NUMBER = r"(?:\d{1,3}|an?|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_CALENDAR = (
    r"(?:\d{4}-\d\d(?:-\d\d)?\b"
    rf"|(?:the )?(?:{_DAY} (?:of )?)?{_MONTH}(?: {_DAY})?(?:,? {_YEAR})?"
    rf"|(?:the year )?{_YEAR})"
)
_RELATIVE = (
    rf"(?:yesterday|today|(?:last|this) (?:week|month|year|{_WEEKDAY})(?! of\b)"
    rf"|{_NUMBER} {_UNIT} ago)"
)
_PART = r"(?:(?:early|mid|late|spring|summer|autumn|winter|the (?:beginning|start|end))[ -](?:in |of )?)?"
_SIDES = r"since|after|before|until|till|by|up to|prior to|in|on|during|as of|at|of|for|throughout"


def _moment(name: str) -> str:
    """A pattern whose group of that name is a time that dateparser reads."""
    return rf"{_PART}(?P<{name}>{_CALENDAR}|{_RELATIVE})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_BETWEEN = _pattern(rf"\b(?:between|from) {_moment('first')} (?:and|to|until|till) {_moment('last')}")
_PAST = _pattern(rf"\b(?:the )?(?:last|past) (?P<number>{_NUMBER} |few |couple of )?(?P<unit>{_UNIT})")
_SIDED = _pattern(rf"\b(?P<side>{_SIDES}) {_moment('moment')}")
_AGO = _pattern(rf"\b(?P<moment>{_RELATIVE})")
_NOW = _pattern(
    r"\b(latest|newest|(?:most )?recent(?:ly)?|current(?:ly)?|now|present(?:ly|-day)?|at the moment|nowadays"
    r"|these days|to date|so far)\b"
)
_NO_TIME = _pattern(r"\bpresent(?=ed|s\b| (?:to|at|for|when|a|the)\b)|\bcurrents?\b(?= (?:of|in the)\b)")
_MAY = re.compile(r"\bmay\b(?! \d)")
"""The verb, which a month's name never is without its capital or a number behind it."""
_FEW = {"few ": "3 ", "couple of ": "2 "}


@dataclass(frozen=True, slots=True)
class When:
    """The days that a question is about, both inclusive, None where open.

    `now`: it asks how things stand, so the newest article knows best. `strict`: the days are told by today's
    ("last week"), so that they are those of the articles; "in 2013" may be a day that articles tell of.
    """

    since: date | None = None
    until: date | None = None
    now: bool = False
    strict: bool = False

    def holds(self, published: date | None) -> bool | None:
        """Whether a day is among them; None where either is unknown."""
        if published is None or (self.since is None and self.until is None):
            return None
        return (self.since or date.min) <= published <= (self.until or date.max)


def when(question: str, today: date) -> When | None:
    """The time that a question names; None where it names none."""
    days = _days(question, today)
    now = _NOW.search(_NO_TIME.sub("", question)) is not None
    if days is None:
        return When(now=True) if now else None
    since, until, strict = days
    return When(since, until, now, strict)


def _days(question: str, today: date) -> tuple[date | None, date | None, bool] | None:
    question = _MAY.sub("might", question)
    if match := _BETWEEN.search(question):
        first, last = _span(match["first"], today), _span(match["last"], today)
        if first and last and first[0] <= last[1]:
            return first[0], last[1], False
    match = _PAST.search(question)
    if match and (match["number"] or match["unit"].lower().endswith("s")):
        number = (match["number"] or "few ").lower()
        began = _span(f"{_FEW.get(number, number)}{match['unit']} ago", today)
        return (began[0], today, True) if began else None
    for match in _SIDED.finditer(question):
        span = _span(match["moment"], today)
        if span is None:
            continue
        relative = _AGO.fullmatch(match["moment"]) is not None
        side = match["side"].lower()
        if side in ("since", "after"):
            return (span[0] if side == "since" else span[1] + timedelta(days=1)), None, relative
        if side in ("before", "prior to"):
            return None, span[0] - timedelta(days=1), relative
        if side in ("until", "till", "by", "up to"):
            return None, span[1], relative
        return *span, relative
    match = _AGO.search(question)
    span = _span(match["moment"], today) if match else None
    return (*span, True) if span else None


def _span(moment: str, today: date) -> tuple[date, date] | None:
    """First and last day of "March 2023", "last week", "5 May"; None where it is no time at all."""
    base = datetime(today.year, today.month, today.day, 12)
    found = _parser(base).get_date_data(moment)
    if found.date_obj is None:
        return None
    day = found.date_obj.date()
    if found.period == "week":
        day -= timedelta(days=day.weekday())
        return day, day + timedelta(days=6)
    if found.period == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if found.period == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    return day, day


@cache
def _parser(base: datetime) -> Any:
    from dateparser.date import DateDataParser

    return DateDataParser(
        languages=["en"],
        settings={"PREFER_DATES_FROM": "past", "RELATIVE_BASE": base, "PREFER_DAY_OF_MONTH": "first"},
    )

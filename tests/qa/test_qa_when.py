"""The time that a question is about."""

from datetime import date

import pytest

from qa.when import When, when

TODAY = date(2026, 11, 25)  # a Wednesday


def days(since: str | None, until: str | None, strict: bool = False, now: bool = False) -> When:
    return When(
        (since and date.fromisoformat(since)) or None,
        (until and date.fromisoformat(until)) or None,
        now,
        strict,
    )


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What happened last week?", days("2026-11-16", "2026-11-22", strict=True)),
        ("Who won this week?", days("2026-11-23", "2026-11-29", strict=True)),
        ("What was yesterday's news?", days("2026-11-24", "2026-11-24", strict=True)),
        ("What happened today?", days("2026-11-25", "2026-11-25", strict=True)),
        ("Who resigned last month?", days("2026-10-01", "2026-10-31", strict=True)),
        ("Who resigned this year?", days("2026-01-01", "2026-12-31", strict=True)),
        ("What closed last Monday?", days("2026-11-23", "2026-11-23", strict=True)),
        ("Who spoke three days ago?", days("2026-11-22", "2026-11-22", strict=True)),
        ("What changed in the past 3 days?", days("2026-11-22", "2026-11-25", strict=True)),
        ("What changed in the last couple of days?", days("2026-11-23", "2026-11-25", strict=True)),
        ("Who won in March 2023?", days("2023-03-01", "2023-03-31")),
        ("Who won in mid-March 2023?", days("2023-03-01", "2023-03-31")),
        ("Who won in March?", days("2026-03-01", "2026-03-31")),
        ("Who won in December?", days("2025-12-01", "2025-12-31")),
        ("Who won in May?", days("2026-05-01", "2026-05-31")),
        ("Who won on 5 May 2023?", days("2023-05-05", "2023-05-05")),
        ("Who won on May 5th, 2023?", days("2023-05-05", "2023-05-05")),
        ("Who won on 2023-05-05?", days("2023-05-05", "2023-05-05")),
        ("Who won in 2024?", days("2024-01-01", "2024-12-31")),
        ("Who won in February 2024?", days("2024-02-01", "2024-02-29")),
        ("What has changed since March 2023?", days("2023-03-01", None)),
        ("What changed after March 2023?", days("2023-04-01", None)),
        ("What was known before 2021?", days(None, "2020-12-31")),
        ("What was known by January 2025?", days(None, "2025-01-31")),
        ("What was known until 3 January 2025?", days(None, "2025-01-03")),
        ("What happened between May 2023 and July 2024?", days("2023-05-01", "2024-07-31")),
        ("What was built from 1990 to 1995?", days("1990-01-01", "1995-12-31")),
        ("Who is the current coach?", days(None, None, now=True)),
        ("What is the latest on the bridge?", days(None, None, now=True)),
        ("What is the latest this week?", days("2026-11-23", "2026-11-29", strict=True, now=True)),
    ],
)
def test_a_time_that_is_named_is_found(question: str, found: When) -> None:
    assert when(question, TODAY) == found


@pytest.mark.parametrize(
    "question",
    [
        "Who marched in the parade?",
        "What may happen next?",
        "Who was present at the meeting?",
        "Who presented the plan?",
        "How fast are the currents of the sound?",
        "What happened in the last year of the war?",
        "Who sang in the 1990s?",
        "Who ran for 2 hours?",
        "Who was born on 2023-04-31?",
        "What was said between Ada and Bo?",
        "Who was second in line?",
        "",
    ],
)
def test_a_question_without_a_time_has_none(question: str) -> None:
    assert when(question, TODAY) is None


def test_a_day_is_among_them_or_not_or_nobody_knows() -> None:
    may = days("2023-05-01", "2023-05-31")
    assert may.holds(date(2023, 5, 1)) and may.holds(date(2023, 5, 31))
    assert may.holds(date(2023, 4, 30)) is False and may.holds(date(2023, 6, 1)) is False
    assert may.holds(None) is None
    assert days("2023-05-01", None).holds(date(2030, 1, 1))
    assert days(None, "2023-05-01").holds(date(1900, 1, 1))
    assert days(None, None, now=True).holds(date(2023, 5, 1)) is None

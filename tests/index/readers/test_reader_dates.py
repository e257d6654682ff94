from datetime import UTC, date, datetime

import pytest

from index.readers.dates import parse_date


@pytest.mark.parametrize(
    "value",
    [
        date(2023, 3, 9),
        datetime(2023, 3, 9, 23, 59, tzinfo=UTC),
        "2023-03-09",
        " 2023-3-9 ",
        "20230309",
        "20230309T101500Z",
        "2023-03-09T10:15:00Z",
        "2023-03-09T23:15:00.123-08:00",
        "2023-03-09 10:15",
        "2023-03-09 10:15:00 +0100",
        "2023/03/09",
        "2023.03.09",
        "9 March 2023",
        "9th March 2023",
        "09 Mar 2023",
        "9-Mar-2023",
        "March 9, 2023",
        "Mar. 9th 2023",
        "MARCH 9, 2023, 10:15 a.m.",
        "Thursday, 9 March 2023",
        "Thursday, March 9, 2023 at 10:15",
        "Thu, 09 Mar 2023 10:15:00 +0100",
        "Thu, 09 Mar 2023 10:15:00 GMT",
        "9 Mar 2023 10:15:00 +0000 (UTC)",
    ],
    ids=str,
)
def test_dates_that_are_plain(value: object) -> None:
    assert parse_date(value) == date(2023, 3, 9)


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("2023-03", "2023-03"),
        ("March 2023", "2023-03"),
        ("Sept. 2023", "2023-09"),
        ("2023", "2023"),
        (2023, "2023"),
    ],
)
def test_dates_that_are_known_in_part(value: object, known: str) -> None:
    assert str(parse_date(value)) == known


@pytest.mark.parametrize(("value", "month"), [("1 September 1955", 9), ("1 Sept 1955", 9), ("1 May 1955", 5)])
def test_months_by_name(value: str, month: int) -> None:
    assert parse_date(value) == date(1955, month, 1)


@pytest.mark.parametrize(
    "value",
    [
        "03/04/2023",
        "3.4.2023",
        "13/04/2023",
        "2023-02-30",
        "2023-13-01",
        "2023-13",
        "23",
        "0007",
        202,
        "0000-01-01",
        "2023-03/09",
        "30 February 2023",
        "9 Smarch 2023",
        "2023-03-09 banana",
        "published 2023-03-09",
        "yesterday",
        "today",
        "now",
        "",
        "٢٠٢٣-٠٣-٠٩",
        1678320000,
        20230309,
        True,
        None,
        ["2023-03-09"],
    ],
    ids=repr,
)
def test_what_is_not_plainly_a_date_is_none(value: object) -> None:
    assert parse_date(value) is None

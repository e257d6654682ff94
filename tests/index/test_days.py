import copy
import json
import pickle
from dataclasses import asdict
from datetime import date

import pytest

from index.days import PartialDate, from_iso, readable
from index.types import Article

DAYS = {
    "2023-03-09": date(2023, 3, 9),
    "2023-03": PartialDate(2023, 3),
    "2023": PartialDate(2023),
    "0987": PartialDate(987),
}


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_is_written_and_read_back(text: str, day: date) -> None:
    assert str(day) == day.isoformat() == text
    assert from_iso(text) == day
    assert str(from_iso(text)) == text


@pytest.mark.parametrize("day", DAYS.values(), ids=str)
def test_copies_know_as_much(day: date) -> None:
    assert str(copy.deepcopy(day)) == str(pickle.loads(pickle.dumps(day))) == str(day)
    article = Article("1", "Rome", "It rained.", "rome.txt", published=day)
    assert json.loads(json.dumps(asdict(article), default=str))["published"] == str(day)


def test_it_sorts_as_the_first_day_of_its_time() -> None:
    days = [PartialDate(2024), date(2023, 3, 2), PartialDate(2023, 3), PartialDate(2023)]
    assert sorted(days) == [PartialDate(2023), PartialDate(2023, 3), date(2023, 3, 2), PartialDate(2024)]
    assert sorted(map(str, days)) == list(map(str, sorted(days)))


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2023, 3, 9), "9 March 2023"), (PartialDate(2023, 3), "March 2023"), (PartialDate(2023), "2023")],
)
def test_people_read_what_is_known(day: date, words: str) -> None:
    assert readable(day) == words

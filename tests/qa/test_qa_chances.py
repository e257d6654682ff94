"""How likely a short answer is right, and which hits hold it."""

import json
import math
from importlib.resources import files

import pytest

from index.types import Article, Hit
from qa.candidates import Candidate
from qa.chances import HOLDS, PICKS, RIGHT, chance, holds, picked, picks, right
from qa.reader import Reading, Span

TEXT = "It was Ada Lind."
PASSAGE = Article("a", "T", TEXT, "a.txt").passage(0, len(TEXT))
HITS = [Hit(PASSAGE, 0.8), Hit(PASSAGE, 0.3)]
READINGS = [Reading(0.0, (Span(7, 15, 2.0),)), Reading(1.0, ())]
ADA = Candidate("Ada Lind", 3.0, ((0, 7, 15),), math.log(0.4 / 0.6), 0.75)
OTHER = Candidate("It", 1.0, ((0, 0, 2), (1, 0, 2)), share=0.25)


def squashed(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def test_the_features_of_being_right() -> None:
    found = dict(zip(RIGHT, right("Who was it?", [ADA, OTHER], HITS, READINGS), strict=True))
    assert found == pytest.approx(
        {
            "bias": 1,
            "share": 0.75,
            "lead": 0.5,
            "span": squashed(2),
            "odds": 0.5,
            "most odds": squashed(1),
            "found": 0.8,
            "sentence": 0.4,
            "kind": 1,
            "no kind": 0,
            "length": math.log(3),
        }
    )


def test_the_only_candidate_leads_by_all_of_its_share() -> None:
    assert right("Who?", [ADA], HITS, READINGS)[RIGHT.index("lead")] == 0.75


@pytest.mark.parametrize(
    ("question", "kind", "no_kind"),
    [("Who was it?", 1, 0), ("Who was Ada Lind?", 0, 0), ("How many?", 0, 0), ("Why?", 0, 1)],
)
def test_whether_the_answer_is_of_the_kind_that_is_asked_for(question: str, kind: int, no_kind: int) -> None:
    found = dict(zip(RIGHT, right(question, [ADA], HITS, READINGS), strict=True))
    assert (found["kind"], found["no kind"]) == (kind, no_kind)


def test_the_features_of_a_candidate_among_the_others() -> None:
    twice = Candidate("the smith Ada Lind", 2.5, ((0, 0, 2), (1, 0, 2)), sentence=-0.5)
    found = dict(zip(PICKS, picks("Who was the smith?", twice), strict=True))
    assert found == pytest.approx({"pooled": 2.5, "sentence": -0.5, "echo": 0.5, "length": math.log(5)})


def test_shares_are_a_softmax_over_weighed_features_the_likeliest_first() -> None:
    ada, bo = Candidate("Ada Lind", 1.0, ((0, 7, 15),)), Candidate("Bo Sand", 0.0, ((0, 28, 35),), 2.0)
    alone = [1.0, *[0.0] * (len(PICKS) - 1)]
    assert [each.text for each in picked("Why?", [bo, ada], alone)] == ["Ada Lind", "Bo Sand"]
    both = [1.0, 1.0, *[0.0] * (len(PICKS) - 2)]
    first, second = picked("Why?", [ada, bo], both)
    assert first.text == "Bo Sand" and first.share == pytest.approx(math.e / (math.e + 1))
    assert first.share + second.share == pytest.approx(1)
    assert picked("Why?", []) == []


def test_the_features_of_holding_the_answer() -> None:
    first, second = (dict(zip(HOLDS, row, strict=True)) for row in holds([ADA, OTHER], HITS, READINGS))
    assert first == pytest.approx(
        {"bias": 1, "found": 0.8, "rank": 1, "odds": 0.5, "span": squashed(2), "share": 1.0}
    )
    assert second == pytest.approx(
        {"bias": 1, "found": 0.3, "rank": 0.5, "odds": squashed(1), "span": squashed(-20), "share": 0.25}
    )


def test_the_shipped_weights_fit_their_features_and_say_what_they_are_from() -> None:
    shipped = json.loads((files("qa") / "calibration.json").read_text("utf-8"))
    assert [len(shipped[model]) for model in ("picks", "right", "holds")] == [
        len(PICKS),
        len(RIGHT),
        len(HOLDS),
    ]
    assert shipped["from"]


def test_a_surer_reader_makes_likelier_answers_and_hits() -> None:
    unsure, sure = ([Reading(odds, (Span(7, 15, odds),))] for odds in (-4.0, 4.0))
    chances = [chance("right", right("Who?", [ADA], HITS[:1], each)) for each in (unsure, sure)]
    assert 0 < chances[0] < chances[1] < 1
    held = [chance("holds", holds([ADA], HITS[:1], each)[0]) for each in (unsure, sure)]
    assert 0 < held[0] < held[1] < 1

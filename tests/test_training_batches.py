"""Batches that training is given, and what it makes of several passages put to one question."""

import math

import pytest
import torch

from training.examples import CLS, SEP, Input
from training.train import TOGETHER, among, batches


def of(question: int, length: int) -> Input:
    """A question of one word piece, over a passage that answers with its first one."""
    head = [CLS, question, SEP]
    return Input([*head, *range(2000, 2000 + length), SEP], len(head), ((3, 3, 1.0),), len(head))


def test_a_question_and_all_its_passages_are_in_one_batch_whatever_their_lengths() -> None:
    inputs = [of(question, length) for length in (20, 90, 200) for question in range(1000, 1024)]
    found = list(batches(inputs))
    assert found
    for ids, *_, asked in found:
        questions = ids[:, 1].tolist()
        assert all(questions.count(each) == 3 for each in questions)
        assert [questions[number] for number in asked] == questions


def test_a_question_asked_of_very_many_passages_fills_no_batch_alone() -> None:
    found = [asked for *_, asked in batches([of(1000, 200)] * (10 * TOGETHER))]
    assert found and all(len(asked) <= 3_072 // 224 + TOGETHER for asked in found)


def test_passages_are_told_apart_by_the_odds_of_those_beside_them() -> None:
    answered, asked = torch.tensor([True, False, False, True]), torch.tensor([0, 0, 2, 3])

    def loss(*odds: float) -> float:
        return among(torch.tensor(odds), answered, asked).item()

    assert loss(1.0, 1.0, 9.0, -9.0) == pytest.approx(math.log(2))
    assert loss(9.0, -9.0, 0.0, 0.0) < 1e-6
    assert loss(-9.0, 9.0, 0.0, 0.0) == pytest.approx(18.0, abs=1e-3)


def test_where_nothing_stands_beside_an_answer_there_is_nothing_to_learn() -> None:
    odds = torch.tensor([1.0, 2.0], requires_grad=True)
    assert among(odds, torch.tensor([True, False]), torch.tensor([0, 1])).item() == 0

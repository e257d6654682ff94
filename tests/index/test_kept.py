"""Vectors that are kept."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from index.embed import Vectors
from index.kept import Kept


class Lengths:
    """An encoder: a text's length, and how often it has encoded."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_rows_are_those_of_the_texts_in_their_order_kept_or_not() -> None:
    encode = Lengths()
    kept = Kept(encode, 10)
    assert kept(["bb", "a", "bb"]).tolist() == [[2, 1], [1, 1], [2, 1]]
    assert kept(["a", "ccc", "bb"]).tolist() == [[1, 1], [3, 1], [2, 1]]
    assert encode.encoded == ["bb", "a", "ccc"]


def test_those_not_asked_for_longest_are_given_up() -> None:
    encode = Lengths()
    kept = Kept(encode, 2)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        kept([text])
    assert encode.encoded == ["a", "bb", "ccc", "bb"]


def test_more_at_once_than_are_kept_are_all_answered() -> None:
    encode = Lengths()
    kept = Kept(encode, 3)
    assert kept([str(10**n) for n in range(9)])[:, 0].tolist() == list(range(1, 10))
    kept(["1000000", "10000000", "100000000"])
    assert len(encode.encoded) == 9


def test_no_texts_have_no_rows() -> None:
    assert len(Kept(Lengths(), 3)([])) == 0


def test_what_is_kept_holds_nothing_else() -> None:
    kept = Kept(lambda texts: np.zeros((len(texts), 384), dtype=np.float32), 1)
    kept(["a", "b", "c"])
    (row,) = kept._vectors.values()
    assert row.base is None


def test_threads_share_what_is_kept() -> None:
    kept = Kept(Lengths(), 20)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: kept(["x" * (n % 40)] * 3)[0, 0], range(2000)))
    assert found == [n % 40 for n in range(2000)]
    assert len(kept._vectors) == 20

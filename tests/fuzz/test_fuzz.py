"""A few hundred made-up contents for each reader, the same ones each time; `make fuzz` tries 20,000."""

import pytest

from tests.fuzz.harness import KINDS, fuzz, look_at_reason

INPUTS = 150


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_read_is_an_article_or_one_line(kind: str) -> None:
    tally = fuzz(kind, INPUTS, repeatable=True)
    assert tally.inputs >= INPUTS
    assert tally.read > INPUTS // 20


@pytest.mark.parametrize("reason", ["", "two\nlines", "a\x1b[31m", "x" * 401])
def test_a_reason_that_is_no_line_is_found(reason: str) -> None:
    with pytest.raises(AssertionError):
        look_at_reason(reason)

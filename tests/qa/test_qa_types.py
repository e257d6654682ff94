"""A citation's link, and what the nouns are."""

from dataclasses import FrozenInstanceError, fields
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Answer, Citation, Claim, Turn, Usage
from qa.types import FRAGMENT_WORDS, text_fragment

URL = "https://quay.example/lamp"


def citation(quote: str = "It burned.", url: str | None = URL) -> Citation:
    return Citation(1, "a", "The lamp", url, "The Quay", None, quote, 5, 5 + len(quote))


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        pytest.param("It burned.", "It%20burned.", id="short"),
        pytest.param(
            "a b c d e f g h i j k l m n o p",
            "a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k%20l%20m%20n%20o%20p",
            id="sixteen words are whole",
        ),
        pytest.param(
            "a b c d e f g h i j k l m n o p q",
            "a%20b%20c%20d%20e%20f%20g%20h,j%20k%20l%20m%20n%20o%20p%20q",
            id="seventeen words are first and last eight",
        ),
        pytest.param("no, well, yes", "no%2C%20well%2C%20yes", id="commas"),
        pytest.param("a well-lit quay-side", "a%20well%2Dlit%20quay%2Dside", id="hyphens"),
        pytest.param("oil & wick &c.", "oil%20%26%20wick%20%26c.", id="ampersands"),
        pytest.param("a#b? c/d %41", "a%23b%3F%20c%2Fd%20%2541", id="what means something in an address"),
        pytest.param("it  burned\nall \t night ", "it%20burned,all%20night", id="white space"),
        pytest.param("- it burned", "it%20burned", id="the mark of an item"),
        pytest.param("| March | 57 mm |", "March,57%20mm", id="a row of a table"),
        pytest.param("| |", "%7C%20%7C", id="nothing but lines"),
        pytest.param("光" * 200, "%E5%85%89" * 200, id="long without spaces is whole"),
        pytest.param("👩‍🔧 says", "%F0%9F%91%A9%E2%80%8D%F0%9F%94%A7%20says", id="emoji"),
    ],
)
def test_the_link_carries_the_quote_as_a_text_fragment(quote: str, fragment: str) -> None:
    assert citation(quote).link == f"{URL}#:~:text={fragment}"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "mailto:ada@quay.example",
        "ftp://quay.example/lamp",
        "javascript:alert(1)",
        "/lamp",
        "data:,x",
    ],
)
def test_there_is_no_link_without_a_web_address(url: str | None) -> None:
    assert citation(url=url).link is None


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("http://quay.example/lamp", "http://quay.example/lamp"),
        ("https://quay.example/lamp#comments", "https://quay.example/lamp"),
        ("https://quay.example/lamp#:~:text=old", "https://quay.example/lamp"),
        ("https://quay.example/?a=1&b=2#x#y", "https://quay.example/?a=1&b=2"),
    ],
)
def test_the_link_keeps_the_address_but_not_its_own_fragment(url: str, page: str) -> None:
    assert citation(url=url).link == f"{page}#:~:text=It%20burned."


@given(st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip))
def test_a_fragment_decodes_to_words_that_begin_and_end_the_quote(quote: str) -> None:
    fragment = text_fragment(quote)
    assert not set(fragment) & set("-&# \n")
    first, last = unquote(fragment.partition(",")[0]), unquote(fragment.rpartition(",")[2])
    spaced = " ".join(quote.split())
    assert first
    assert first in spaced
    assert spaced.endswith((last, "|"))
    assert max(len(first.split()), len(last.split())) <= 2 * FRAGMENT_WORDS


@pytest.mark.parametrize(
    "noun",
    [Turn("q", "a"), citation(), Claim(0, 4, (1,), 0.5), Usage(), Answer("q", "a")],
    ids=lambda noun: type(noun).__name__,
)
def test_the_nouns_are_frozen(noun: object) -> None:
    name = fields(noun)[0].name  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        setattr(noun, name, "other")


def test_nothing_can_be_added_to_a_citation() -> None:
    with pytest.raises((AttributeError, TypeError)):
        citation().extra = 1  # type: ignore[attr-defined]

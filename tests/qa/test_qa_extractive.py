"""The writer that quotes: what it chooses, and what it makes of it."""

from collections.abc import Callable
from typing import Any

import pytest

import prompts
from index.types import Article
from qa.evidence import Sentence
from qa.writers import WRITERS, Finding, Written
from qa.writers.extractive import NEAREST, NOTHING, write

TEXT = "Ada *lit* it. It burned [1] all night. 5. was the hour. Bo slept. Cy left."
LINES = ["Ada *lit* it.", "It burned [1] all night.", "5. was the hour.", "Bo slept.", "Cy left."]


@pytest.fixture
def lamp(article: Callable[..., Article]) -> Article:
    return article(TEXT)


@pytest.fixture
def finding(lamp: Article, sentence: Callable[..., Sentence]) -> Callable[..., Finding]:
    """`finding(0.9, 0.8)` gives the first two sentences those chances."""

    def make(*chances: float, abstain: bool = False, sentences: int = 3) -> Finding:
        ranked = [(sentence(lamp, line), chance) for line, chance in zip(LINES, chances, strict=False)]
        return Finding("Who lit it?", ranked, chances[0] if chances else 0.0, abstain, sentences)

    return make


def written_of(finding: Finding) -> tuple[str, Written]:
    written = Written()
    return "".join(write(finding, written)), written


def test_it_is_in_the_table() -> None:
    assert WRITERS["extractive"] is write


def test_each_sentence_is_a_paragraph_with_its_marker(finding: Callable[..., Finding]) -> None:
    text, written = written_of(finding(0.9, 0.8, 0.7))
    assert text == "Ada \\*lit\\* it. [1]\n\nIt burned \\[1\\] all night. [2]\n\n5\\. was the hour. [3]"
    assert [citation.quote for citation in written.citations.all()] == LINES[:3]


def test_a_piece_is_a_word_and_a_marker_comes_whole(finding: Callable[..., Finding]) -> None:
    assert list(write(finding(0.9), Written())) == ["Ada ", "\\*lit\\* ", "it.", " [1]"]


def test_a_citation_is_there_before_its_marker(finding: Callable[..., Finding]) -> None:
    written = Written()
    markers = 0
    for piece in write(finding(0.9, 0.8, 0.7), written):
        if piece in (" [1]", " [2]", " [3]"):
            markers += 1
            assert len(written.citations.all()) == markers
    assert markers == 3


def test_what_is_far_less_likely_than_the_first_is_left_out(finding: Callable[..., Finding]) -> None:
    text, _ = written_of(finding(0.9, 0.85, 0.01))
    assert text.endswith("[2]") and "hour" not in text


def test_how_likely_the_first_is_does_not_matter(finding: Callable[..., Finding]) -> None:
    assert written_of(finding(0.09, 0.085, 0.001))[0] == written_of(finding(0.9, 0.85, 0.01))[0]


@pytest.mark.parametrize("most", [1, 2, 4])
def test_no_more_sentences_are_quoted_than_are_wanted(finding: Callable[..., Finding], most: int) -> None:
    _, written = written_of(finding(0.9, 0.9, 0.9, 0.9, 0.9, sentences=most))
    assert len(written.citations.all()) == most


def test_the_same_words_from_a_second_article_are_not_said_again(
    article: Callable[..., Article], sentence: Callable[..., Sentence], lamp: Article
) -> None:
    copy = article("Elsewhere: Ada  *lit*\nit. Yes.", id="copy")
    ranked = [
        (sentence(lamp, LINES[0]), 0.9),
        (sentence(copy, "Ada  *lit*\nit."), 0.9),
        (sentence(copy, "Yes."), 0.8),
    ]
    _, written = written_of(Finding("Who lit it?", ranked, 0.9, False, 3))
    assert [(c.article_id, c.quote) for c in written.citations.all()] == [("a", LINES[0]), ("copy", "Yes.")]


def test_an_abstention_says_so_and_shows_the_nearest(finding: Callable[..., Finding]) -> None:
    text, written = written_of(finding(0.2, 0.19, 0.18, abstain=True))
    said, *quoted = text.split("\n\n")
    assert said == prompts.load("no-answer", nearest=NEAREST)
    assert quoted == ["Ada \\*lit\\* it. [1]", "It burned \\[1\\] all night. [2]"]
    assert written.short is None


def test_an_abstention_shows_no_more_than_is_wanted(finding: Callable[..., Finding]) -> None:
    _, written = written_of(finding(0.2, 0.2, abstain=True, sentences=1))
    assert len(written.citations.all()) == 1


def test_an_abstention_over_nothing_says_that_nothing_comes_near(finding: Callable[..., Finding]) -> None:
    text, written = written_of(finding(abstain=True))
    assert text == prompts.load("no-answer", nearest=NOTHING)
    assert written.citations.all() == ()


def test_quotes_are_the_articles_own_characters(
    article: Callable[..., Article], sentence: Callable[..., Any]
) -> None:
    ugly = article("🐦🐦 <b>“Nobody\n asked”</b> — 光👩‍🔧 e\u0301. Other.")
    quote = "<b>“Nobody\n asked”</b> — 光👩‍🔧 e\u0301."
    text, written = written_of(Finding("?", [(sentence(ugly, quote), 0.9)], 0.9, False, 1))
    (citation,) = written.citations.all()
    assert citation.quote == ugly.text[citation.start : citation.end] == quote
    assert text == "\\<b\\>“Nobody asked”\\</b\\> — 光👩‍🔧 e\u0301. [1]"

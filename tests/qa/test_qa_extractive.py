"""The writer that quotes: what it makes of what it is given."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import prompts
from index.types import Article
from qa.evidence import Sentence
from qa.quotes import Quote
from qa.writers import WRITERS, Finding, Written
from qa.writers.extractive import NEAREST, NOTHING, write

TEXT = "Ada *lit* it. It burned [1] all night. 5. was the hour. Bo slept. Cy left."
LINES = ["Ada *lit* it.", "It burned [1] all night.", "5. was the hour.", "Bo slept.", "Cy left."]


@pytest.fixture
def lamp(article: Callable[..., Article]) -> Article:
    return article(TEXT)


@pytest.fixture
def finding(lamp: Article, sentence: Callable[..., Sentence]) -> Callable[..., Finding]:
    """`finding(2)` quotes the first two sentences; `answer` is what is short of the first."""

    def make(quoted: int, answer: str | None = None, abstain: bool = False) -> Finding:
        quotes = [Quote(sentence(lamp, line)) for line in LINES[:quoted]]
        if answer is not None:
            start = lamp.text.index(answer)
            quotes[0] = Quote(quotes[0].sentence, (start, start + len(answer)))
        return Finding("Who lit it?", quotes, answer, 0.5, abstain)

    return make


def written_of(finding: Finding) -> tuple[str, Written]:
    written = Written()
    return "".join(write(finding, written)), written


def test_it_is_in_the_table() -> None:
    assert WRITERS["extractive"] is write


def test_each_sentence_is_a_paragraph_with_its_marker(finding: Callable[..., Finding]) -> None:
    text, written = written_of(finding(3))
    assert text == "Ada \\*lit\\* it. [1]\n\nIt burned \\[1\\] all night. [2]\n\n5\\. was the hour. [3]"
    assert [citation.quote for citation in written.citations.all()] == LINES[:3]


def test_a_piece_is_a_word_and_a_marker_comes_whole(finding: Callable[..., Finding]) -> None:
    assert list(write(finding(1), Written())) == ["Ada ", "\\*lit\\* ", "it.", " [1]"]


def test_a_citation_is_there_before_its_marker(finding: Callable[..., Finding]) -> None:
    written = Written()
    markers = 0
    for piece in write(finding(3), written):
        if piece in (" [1]", " [2]", " [3]"):
            markers += 1
            assert len(written.citations.all()) == markers
    assert markers == 3


def test_the_short_answer_is_in_bold_where_it_stands(finding: Callable[..., Finding]) -> None:
    text, written = written_of(finding(2, answer="Ada"))
    assert text == "**Ada** \\*lit\\* it. [1]\n\nIt burned \\[1\\] all night. [2]"
    assert written.short == "Ada"
    assert written.citations.all()[0].quote == LINES[0]


def test_an_abstention_says_so_and_shows_the_nearest_with_nothing_in_bold(
    finding: Callable[..., Finding],
) -> None:
    nearest = finding(2, answer="Ada", abstain=True)
    text, written = written_of(replace(nearest, short=None))
    said, *quoted = text.split("\n\n")
    assert said == prompts.load("no-answer", nearest=NEAREST)
    assert quoted == ["Ada \\*lit\\* it. [1]", "It burned \\[1\\] all night. [2]"]
    assert written.short is None


def test_an_abstention_over_nothing_says_that_nothing_comes_near(finding: Callable[..., Finding]) -> None:
    text, written = written_of(finding(0, abstain=True))
    assert text == prompts.load("no-answer", nearest=NOTHING)
    assert written.citations.all() == ()


def test_quotes_are_the_articles_own_characters(
    article: Callable[..., Article], sentence: Callable[..., Any]
) -> None:
    ugly = article("🐦🐦 <b>“Nobody\n asked”</b> — 光👩‍🔧 e\u0301. Other.")
    quote = "<b>“Nobody\n asked”</b> — 光👩‍🔧 e\u0301."
    text, written = written_of(Finding("?", [Quote(sentence(ugly, quote))], None, 0.9, False))
    (citation,) = written.citations.all()
    assert citation.quote == ugly.text[citation.start : citation.end] == quote
    assert text == "\\<b\\>“Nobody asked”\\</b\\> — 光👩‍🔧 e\u0301. [1]"

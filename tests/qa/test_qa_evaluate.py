"""Measuring a library by questions whose answers are known."""

from dataclasses import replace
from typing import Any

import pytest

from index.types import Article, Hit
from qa import Answer, Assistant, Citation, Settings, Turn, Usage
from qa.errors import QuestionsError
from qa.evaluate import evaluate, outcome, summary
from qa.questions import Question

ARTICLE = Article(id="a", title="Lamp", text="Ada Lind lit it. It burned for nine hours.", source="a.md")
ASKED = Question("1", "Who lit it?", ("Ada Lind",))


def cited(start: int, end: int, marker: int = 1) -> Citation:
    quote = ARTICLE.text[start:end]
    return Citation(marker, "a", "Lamp", None, None, None, quote, start, end)


GIVEN = Answer(
    question="Who lit it?",
    text="Ada Lind lit it. [1]",
    short="Ada",
    citations=(cited(0, 16),),
    hits=(Hit(ARTICLE.passage(17, 42), 1.0), Hit(ARTICLE.passage(0, 16), 0.5)),
    confidence=0.7,
    usage=Usage(seconds=0.2),
)
ABSTAINED = replace(GIVEN, short=None, abstained=True, confidence=0.1, usage=Usage(seconds=0.4))


def test_an_outcome_says_what_an_answer_is_worth() -> None:
    found = outcome(ASKED, GIVEN, 0)
    assert (found.found, found.exact, found.quoted, found.right) == (2, False, True, False)
    assert found.f1 == pytest.approx(2 / 3)
    assert (found.id, found.answers, found.short, found.seconds) == ("1", ("Ada Lind",), "Ada", 0.2)


def test_where_there_is_no_short_answer_the_quotation_is_right_or_not() -> None:
    told = replace(GIVEN, short=None)
    assert outcome(ASKED, told, 0).right
    assert not outcome(ASKED, replace(told, citations=(cited(17, 42),)), 0).right


@pytest.mark.parametrize(
    ("quote", "quoted"),
    [("Ada Lind lit it.", True), ("Ada Lind lit it. It burned for nine hours.", True), ("Bo lit it.", False)],
)
def test_a_known_sentence_is_quoted_or_not(quote: str, quoted: bool) -> None:
    assert outcome(replace(ASKED, quote=quote), GIVEN, 0).quoted is quoted


def test_the_summary_takes_each_share_of_what_it_is_a_share_of() -> None:
    unanswerable = Question("2", "Who paid?", ())
    found = summary(
        [
            outcome(ASKED, GIVEN, 0),
            outcome(ASKED, replace(GIVEN, short="the Ada Lind"), 1),
            outcome(ASKED, ABSTAINED, 0),
            outcome(unanswerable, GIVEN, 0),
            outcome(unanswerable, ABSTAINED, 0),
        ]
    )
    assert (found.questions, found.answerable) == (5, 3)
    assert found.answer_at == {1: 0, 5: 1, 10: 1}
    assert found.exact == pytest.approx(1 / 3)
    assert found.f1 == pytest.approx((2 / 3 + 1) / 3)
    assert found.quoted == 1
    assert found.abstained == pytest.approx(1 / 3)
    assert found.abstained_rightly == 0.5
    assert found.wrong == pytest.approx(2 / 3)
    assert (found.citations, found.inexact) == (5, 1)
    assert (found.seconds_median, found.seconds_p95) == (0.2, 0.4)


def test_a_share_of_nothing_is_none() -> None:
    found = summary([outcome(Question("2", "Who paid?", ()), ABSTAINED, 0)])
    assert (found.answer_at, found.exact, found.f1, found.quoted, found.abstained) == (None,) * 5
    assert found.wrong is None
    assert found.abstained_rightly == 1


def test_a_library_is_asked_every_question_with_its_history(assistant: Assistant) -> None:
    asked = [
        Question("1", "Who lit the harbour lamp?", ("Ada Lind",)),
        Question("2", "And what did it cost?", ("40 crowns",), (Turn("Who lit the harbour lamp?", "Ada"),)),
    ]
    found = list(evaluate(assistant, asked))
    assert [(each.id, each.found, each.quoted, each.inexact) for each in found] == [
        ("1", 1, True, 0),
        ("2", 1, True, 0),
    ]
    assert all(each.citations and each.seconds > 0 for each in found)


def test_it_abstains_as_the_settings_have_it(harbour: Any) -> None:
    with Assistant(harbour.open(), Settings(abstain_below=1)) as assistant:
        found = summary(list(evaluate(assistant, [Question("1", "Who lit it?", ("Ada Lind",))])))
    assert (found.abstained, found.wrong) == (1, None)


def test_a_question_that_is_too_long_is_named(assistant: Assistant) -> None:
    asked = [ASKED, Question("q2", "a" * 5000, ())]
    with pytest.raises(QuestionsError, match=r"Question q2: .* has 5,000 characters; .* Shorten it"):
        list(evaluate(assistant, asked))


class Quoting:
    """An assistant whose answer is given; `index` has the one article."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.index = answer, self

    def ask(self, question: str, history: object) -> Answer:
        return self.answer

    def article(self, id: str) -> Article:
        return ARTICLE


@pytest.mark.parametrize(
    ("citations", "inexact"),
    [
        ((cited(0, 16),), 0),
        ((replace(cited(0, 16), start=1, end=17),), 1),
        ((cited(0, 16, marker=2),), 1),
        ((replace(cited(0, 16), quote="Ada Lind lit it"), cited(0, 16)), 1),
    ],
)
def test_citations_that_are_not_the_articles_words_are_counted(
    citations: tuple[Citation, ...], inexact: int
) -> None:
    assistant: Any = Quoting(replace(GIVEN, citations=citations))
    [found] = evaluate(assistant, [ASKED])
    assert found.inexact == inexact

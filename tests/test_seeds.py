"""The sample articles and their questions: as many, as long and as exact as they are said to be."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import seeds
from index.readers import read
from index.types import Article
from seeds import Question

QUESTIONS = seeds.questions()
ANSWERABLE = [question for question in QUESTIONS if question.answers]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    """The articles as they are read, by their paths inside the folder of the seeds."""
    found = {}
    for path in seeds.articles():
        (article,) = read(path)
        found[f"articles/{path.name}"] = article
    return found


def test_there_are_at_least_15_articles(articles: dict[str, Article]) -> None:
    assert len(articles) == len(list(seeds.articles_dir().iterdir())) >= 15


@pytest.mark.parametrize("path", seeds.articles(), ids=lambda path: path.stem)
def test_an_article_has_400_to_900_words_and_its_front_matter(path: Path) -> None:
    (article,) = read(path)
    assert 400 <= len(article.text.split()) <= 900
    assert article.title and article.title not in article.text.splitlines()[0]
    assert article.authors and all(author.strip() for author in article.authors)
    assert article.site
    assert isinstance(article.published, date)
    assert article.url and article.url.startswith("https://")
    head = path.read_text(encoding="utf-8").split("---\n")[1]
    keys = [line.partition(":")[0] for line in head.splitlines() if not line.startswith(" ")]
    assert keys == ["title", keys[1], "date", "site", "url", "language"]
    assert keys[1] in ("author", "authors")


def test_titles_and_addresses_are_all_different(articles: dict[str, Article]) -> None:
    assert len({article.title for article in articles.values()}) == len(articles)
    assert len({article.url for article in articles.values()}) == len(articles)


def test_addresses_belong_to_nobody(articles: dict[str, Article]) -> None:
    assert [a.url for a in articles.values() if ".example/" not in (a.url or "")] == []


def test_there_are_as_many_questions_of_each_sort_as_are_said() -> None:
    assert len(QUESTIONS) >= 60
    assert len(QUESTIONS) - len(ANSWERABLE) >= 15
    assert sum(bool(question.history) for question in QUESTIONS) >= 10


def test_ids_and_questions_are_all_different() -> None:
    assert len({question.id for question in QUESTIONS}) == len(QUESTIONS)
    asked = Counter((question.question, question.history) for question in QUESTIONS)
    assert [question for question, times in asked.items() if times > 1] == []


def test_every_article_is_asked_about(articles: dict[str, Article]) -> None:
    assert {question.article for question in ANSWERABLE} == articles.keys()


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_a_quote_stands_in_its_article_and_holds_an_answer(
    question: Question, articles: dict[str, Article]
) -> None:
    assert question.quote and question.article
    assert articles[question.article].text.count(question.quote) == 1
    folded = question.quote.casefold()
    for answer in question.answers:
        assert answer in ("Yes", "No") or answer.casefold() in folded


def test_an_unanswerable_question_has_neither_article_nor_quote() -> None:
    unanswerable = [question for question in QUESTIONS if not question.answers]
    assert {(question.article, question.quote) for question in unanswerable} == {(None, None)}


def test_each_turn_of_a_history_has_a_question_and_an_answer() -> None:
    turns = [turn for question in QUESTIONS for turn in question.history]
    assert turns and all(len(turn) == 2 and all(text.strip() for text in turn) for turn in turns)


def test_questions_use_other_words_than_the_sentences_that_answer_them() -> None:
    copied = [
        question.id
        for question in ANSWERABLE
        if question.question.casefold().rstrip("?").split()[1:]
        == (question.quote or "").casefold().split()[1:]
        or longest_run(question.question, question.quote or "") > 5
    ]
    assert copied == []


def longest_run(one: str, other: str) -> int:
    """The most words in a row that two texts share."""
    words, text = one.casefold().rstrip("?.").split(), f" {' '.join(other.casefold().split())} "
    return max(
        (
            end - start
            for start in range(len(words))
            for end in range(start + 1, len(words) + 1)
            if f" {' '.join(words[start:end])} " in text
        ),
        default=0,
    )

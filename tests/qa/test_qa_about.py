"""Questions that metadata answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from index.days import PartialDate
from index.types import Article
from qa.about import About, about, stated
from qa.types import Turn


@pytest.mark.parametrize(
    ("question", "asked", "topic"),
    [
        ("Who wrote the article about Tern Bridge?", "authors", "Tern Bridge"),
        ("Who wrote about whooping cough?", "authors", "whooping cough"),
        ("Who is the author of the piece on the Rosetta Stone?", "authors", "the Rosetta Stone"),
        ("Who was the article on tides by?", "authors", "tides"),
        ("When was the article on leap seconds published?", "date", "leap seconds"),
        ("On which day was the story about Oswin published?", "date", "Oswin"),
        ("What is the date of the article about Oswin?", "date", "Oswin"),
        ("How old is the article about Oswin?", "date", "Oswin"),
        ("Which article mentions Ling Huazhan?", "which", "Ling Huazhan"),
        ("Which articles are about Corvane?", "which", "Corvane"),
        ("In which article does it say that the bridge closed?", "which", "the bridge closed"),
        ("What is the title of the article about seals?", "which", "seals"),
        ("Do you have any articles about tides?", "which", "tides"),
        ("Are there articles on tides?", "which", "tides"),
        ("List all articles about tides", "which", "tides"),
        ("Who wrote the article “The Tern”?", "authors", "The Tern"),
    ],
)
def test_what_is_asked_of_an_article_is_told_from_its_topic(question: str, asked: str, topic: str) -> None:
    found = about(question)
    assert found is not None
    assert (found.asked, found.topic, found.titled) == (asked, topic, False)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote Hamlet?",
        "When was the report into the bridge published?",
        "Which pieces of furniture were sold?",
        "What stories did the children tell?",
        "What article of the treaty was invoked?",
        "Which posts were lost in the merger?",
        "Who was the first author to be knighted?",
        "What happened on the day the paper was published?",
    ],
)
def test_what_articles_say_is_not_metadata(question: str) -> None:
    assert about(question) is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who wrote that?", "authors"),
        ("When was it published?", "date"),
        ("Where did you read that?", "which"),
        ("Which article says so?", "which"),
    ],
)
def test_a_follow_up_is_about_the_article_of_the_question_before(question: str, asked: str) -> None:
    history = [Turn("Who?", "She."), Turn("Why did the bridge close?", "Rust.")]
    found = about(question, history)
    assert found is not None
    assert (found.asked, found.topic) == (asked, "Why did the bridge close?")
    assert about(question) is None


def test_a_title_alone_may_be_of_something_else() -> None:
    assert about("Who wrote “The Tern”?") == About("authors", "The Tern", titled=True)
    assert about('When was "The Tern" published?') == About("date", "The Tern", titled=True)


@pytest.fixture
def lamp(article: Callable[..., Article]) -> Article:
    made = article("Text.")
    return replace(
        made, title="Lamp", site="The Quay", published=date(2024, 5, 1), authors=("Ada Lind", "Bo Sand", "Cy")
    )


@pytest.mark.parametrize(
    ("asked", "changes", "line", "short"),
    [
        (
            "authors",
            {},
            "“Lamp” (The Quay, 1 May 2024) was written by Ada Lind, Bo Sand and Cy.",
            "Ada Lind, Bo Sand and Cy",
        ),
        (
            "authors",
            {"authors": ("Ada",), "site": None, "published": None},
            "“Lamp” was written by Ada.",
            "Ada",
        ),
        ("authors", {"authors": ()}, "“Lamp” (The Quay, 1 May 2024) does not say who wrote it.", None),
        ("date", {}, "“Lamp” (The Quay) was published on 1 May 2024.", "1 May 2024"),
        (
            "date",
            {"published": PartialDate(2024, 5)},
            "“Lamp” (The Quay) was published in May 2024.",
            "May 2024",
        ),
        ("date", {"published": None}, "“Lamp” does not say when it was published.", None),
        ("which", {}, "“Lamp”, by Ada Lind, Bo Sand and Cy (The Quay, 1 May 2024):", "Lamp"),
        ("which", {"authors": (), "site": None, "published": None}, "“Lamp”:", "Lamp"),
    ],
)
def test_metadata_are_stated_in_a_line(
    lamp: Article, asked: str, changes: dict[str, object], line: str, short: str | None
) -> None:
    article: Article = replace(lamp, **changes)  # type: ignore[arg-type]
    assert stated(About(asked, "lamp"), article) == (line, short)  # type: ignore[arg-type]

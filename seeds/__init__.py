"""Sample articles and questions that ship with Byline.

The articles are fictional pieces (and a few explainers) written for this project. They
serve as a first collection to try Byline on, and, together with the questions, as a small
check of how well it finds and quotes answers.
"""

import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Question", "articles", "articles_dir", "questions"]

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Question:
    """One question about the sample articles, with the answers that count as right.

    Where the articles do not answer the question, `answers` is empty, and `article` and
    `quote` are None.
    """

    id: str
    question: str
    history: tuple[tuple[str, str], ...]
    """The earlier (question, answer) turns, oldest first."""
    answers: tuple[str, ...]
    article: str | None
    """The article's path inside this folder, such as "articles/tern-bridge-closed.md"."""
    quote: str | None
    """The sentence of the article's body that carries the answer, character for character."""


def articles_dir() -> Path:
    """Return the folder that holds the sample articles."""
    return _HERE / "articles"


def articles() -> list[Path]:
    """Return the sample articles' paths, sorted by name."""
    return sorted(articles_dir().glob("*.md"))


def questions() -> list[Question]:
    """Read the sample questions, in the order of questions.jsonl."""
    text = (_HERE / "questions.jsonl").read_text(encoding="utf-8")
    return [_question(line) for line in text.split("\n") if line]


def _question(line: str) -> Question:
    row = json.loads(line)
    return Question(
        id=row["id"],
        question=row["question"],
        history=tuple((turn["question"], turn["answer"]) for turn in row["history"]),
        answers=tuple(row["answers"]),
        article=row["article"],
        quote=row["quote"],
    )

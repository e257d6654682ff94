"""Files of questions with their right answers: JSON Lines, one question a line, UTF-8.

    {"question": "Who lit the lamp?", "answers": ["Ada Lind", "Lind"]}
    {"question": "Who paid for it?", "answers": []}

`answers` are all the wordings that count as right; none says that the articles do not answer the question.
`history` ([{"question": …, "answer": …}, …]) makes it a follow-up; `quote` is the sentence that carries the
answer; `id` names it in reports. Other fields are left alone.
"""

import json
from dataclasses import dataclass
from typing import Any

from .errors import QuestionsError
from .types import Turn


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what counts as its right answer; `answers` is empty where there is none."""

    id: str
    text: str
    answers: tuple[str, ...]
    history: tuple[Turn, ...] = ()
    quote: str | None = None


def parsed(content: bytes, name: str) -> list[Question]:
    """The questions of a file's content. QuestionsError names the first line that cannot be used."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuestionsError(f"{name} is not UTF-8 text ({error.reason} at byte {error.start}).") from None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not lines:
        raise QuestionsError(f"{name} has no questions.", "It needs one JSON object a line.")
    return [_question(line, number, f"{name}, line {number}") for number, line in lines]


def _question(line: str, number: int, place: str) -> Question:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionsError(f"{place} is not JSON ({error}).", "Put one object on each line.") from None
    if not isinstance(row, dict):
        raise QuestionsError(f"{place} is no object.", 'Write {"question": "…", "answers": ["…"]}.')
    answers = row.get("answers")
    if isinstance(answers, str):
        answers = [answers]
    if not isinstance(answers, list) or not all(isinstance(each, str) and each.strip() for each in answers):
        raise QuestionsError(
            f'{place}: "answers" is {json.dumps(answers)[:60]}.',
            "List the wordings that count as right; [] where the articles do not answer.",
        )
    return Question(
        id=str(row.get("id") or number),
        text=_text(row.get("question"), f'{place}: "question"'),
        answers=tuple(answers),
        history=tuple(_turn(turn, place) for turn in _list(row.get("history"), place)),
        quote=None if row.get("quote") is None else _text(row["quote"], f'{place}: "quote"'),
    )


def _list(value: Any, place: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _not_a_history(place)
    return value


def _turn(value: Any, place: str) -> Turn:
    if not isinstance(value, dict):
        raise _not_a_history(place)
    question, answer = value.get("question"), value.get("answer") or ""
    if not isinstance(question, str) or not isinstance(answer, str):
        raise _not_a_history(place)
    return Turn(question, answer)


def _not_a_history(place: str) -> QuestionsError:
    return QuestionsError(f'{place}: "history" is no list of {{"question": "…", "answer": "…"}}.')


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise QuestionsError(f"{what} is {json.dumps(value)[:60]}.", "It must be a text.")
    return value

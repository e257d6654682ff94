"""A follow-up question and its history, as wordings that can be searched for by themselves.

By rules, no model: benchmarks/conversations.py has what each wording finds on real conversations.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .markdown import plain
from .types import Turn

_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones"
    r"|former|latter|same|else|instead|also|too|again|afterwards|before that|after that)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^\W*(and|but|so|or|why|how come|how so|what about|how about|which one|who else|what else|where else"
    r"|really|anything else|tell me more|more|go on|continue)\b(?=\W*+(?:\w++\W*+){0,3}+$)"
    r"|^\W*(and|but|so|or|what about|how about)\b",
    re.IGNORECASE,
)
_ASKS_ON = re.compile(
    r"^\W*((for|to|from|by|with|of|in|at|on|since|until|about)\W+(who|whom|whose|what|which|how)|when|where|who)\b"
    r"(?=\W*+(?:\w++\W*+){0,3}+$)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z][\w'’-]+")
_BOLD = re.compile(r"\*\*(.{1,80}?)\*\*")
_SHORT = 4
"""Words below which a question without a name hardly stands alone."""
_ANSWER_WORDS = 40
"""Words of the last answer that go into a wording: its beginning says what was talked about."""
_FEW = 8
"""Words that the last answer has at most where the reader is told it."""
_BEFORE = 24
"""Words of what was asked before that the reader is told: its first; for it reads no more than 64 pieces."""
_STANDS_ALONE = 0.3
"""What the history's wordings count, of 1, for a question that needs none: the topic may have changed, but
it seldom has."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A question made to stand alone: `question` is what answers are judged by, `wordings` are searched,
    each with its weight, `read` is what the reader is asked: a follow-up with what it follows in brackets."""

    question: str
    wordings: tuple[str, ...]
    weights: tuple[float, ...]
    read: str = ""

    def __post_init__(self) -> None:
        if not self.read:
            object.__setattr__(self, "read", self.question)


def stand_alone(question: str, history: Sequence[Turn]) -> Standing:
    """The question with what was asked and answered before it."""
    asked = [turn for turn in history if turn.question.strip()]
    if not asked:
        return Standing(question, (question,), (1.0,))
    before = _before(asked)
    answer = asked[-1].answer.split()[:_ANSWER_WORDS]
    both = f"{before} {question}"
    wordings = (question, both, " ".join([before, *answer, question]))
    if needs_history(question):
        return Standing(both, wordings, (1.0, 1.0, 1.0), following(question, before, _answered(asked[-1])))
    return Standing(question, wordings, (1.0, _STANDS_ALONE, _STANDS_ALONE))


def _before(asked: Sequence[Turn]) -> str:
    """The last question; where that is a follow-up itself, after the last one that stands alone."""
    *earlier, last = (turn.question.strip() for turn in asked)
    if not needs_history(last):
        return last
    alone = next((question for question in reversed(earlier) if not needs_history(question)), "")
    return f"{alone} {last}".lstrip()


def following(question: str, before: str, answer: str = "") -> str:
    """A follow-up as the reader is asked it and was trained on it (training/following.py): itself, then what
    it follows in brackets, with the answer if that has few words."""
    told = f" {answer.rstrip('.')}." if 0 < len(answer.split()) <= _FEW else ""
    return f"{question} ({' '.join(before.split()[:_BEFORE])}{told})"


def _answered(before: Turn) -> str:
    """The short answer: what stands in bold, or all of it."""
    bold = _BOLD.search(before.answer)
    return plain(bold[1]) if bold else before.answer.strip()


def needs_history(question: str) -> bool:
    """Whether a question points back, goes on, or is too short to say what it is about."""
    if _POINTS_BACK.search(question) or _GOES_ON.search(question):
        return True
    short = len(question.split()) < _SHORT or _ASKS_ON.search(question) is not None
    return short and not _NAME.search(question.strip())

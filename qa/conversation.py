"""What was said before, as a model may read it, and a follow-up that it makes stand alone."""

import re
from collections.abc import Sequence

import prompts
from index.snapshot import Snapshot

from .context import Count, counting, harmless
from .markdown import plain, unmarked
from .models.calling import Call, Message
from .models.failures import ModelFailed
from .models.retrying import whole
from .models.types import Endpoint
from .settings import Settings
from .types import Turn

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LONGEST_QUESTION = 1000
"""Characters of a question made to stand alone; a model that writes more does something else."""
_PART_OF_WINDOW = 0.2
"""How much of a model's window the conversation may take."""
_LONGEST_ANSWER = 1200
"""Characters of an earlier answer that are read again: its beginning says what was talked about."""


def retold(history: Sequence[Turn], budget: int, count: Count) -> str:
    """The last turns that fit into so many tokens, the oldest first."""
    lines: list[str] = []
    for turn in reversed(history):
        answer = harmless(plain(unmarked(turn.answer)))
        if len(answer) > _LONGEST_ANSWER:
            answer = f"{answer[:_LONGEST_ANSWER]}…"
        said = [f"Person: {harmless(turn.question)}", f"You: {answer}"]
        budget -= sum(count(said))
        if budget < 0:
            break
        lines[:0] = said
    return "\n".join(lines)


def condensed(
    endpoint: Endpoint, question: str, conversation: str, call: Call, folder: str = ""
) -> str | None:
    """The question made to stand alone by the model; None where it gives none, so that rules must do it.

    ModelFailed where the model cannot be asked."""
    prompt = prompts.load("condense", folder, conversation=conversation, question=harmless(question))
    try:
        said = whole(endpoint, [Message("user", prompt)], call, _LONGEST_QUESTION)
    except ModelFailed as problem:
        if problem.empty:
            return None
        raise
    lines = [line for each in _THOUGHT.sub("", said).split("\n") if (line := harmless(each))]
    return lines[-1].removeprefix("Question:").strip() or None if lines else None


def with_a_model(
    settings: Settings, snapshot: Snapshot, question: str, history: Sequence[Turn], call: Call
) -> tuple[str | None, str, ModelFailed | None]:
    """A follow-up made to stand alone, or None where rules are to do it; what was said before, as far as the
    model's window has room; and why the model could not be asked, where it could not."""
    endpoint = settings.endpoint
    if endpoint is None or not any(turn.question.strip() for turn in history):
        return None, "", None
    conversation = retold(history, int(_PART_OF_WINDOW * endpoint.context), counting(snapshot))
    if not conversation:
        return None, "", None
    condensing = call.earlier = Call(call.cancelled)
    try:
        alone = condensed(endpoint, question, conversation, condensing, settings.prompts)
    except ModelFailed as problem:
        return None, conversation, problem
    return alone, conversation, None

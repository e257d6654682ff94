"""What OpenAI's clients send to `/v1/chat/completions`, as a Question.

The last message is the question, and the users' and assistants' before it are what was said before. Messages
of the system are left out: what an answer may hold is not theirs to change, for it is quotations. So is what
steers a model's sampling. What would change the shape of the answer is refused.
https://platform.openai.com/docs/api-reference/chat/create
"""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ui.doors.chat_text import RULE
from ui.doors.wanted import MAX_HISTORY, MAX_TEXT, Name, Question, Said, Within

MAX_MESSAGES = 2_000


class Part(BaseModel):
    type: str
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""


class Message(BaseModel):
    role: Annotated[str, Field(max_length=40)]
    content: str | tuple[Part, ...] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    include_usage: bool = False


class ResponseFormat(BaseModel):
    type: str


class Chat(BaseModel):
    """`byline` is Byline's own, for `extra_body`: which articles may be read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    model: Name
    messages: Annotated[tuple[Message, ...], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
    response_format: ResponseFormat | None = None
    byline: Within | None = None

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if self.n not in (None, 1):
            raise ValueError(f"n is {self.n}, and Byline gives one answer")
        if self.response_format is not None and self.response_format.type != "text":
            raise ValueError(f"response_format is {self.response_format.type!r}, and Byline answers in text")
        if self.messages[-1].role != "user":
            raise ValueError("the last message must be the user's question")
        for message in self.messages:
            for part in message.content if isinstance(message.content, tuple) else ():
                if part.type not in ("text", "refusal"):
                    raise ValueError(
                        f"a message has a part of type {part.type!r}, and Byline reads text only"
                    )
        return self

    def question(self, writers: Sequence[str]) -> Question:
        """`model` chooses one of the `writers`; any other name is the one that is set."""
        within: dict[str, Any] = {} if self.byline is None else dict(self.byline)
        return Question(
            question=self.messages[-1].text[:MAX_TEXT],
            history=tuple(_turns(self.messages[:-1])[-MAX_HISTORY:]),
            writer=self.model if self.model in writers else "",
            **within,
        )


def _turns(messages: Sequence[Message]) -> list[Said]:
    """Each message of the user's with what the assistant said to it."""
    turns: list[Said] = []
    for message in messages:
        text = message.text[:MAX_TEXT]
        if message.role == "user":
            turns.append(Said(question=text))
        elif message.role == "assistant" and turns:
            turns[-1] = Said(question=turns[-1].question, answer=text.partition(RULE)[0])
    return turns

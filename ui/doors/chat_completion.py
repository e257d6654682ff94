"""An Answer as OpenAI's chat completion, whole or in chunks.

`annotations` are the citations that have an address, at the markers in the text; `byline`, which is not
OpenAI's, is the whole answer as `/api/ask` gives it. https://platform.openai.com/docs/api-reference/chat
"""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from qa import Answer
from qa.markdown import places
from ui.doors.chat_text import below
from ui.records import record


@dataclass(frozen=True, slots=True)
class Completion:
    """What all chunks of one completion say of it."""

    model: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        message = {
            "role": "assistant",
            "content": answer.text + below(answer),
            "refusal": None,
            "annotations": annotations(answer),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": usage(answer),
            "byline": record(answer),
        }

    def opening(self) -> dict[str, Any]:
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> dict[str, Any]:
        return self._chunk({"content": text})

    def closing(self, answer: Answer) -> dict[str, Any]:
        """What is known when the text is over."""
        return {**self._chunk({"annotations": annotations(answer)}, "stop"), "byline": record(answer)}

    def counts(self, answer: Answer) -> dict[str, Any]:
        """For those who ask for it in `stream_options`."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": usage(answer)}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def annotations(answer: Answer) -> list[dict[str, Any]]:
    """A `url_citation` for each marker whose citation has an address: `text[start_index:end_index]` is the
    marker, and the address leads to the quoted words."""
    cited = {citation.marker: citation for citation in answer.citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": start,
                "end_index": end,
                "title": citation.title,
                "url": citation.link,
            },
        }
        for number, start, end in places(answer.text)
        if (citation := cited.get(number)) and citation.link
    ]


def usage(answer: Answer) -> dict[str, int]:
    """Tokens as the model that wrote counts them; 0 where none did, or where it does not say."""
    read, written = answer.usage.tokens_in, answer.usage.tokens_out
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}

"""OpenAI's API, by OpenAI's own client."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI

from index.errors import BylineError
from qa import Answer
from tests.servers.scripted import Reply, quoting
from ui.doors.chat_completion import Completion, annotations
from ui.doors.chat_text import RULE, below
from ui.doors.openai_door import _events
from ui.doors.refusals import FAILED
from ui.records import answer_of

LAMP = "Ada Lind lit the harbour lamp on Monday."
QUESTION = "Who lit the harbour lamp?"
ASKED: Any = [{"role": "user", "content": QUESTION}]


def client_of(url: str) -> OpenAI:
    return OpenAI(base_url=f"{url}v1", api_key="none", max_retries=0)


@pytest.fixture
def ai(site: str) -> Iterator[OpenAI]:
    with client_of(site) as client:
        yield client


def answer(completion: Any) -> Answer:
    return answer_of(completion.byline)


# Whole


def test_an_answer_is_a_message_with_its_sources_below(ai: OpenAI) -> None:
    completion = ai.chat.completions.create(model="byline", messages=ASKED)
    (choice,) = completion.choices
    text, _, sources = (choice.message.content or "").partition(RULE)
    assert text == answer(completion).text and "lit the harbour lamp" in text
    assert sources.startswith("- \\[1\\] [The harbour lamp](<https://quay.example/lamp#:~:text=Ada%20Lind")
    assert ">), The Quay, 1 May 2024" in sources.splitlines()[0]
    assert (choice.index, choice.finish_reason, choice.message.role) == (0, "stop", "assistant")
    assert completion.model == "byline" and completion.id.startswith("chatcmpl-")


def test_citations_with_an_address_are_annotations_at_their_markers(ai: OpenAI) -> None:
    completion = ai.chat.completions.create(model="byline", messages=ASKED)
    content, found = completion.choices[0].message.content or "", completion.choices[0].message.annotations
    cited = answer(completion).citations
    assert found
    for each in found:
        assert each.type == "url_citation"
        place = each.url_citation
        marker = content[place.start_index : place.end_index]
        (citation,) = [one for one in cited if f"[{one.marker}]" == marker]
        assert (place.url, place.title) == (citation.link, citation.title)
    assert len(found) == sum(citation.link is not None for citation in cited)


def test_the_whole_answer_is_in_a_field_of_bylines_own(ai: OpenAI, shelf: Any) -> None:
    whole = answer(ai.chat.completions.create(model="byline", messages=ASKED))
    assert whole.short and whole.confidence > 0 and not whole.abstained
    assert whole.citations[0].quote == LAMP
    with shelf.open() as index:
        for each in whole.citations:
            assert index.article(each.article_id).text[each.start : each.end] == each.quote


def test_tokens_are_those_that_the_model_counted(written: Any) -> None:
    url, _ = written(answering=quoting)
    with client_of(url) as ai:
        by_model = ai.chat.completions.create(model="byline", messages=ASKED)
        quoted = ai.chat.completions.create(model="extractive", messages=ASKED)
    assert by_model.usage and by_model.usage.prompt_tokens == 100 and by_model.usage.completion_tokens > 0
    assert by_model.usage.total_tokens == 100 + by_model.usage.completion_tokens
    assert quoted.usage and quoted.usage.total_tokens == 0
    assert (by_model.model, quoted.model) == ("byline", "extractive")
    assert (answer(by_model).writer, answer(quoted).writer) == ("openai/m", "extractive")


# Streamed


def test_a_stream_has_the_same_message_and_ends_with_its_annotations(ai: OpenAI) -> None:
    chunks = list(ai.chat.completions.create(model="byline", messages=ASKED, stream=True))
    whole = ai.chat.completions.create(model="byline", messages=ASKED)
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks[-2:]] == [None, "stop"]
    last: Any = chunks[-1]
    assert answer(last).text == answer(whole).text
    assert last.choices[0].delta.annotations == annotations(answer(whole)) != []
    assert len({(chunk.id, chunk.created, chunk.model) for chunk in chunks}) == 1
    assert not any(chunk.usage for chunk in chunks)


def test_tokens_come_at_the_end_of_a_stream_where_they_are_asked_for(written: Any) -> None:
    url, _ = written(answering=quoting)
    with client_of(url) as ai:
        stream = ai.chat.completions.create(
            model="byline", messages=ASKED, stream=True, stream_options={"include_usage": True}
        )
        *others, last = list(stream)
    assert last.choices == [] and last.usage and last.usage.prompt_tokens == 100
    assert others[-1].choices[0].finish_reason == "stop"


def test_a_stream_comes_piece_by_piece(written: Any) -> None:
    url, _ = written(Reply(["It burned ", "for nine ", "hours."], then="silent", pause=0.3))
    with (
        client_of(url) as ai,
        ai.chat.completions.create(model="byline", messages=ASKED, stream=True) as stream,
    ):
        pieces = (chunk.choices[0].delta.content for chunk in stream)
        assert next(pieces) == ""
        assert "It" in (next(pieces) or "")


def test_the_bytes_of_a_stream_are_events_that_end_with_done(client: httpx.Client) -> None:
    body = {"model": "byline", "messages": ASKED, "stream": True}
    response = client.post("/v1/chat/completions", json=body)
    assert response.headers["content-type"].startswith("text/event-stream")
    events = response.text.split("\n\n")
    assert events[-2:] == ["data: [DONE]", ""]
    for event in events[:-2]:
        assert event.startswith("data: ") and "\n" not in event
        assert json.loads(event.removeprefix("data: "))["object"] == "chat.completion.chunk"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (BylineError("The library is gone.", "Build it."), "The library is gone. Build it."),
        (RuntimeError("secret"), FAILED),
    ],
)
def test_a_stream_that_fails_ends_with_openais_error(error: Exception, said: str) -> None:
    async def pieces() -> AsyncGenerator[str | Answer, None]:
        yield "Ada "
        raise error

    async def told() -> list[str]:
        return [event async for event in _events(Completion("byline"), pieces(), counted=False)]

    *_, piece, last = asyncio.run(told())
    assert json.loads(piece.removeprefix("data: "))["choices"][0]["delta"]["content"] == "Ada "
    assert json.loads(last.removeprefix("data: "))["error"]["message"] == said


# What was said before


def test_earlier_messages_are_the_history(written: Any) -> None:
    url, model = written(answering=quoting)
    with client_of(url) as ai:
        first = ai.chat.completions.create(model="byline", messages=ASKED)
        model.requests.clear()
        said: Any = [
            {"role": "system", "content": "Answer as a pirate."},
            *ASKED,
            {"role": "assistant", "content": first.choices[0].message.content},
            {"role": "user", "content": [{"type": "text", "text": "And how long did it burn?"}]},
        ]
        ai.chat.completions.create(model="byline", messages=said)
    sent = "\n".join(request.text for request in model.requests)
    assert f"Person: {QUESTION}" in sent and f"You: {LAMP}" in sent
    assert "And how long did it burn?" in sent
    assert "pirate" not in sent and "quay.example" not in sent


def test_a_long_conversation_keeps_its_last_turns(ai: OpenAI) -> None:
    turn: Any = [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]
    completion = ai.chat.completions.create(model="byline", messages=[*turn * 60, *ASKED])
    assert answer(completion).citations


def test_which_articles_are_read_can_be_said(ai: OpenAI) -> None:
    completion = ai.chat.completions.create(
        model="byline", messages=ASKED, extra_body={"byline": {"sites": ["The Rail"]}}
    )
    assert {each.site for each in answer(completion).citations} == {"The Rail"}
    assert completion.choices[0].message.annotations == []


@pytest.mark.parametrize(
    "more",
    [
        {"temperature": 0.7, "top_p": 1, "max_tokens": 5, "stop": ["x"], "seed": 1, "user": "ada"},
        {"n": 1, "response_format": {"type": "text"}, "presence_penalty": 1, "logit_bias": {"1": 2}},
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]},
    ],
    ids=["sampling", "defaults", "tools"],
)
def test_what_steers_a_model_changes_nothing(ai: OpenAI, more: Any) -> None:
    plain = ai.chat.completions.create(model="byline", messages=ASKED)
    steered = ai.chat.completions.create(model="gpt-unheard-of", messages=ASKED, **more)
    assert steered.choices[0].message.content == plain.choices[0].message.content
    assert steered.model == "byline"


# Models


def test_the_models_are_bylines_own_and_those_that_can_be_chosen(ai: OpenAI) -> None:
    assert [model.id for model in ai.models.list()][:2] == ["byline", "extractive"]
    assert ai.models.retrieve("byline").owned_by == "byline"


def test_a_model_that_is_not_there_is_not_found(ai: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="There is no model 'openai/none'"):
        ai.models.retrieve("openai/none")


# What is refused


@pytest.mark.parametrize(
    ("body", "said", "param"),
    [
        ({"messages": []}, "messages is []: tuple should have at least 1 item", "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "The question is empty.", None),
        ({"messages": [{"role": "user"}]}, "The question is empty.", None),
        (
            {"messages": [{"role": "user", "content": "x" * 4_001}]},
            "The question has 4,001 characters; 4,000 is the most.",
            None,
        ),
        (
            {"messages": [*ASKED, {"role": "assistant", "content": "So."}]},
            "the last message must be the user's question",
            None,
        ),
        (
            {
                "messages": [
                    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}
                ]
            },
            "a message has a part of type 'image_url', and Byline reads text only",
            None,
        ),
        ({"messages": ASKED, "n": 2}, "n is 2, and Byline gives one answer", None),
        (
            {"messages": ASKED, "response_format": {"type": "json_object"}},
            "response_format is 'json_object', and Byline answers in text",
            None,
        ),
        ({"messages": ASKED, "byline": {"site": "x"}}, "There is no field byline.site.", "byline.site"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_answered_is_openais_error(
    client: httpx.Client, body: dict[str, Any], said: str, param: str | None, stream: bool
) -> None:
    response = client.post("/v1/chat/completions", json={"model": "byline", "stream": stream, **body})
    assert response.status_code == 400
    error = response.json()["error"]
    assert said in error["message"]
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, None)


def test_openais_client_raises_what_is_refused(ai: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="The question is empty") as raised:
        ai.chat.completions.create(model="byline", messages=[{"role": "user", "content": ""}])
    assert raised.value.type == "invalid_request_error"


# As text


def test_an_answer_without_sources_or_notes_has_nothing_below() -> None:
    assert below(Answer("Who?", "Nobody.")) == ""


def test_a_title_cannot_make_a_link_of_its_own(ai: OpenAI) -> None:
    cited = answer(ai.chat.completions.create(model="byline", messages=ASKED)).citations[0]
    hostile = answer_of(
        {
            "question": "?",
            "text": "So. [1]",
            "notes": ["A *note*."],
            "citations": [
                {
                    "marker": 1,
                    "article_id": "a",
                    "title": "x](http://evil.example) <img>",
                    "url": "https://a.example/> [y](http://evil.example)",
                    "site": "`s`",
                    "published": None,
                    "quote": cited.quote,
                    "start": 0,
                    "end": 1,
                }
            ],
        }
    )
    assert below(hostile).startswith(
        "\n\n---\n\nA \\*note\\*.\n\n"
        "- \\[1\\] [x\\](http\\://evil.example) \\<img\\>]"
        "(<https://a.example/%3E%20[y](http://evil.example)#:~:text="
    )
    assert below(hostile).endswith(">), \\`s\\`")


def test_a_bracket_of_an_article_is_no_marker() -> None:
    cited = {
        "marker": 1,
        "article_id": "a",
        "title": "A",
        "url": "https://a.example",
        "site": None,
        "published": None,
        "quote": "q",
        "start": 0,
        "end": 1,
    }
    text = r"🐦 “Nobody asked me \[1\],” she said. [1] And again. [1] [2]"
    found = annotations(answer_of({"question": "?", "text": text, "citations": [cited]}))
    places = [(each["url_citation"]["start_index"], each["url_citation"]["end_index"]) for each in found]
    assert [text[start:end] for start, end in places] == ["[1]", "[1]"]
    assert places[0][0] == text.index(" [1] ") + 1

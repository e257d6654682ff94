"""A reply followed from the event loop: drafts, the answer, errors, and being let go."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import aclosing
from types import SimpleNamespace

import pytest

from qa import Answer
from tests.ui.scripted import FIRST, PUFFIN, Script, ScriptedAssistant
from ui.streaming import PACE, Asking, Draft, follow


def assistant_saying(script: Script) -> ScriptedAssistant:
    return ScriptedAssistant([PUFFIN], {"?": script})


async def read(assistant: ScriptedAssistant) -> list[Draft | Answer]:
    return [state async for state in follow(assistant, Asking("?"))]  # type: ignore[arg-type]


def test_drafts_only_grow_and_the_answer_comes_last() -> None:
    script = Script(["It ", "began. ", "[1]", " So."], [FIRST], pause=1.5 * PACE)
    *drafts, answer = asyncio.run(read(assistant_saying(script)))
    assert isinstance(answer, Answer) and answer.text == "It began. [1] So."
    texts = [draft.text for draft in drafts]
    assert texts == sorted(texts, key=len) and len(texts) >= 2
    for draft in drafts:
        assert ("[1]" in draft.text) == bool(draft.citations)


def test_an_answer_that_is_there_at_once_comes_at_once() -> None:
    began = time.perf_counter()
    states = asyncio.run(read(assistant_saying(Script(["x"] * 1000))))
    assert time.perf_counter() - began < PACE
    assert len(states) <= 2


def test_the_first_words_do_not_wait_for_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.streaming.PACE", 5.0)
    first, last = asyncio.run(read(assistant_saying(Script(["x"] * 5, pause=0.1))))
    assert isinstance(first, Draft) and len(first.text) < 5
    assert isinstance(last, Answer)


def test_many_pieces_become_few_drafts() -> None:
    states = asyncio.run(read(assistant_saying(Script(["x"] * 100, pause=0.01))))
    assert len(states) < 20  # 1 s and a little, at 8 a second


def test_what_goes_wrong_comes_out() -> None:
    with pytest.raises(RuntimeError, match="half way"):
        asyncio.run(read(assistant_saying(Script(["x"], error=RuntimeError("half way")))))


def test_letting_go_is_immediate_and_closes_the_reply() -> None:
    assistant = assistant_saying(Script(["x"] * 1000, pause=0.3))

    async def first_draft_only() -> float:
        async with aclosing(follow(assistant, Asking("?"))) as states:  # type: ignore[arg-type]
            async for _ in states:
                began = time.perf_counter()
                break
        return time.perf_counter() - began

    assert asyncio.run(first_draft_only()) < 0.1
    deadline = time.monotonic() + 2
    while not assistant.closed and time.monotonic() < deadline:
        time.sleep(0.02)
    assert assistant.closed == ["?"]


def test_what_is_no_longer_wanted_ends_soon_although_the_assistant_is_silent() -> None:
    assistant = assistant_saying(Script(["x", "y"], pause=1.0))
    began = time.perf_counter()

    async def until(seconds: float) -> list[Draft | Answer]:
        states = follow(assistant, Asking("?"), wanted=lambda: time.perf_counter() - began < seconds)  # type: ignore[arg-type]
        return [state async for state in states]

    assert asyncio.run(until(0.3)) == []
    assert time.perf_counter() - began < 0.3 + 2 * PACE


class SilentReply:
    """Says nothing until it is closed, as one that waits for a model does."""

    citations = ()

    def __init__(self) -> None:
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[str]:
        self.closed.wait(10)
        return iter(())

    def answer(self) -> Answer:
        raise ValueError("this reply was closed")

    def close(self) -> None:
        self.closed.set()


def test_a_reply_that_waits_for_a_silent_model_is_closed_when_it_is_wanted_no_more() -> None:
    silent = SilentReply()
    assistant = SimpleNamespace(reply=lambda *args, **given: silent)
    began = time.perf_counter()

    async def until(seconds: float) -> list[Draft | Answer]:
        states = follow(assistant, Asking("?"), wanted=lambda: time.perf_counter() - began < seconds)  # type: ignore[arg-type]
        return [state async for state in states]

    assert asyncio.run(until(0.2)) == []
    assert silent.closed.is_set()

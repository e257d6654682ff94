"""How the page's questions are asked."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from qa import Settings
from ui.choices import Choices
from ui.conversations import Conversations
from ui.limits import Limits
from ui.settings import ServeSettings
from ui.store import Store
from ui.streaming import Asking, Draft
from ui.talk import LOOK, SELDOM, Talk


@pytest.mark.parametrize(("running", "read"), [(1, 10), (2, 10), (4, 5), (20, 1)])
def test_an_answer_reads_its_share_of_the_passages(
    monkeypatch: pytest.MonkeyPatch, running: int, read: int
) -> None:
    asked: list[Asking] = []

    async def follow(assistant: Any, asking: Asking, wanted: Any) -> AsyncIterator[Draft]:
        asked.append(asking)
        yield Draft("", ())

    async def ready(wanted: Any) -> Any:
        return SimpleNamespace(settings=Settings())

    async def answer() -> None:
        limits = Limits(ServeSettings(answers_in_full=2))
        for number in range(running):
            limits.enter(str(number))
        library: Any = SimpleNamespace(ready=ready)
        conversations = Conversations(Store.open(None))
        conversation = conversations.get("", "1")
        talk = Talk(library, conversations, limits)
        await talk._answer(conversation, conversation.ask("Who lit the lamp?"), Choices())

    monkeypatch.setattr("ui.talk.follow", follow)
    asyncio.run(answer())
    assert [asking.settings and asking.settings.read for asking in asked] == [read]


def test_first_words_are_looked_for_often_and_more_of_them_seldom_where_many_ask() -> None:
    async def pauses() -> list[float]:
        limits = Limits(ServeSettings(answers_in_full=2))
        for number in range(20):
            limits.enter(str(number))
        conversations = Conversations(Store.open(None))
        conversation = conversations.get("", "1")
        talk = Talk(cast(Any, None), conversations, limits)
        first, other = conversation.ask("Who lit the lamp?"), conversation.ask("When?")
        found = [talk._pause(conversation)]
        for exchange in (first, other):
            exchange.grow("Ada Lind", ())
            found.append(talk._pause(conversation))
        return found

    assert asyncio.run(pauses()) == [LOOK, LOOK, SELDOM]

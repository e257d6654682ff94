"""How the page's questions are asked."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from qa import Settings
from ui.choices import Choices
from ui.conversations import Conversations
from ui.limits import Limits
from ui.settings import ServeSettings
from ui.store import Store
from ui.streaming import Asking, Draft
from ui.talk import Talk


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

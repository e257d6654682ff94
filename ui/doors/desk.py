"""The one place where programs' questions are asked, whatever door they come through."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import replace
from typing import Any

from index import Hit
from index.errors import ArticleNotFound
from qa import Answer, QuestionError, Settings
from ui.choices import Choices, hurried, writers
from ui.doors.callers import Caller
from ui.doors.finding import find
from ui.doors.records import hit_record, page_record
from ui.doors.refusals import Left
from ui.doors.wanted import Page, Query, Question
from ui.library import Library
from ui.streaming import Asking, Draft, follow

Gate = Callable[[Caller, Callable[[], bool]], AbstractAsyncContextManager[float]]
"""Is entered before anything is worked out and left when that ended, however it did; raises Busy. It may wait
while the caller, as it is told, is still there. A streamed answer may leave it in another task. Gives the
share of its passages that an answer can have read."""


def open_to_all(caller: Caller, here: Callable[[], bool]) -> AbstractAsyncContextManager[float]:
    return nullcontext(1.0)


class Desk:
    """Answers programs over one library. Every call raises BylineErrors, each saying what to do."""

    def __init__(self, library: Library, gate: Gate = open_to_all) -> None:
        self._library = library
        self._gate = gate

    async def ask(self, question: Question, caller: Caller) -> AsyncGenerator[Draft | Answer, None]:
        """The drafts of an answer, each with all of the one before it, and the whole Answer.

        The work ends when this is closed, and within a second after the caller has gone; then it raises Left.
        """
        async with caller.present() as here, self._gate(caller, here) as share:
            assistant = await self._library.ready(here)
            settings = await asyncio.to_thread(settings_for, question, assistant.settings)
            settings = hurried(settings, share)
            asking = Asking(question.question, question.turns(), question.filter(), settings)
            async with aclosing(follow(assistant, asking, here)) as states:
                async for state in states:
                    yield state
                    if isinstance(state, Answer):
                        return
            raise Left

    async def answer(self, question: Question, caller: Caller) -> Answer:
        """The whole answer at once."""
        async with aclosing(self.ask(question, caller)) as states:
            async for state in states:
                if isinstance(state, Answer):
                    return state
        raise Left

    async def search(self, query: Query, caller: Caller) -> list[dict[str, Any]]:
        """The best passages, best first, each with its article's title, site, date and address."""
        async with caller.present() as here, self._gate(caller, here):
            index = (await self._library.ready(here)).index

            def found() -> list[dict[str, Any]]:
                hits = index.search(
                    query.query,
                    query.k,
                    since=query.since,
                    until=query.until,
                    sites=query.sites or None,
                    articles=query.articles or None,
                )
                return [record for hit in hits for record in told(hit)]

            def told(hit: Hit) -> list[dict[str, Any]]:
                try:
                    return [hit_record(hit, index.article(hit.passage.article_id))]
                except ArticleNotFound:  # a build took it out a moment ago
                    return []

            return await asyncio.to_thread(found)

    async def read(self, page: Page, caller: Caller) -> dict[str, Any]:
        """A stretch of an article's text; ArticleNotFound."""
        async with caller.present() as here, self._gate(caller, here):
            index = (await self._library.ready(here)).index
            return page_record(await asyncio.to_thread(find, index, page.article), page)

    async def writers(self) -> list[str]:
        """The writers and models that can be chosen."""
        assistant = await self._library.ready()
        return list(await asyncio.to_thread(writers, assistant.settings))


def settings_for(question: Question, own: Settings) -> Settings:
    """The library's own settings, with what the question chooses. QuestionError for an unknown writer."""
    settings = own
    if question.writer:
        if question.writer not in (known := writers(own)):
            raise QuestionError(
                f"writer is {question.writer!r}; it must be one of {', '.join(known)}.", "Or leave it out."
            )
        settings = Choices(writer=question.writer).settings(own)
    if question.sentences:
        settings = replace(settings, sentences=question.sentences)
    return settings

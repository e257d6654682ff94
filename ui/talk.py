"""What happens in the chat: questions asked, answers written, and pages that show them as they grow.

An answer is written by a task of the server. Pages look on, several of them or, for a moment, none: whoever
reloads the page, or turns to another conversation and back, finds the answer where it is by then.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import gradio as gr

from index.errors import BylineError, LibraryNotFound
from qa import Answer
from ui import people
from ui.choices import Choices, hurried
from ui.clients import client_of
from ui.conversations import Conversation, Conversations
from ui.exchange import Exchange
from ui.library import Library
from ui.limits import Busy, Limits, Place
from ui.render import literal
from ui.streaming import Asking, follow

log = logging.getLogger(__name__)

MAX_QUESTION = 20_000
"""Characters of a question that are kept. An assistant refuses far shorter ones, and says so."""
MAX_PAGES = 10_000
"""Pages of which it is known which conversation they show."""

INTRODUCTION = """## Ask your articles

Answers are made of quotations, each with the place in its article where it stands."""

EMPTY = """## No articles yet

Add files, pages or feeds in the [library](library), or give Byline a folder of articles:

```
byline index build FOLDER
```"""

LOADING = "Loading the library…"
READING = "Reading your articles…"
WAITING = "*Others are being answered first…*"
STOPPED = "*Stopped.*"
ANSWERING = "Your last question is still being answered. Stop that, or wait for its end."
FAILED = "Something went wrong; the server's log says what. Please ask again."

BUSY = {"submit_btn": False, "stop_btn": "Stop"}
IDLE = {"submit_btn": "Ask", "stop_btn": False}
"""The textbox's buttons while an answer is written, and else."""

APART = 0.05
"""Seconds before a second update: of two that reach the page in one instant, it drops the first."""
LOOK = 0.08
"""Seconds between two looks at how far an answer has come; more where many are being written."""
SELDOM = 0.3
"""The longest time between two of them."""

Updates = AsyncIterator[tuple[Any, Any]]
"""What an event shows, again and again: the chat and the textbox."""


class Talk:
    """What happens on the page, for everyone who has it open."""

    def __init__(self, library: Library, conversations: Conversations, limits: Limits) -> None:
        self.library = library
        self.conversations = conversations
        self.limits = limits
        self._writing: set[asyncio.Task[None]] = set()
        self._shown_on: OrderedDict[str, str] = OrderedDict()

    async def show(self, request: gr.Request) -> Updates:
        """The page was opened, or turned to another conversation: show that, and what can be asked."""
        conversation = self._turned_to(request)
        yield gr.update(value=self._messages(conversation)), gr.update(**_buttons(conversation))
        await asyncio.sleep(APART)
        if not conversation.exchanges:
            yield await self._beginning(conversation), gr.skip()
            return
        async for update in self._watch(conversation, request):
            yield update

    async def ask(self, question: str, request: gr.Request) -> Updates:
        """Answer what stands in the textbox, in place of the exchange that the address says is edited."""
        if not question.strip():
            yield gr.skip(), gr.skip()
            return
        conversation = self._turned_to(request)
        edited = request.query_params.get("edit") or ""
        if conversation.open and not edited.isdecimal():
            gr.Info(ANSWERING, title="Not yet")
            yield gr.skip(), gr.skip()
            return
        if (place := self._place(request)) is None:
            yield gr.skip(), gr.skip()
            return
        if edited.isdecimal():
            conversation.cut(int(edited))
        self._write(conversation, question, request, place)
        async for update in self._watch(conversation, request, value=""):
            yield update

    async def ask_example(self, chosen: gr.SelectData, request: gr.Request) -> Updates:
        """Answer one of the questions that an empty conversation offers."""
        if (place := self._place(request)) is None:
            yield gr.skip(), gr.skip()
            return
        conversation = self._turned_to(request)
        self._write(conversation, str(chosen.value["text"]), request, place)
        async for update in self._watch(conversation, request):
            yield update

    async def retry(self, request: gr.Request) -> Updates:
        """Answer the last question again."""
        conversation = self._turned_to(request)
        if not conversation.exchanges or (place := self._place(request)) is None:
            yield gr.skip(), gr.skip()
            return
        last = conversation.exchanges[-1]
        conversation.cut(last.number)
        self._write(conversation, last.question, request, place)
        async for update in self._watch(conversation, request):
            yield update

    async def stop(self, request: gr.Request) -> None:
        """Stop the answer being written. What shows it sees this and ends, so that nothing overtakes it."""
        self._turned_to(request).stop(STOPPED)

    def _place(self, request: gr.Request) -> Place | None:
        """A place for one more question; where there is none, the page says why, and keeps the question."""
        try:
            return self.limits.enter(client_of(request))
        except Busy as busy:
            gr.Warning(str(busy), title="Not yet", duration=busy.seconds + 3)
            return None

    def _write(self, conversation: Conversation, question: str, request: gr.Request, place: Place) -> None:
        """Begin to answer a question."""
        exchange = conversation.ask(question.strip()[:MAX_QUESTION])
        task = asyncio.create_task(self._in_turn(conversation, exchange, Choices.of(request.cookies), place))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _in_turn(
        self, conversation: Conversation, exchange: Exchange, choices: Choices, place: Place
    ) -> None:
        """Let the answer to an exchange grow once its turn has come, and leave its place to the next."""
        with place:
            if place.waits:
                exchange.shown = WAITING
                await place.come(lambda: exchange.open and not conversation.abandoned)
                exchange.shown = exchange.shown.removeprefix(WAITING)
            await self._answer(conversation, exchange, choices)

    async def _answer(self, conversation: Conversation, exchange: Exchange, choices: Choices) -> None:
        """Let the answer to an exchange grow."""

        def wanted() -> bool:
            return exchange.open and not conversation.abandoned

        try:
            assistant = await self.library.ready(wanted)
            scope, days = conversation.scope.filter(), choices.days()
            settings = await asyncio.to_thread(choices.settings, assistant.settings)
            asking = Asking(
                exchange.question,
                tuple(conversation.before(exchange)),
                scope.both(days) if scope else days,
                hurried(settings, self.limits.share),
            )
            async with aclosing(follow(assistant, asking, wanted)) as states:
                async for state in states:
                    if isinstance(state, Answer):
                        exchange.finish(state)
                    else:
                        exchange.grow(state.text, state.citations)
        except LibraryNotFound:
            exchange.close(EMPTY)
        except BylineError as error:
            exchange.close(literal(str(error)))
        except Exception:
            log.exception("a question could not be answered")
            exchange.close(FAILED)
        finally:
            exchange.close(STOPPED)
            conversation.save(exchange)

    async def _watch(self, conversation: Conversation, request: gr.Request, **textbox: str) -> Updates:
        """Show a conversation for as long as an answer is written in it, on a page that is turned to it."""
        yield self._messages(conversation), gr.update(**_buttons(conversation), **textbox)
        await asyncio.sleep(APART)
        seen: object = None
        with conversation.watched():
            while conversation.open:
                if conversation.state != seen and self._shows(request, conversation):
                    seen = conversation.state
                    yield self._messages(conversation), gr.skip()
                await asyncio.sleep(self._pause(conversation))
        if self._shows(request, conversation):
            yield self._messages(conversation), gr.update(**_buttons(conversation))
        else:
            yield gr.skip(), gr.skip()

    def _pause(self, conversation: Conversation) -> float:
        """Seconds until it is looked whether there is something new to show: the first words soon, more of
        them less often where many answers are written."""
        return min(SELDOM, LOOK / self.limits.share) if conversation.begun else LOOK

    async def _beginning(self, conversation: Conversation) -> Any:
        """What a conversation without a question shows: what can be asked, or what is missing."""
        try:
            assistant = await self.library.ready()
            articles = (await asyncio.to_thread(assistant.index.info)).articles
            unlimited = articles and not conversation.scope.words()
            examples = await asyncio.to_thread(assistant.suggestions) if unlimited else []
        except LibraryNotFound:
            articles, examples = 0, []
        except BylineError as error:
            return gr.update(value=[], placeholder=literal(str(error)))
        return gr.update(
            value=[],
            placeholder=INTRODUCTION if articles else EMPTY,
            examples=[{"text": example} for example in examples],
        )

    def _turned_to(self, request: gr.Request) -> Conversation:
        """The conversation that the page's address names; a page without one has it until it is closed."""
        session = request.session_hash or ""
        id = request.query_params.get("c") or session
        self._shown_on[session] = id
        self._shown_on.move_to_end(session)
        while len(self._shown_on) > MAX_PAGES:
            self._shown_on.popitem(last=False)
        return self.conversations.get(people.user_of(request), id)

    def _shows(self, request: gr.Request, conversation: Conversation) -> bool:
        """Whether the page that asked has not been turned to another conversation since."""
        return self._shown_on.get(request.session_hash or "") == conversation.id

    def _messages(self, conversation: Conversation) -> list[gr.MessageDict]:
        """The conversation as the Chatbot takes it."""
        waiting = f"*{READING if self.library.assistant else LOADING}*"
        messages: list[gr.MessageDict] = []
        for exchange in conversation.exchanges:
            messages.append({"role": "user", "content": literal(exchange.question)})
            messages.append({"role": "assistant", "content": exchange.shown or waiting})
        return messages


def _buttons(conversation: Conversation) -> dict[str, Any]:
    return BUSY if conversation.open else IDLE

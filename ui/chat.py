"""The chat: Blocks on Gradio, whose truth is the server's store of conversations.

The browser sends a conversation's id (in the page's address) and the new question, nothing else.
What stands beside the chat, and how markers open it, is `static/byline.js`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import gradio as gr

from index.errors import BylineError, LibraryNotFound
from qa import Answer
from ui.conversations import Conversation, Conversations, Exchange
from ui.library import Library
from ui.render import draft, finished, literal
from ui.streaming import follow

log = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 32
"""Answers written at the same time; who comes next waits."""

MAX_WAITING = 128
"""Questions that may wait; beyond it the page says that it is busy."""

MAX_QUESTION = 20_000
"""Characters of a question that are kept. An assistant refuses far shorter ones, and says so."""

INTRODUCTION = """## Ask your articles

Answers are made of quotations, each with the place in its article where it stands."""

EMPTY = """## No articles yet

Give Byline a folder of articles, then ask right here:

```
byline index build FOLDER
```"""

LOADING = "Loading the library…"
READING = "Reading your articles…"
STOPPED = "*Stopped.*"
FAILED = "Something went wrong; the server's log says what. Please ask again."

BUSY = {"submit_btn": False, "stop_btn": "Stop"}
IDLE = {"submit_btn": "Ask", "stop_btn": False}
"""The textbox's buttons while an answer is written, and else."""

APART = 0.05
"""Seconds before a second update: of two that reach the page in one instant, it drops the first."""

Updates = AsyncIterator[tuple[Any, Any]]
"""What an event shows, again and again: its two outputs."""


def chat_page(library: Library, conversations: Conversations) -> gr.Blocks:
    """The page's components and what happens on them."""
    talk = Talk(library, conversations)
    with gr.Blocks(title="Byline", analytics_enabled=False, fill_height=True, fill_width=True) as page:
        with gr.Row(elem_id="masthead"):
            gr.Markdown("# Byline", elem_id="name")
            status = gr.Markdown(LOADING, elem_id="status")
            fresh = gr.Button("New conversation", elem_id="fresh", size="sm")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="conversation"):
                chat = gr.Chatbot(
                    elem_id="chat",
                    label="Conversation",
                    show_label=False,
                    placeholder=INTRODUCTION,
                    layout="panel",
                    buttons=[],
                    latex_delimiters=[],
                    feedback_options=None,
                )
                question = gr.Textbox(
                    elem_id="question",
                    label="Your question",
                    show_label=False,
                    placeholder="Ask your articles",
                    max_lines=6,
                    autofocus=True,
                    **IDLE,
                )
            gr.Column(elem_id="source")  # static/byline.js makes the article pane here

        shown = [chat, question]
        question.submit(talk.ask, question, shown, show_progress="hidden")
        chat.example_select(talk.ask_example, None, shown, show_progress="hidden")
        chat.retry(talk.retry, None, shown, show_progress="hidden")
        question.stop(talk.stop, None, None)
        fresh.click(talk.clear, None, shown, show_progress="hidden")
        page.load(talk.arrive, None, [chat, status], show_progress="hidden")
    page.queue(default_concurrency_limit=PEOPLE_AT_ONCE, max_size=MAX_WAITING, api_open=False)
    return page


class Talk:
    """What happens on the page, for everyone who has it open."""

    def __init__(self, library: Library, conversations: Conversations) -> None:
        self.library = library
        self.conversations = conversations

    async def arrive(self, request: gr.Request) -> Updates:
        """The page was opened: show its conversation, and what can be asked once that is known."""
        yield gr.update(value=self._messages(self._conversation(request))), LOADING
        try:
            assistant = await self.library.ready()
            articles = (await asyncio.to_thread(assistant.index.info)).articles
            examples = await asyncio.to_thread(assistant.suggestions) if articles else []
        except LibraryNotFound:
            articles, examples = 0, []
        except BylineError as error:
            yield gr.update(placeholder=literal(str(error))), ""
            return
        yield (
            gr.update(
                placeholder=INTRODUCTION if articles else EMPTY,
                examples=[{"text": example} for example in examples],
            ),
            f"{articles:,} article{'' if articles == 1 else 's'}",
        )

    async def ask(self, question: str, request: gr.Request) -> Updates:
        """Answer what stands in the textbox."""
        if not question.strip():
            yield gr.skip(), gr.skip()
            return
        conversation = self._conversation(request)
        exchange = conversation.ask(question.strip()[:MAX_QUESTION])
        async for update in self._answer(exchange, conversation, value=""):
            yield update

    async def ask_example(self, chosen: gr.SelectData, request: gr.Request) -> Updates:
        """Answer one of the questions that an empty conversation offers."""
        conversation = self._conversation(request)
        async for update in self._answer(conversation.ask(str(chosen.value["text"])), conversation):
            yield update

    async def retry(self, request: gr.Request) -> Updates:
        """Answer the last question again."""
        conversation = self._conversation(request)
        question = conversation.take_back()
        if question is None:
            yield gr.skip(), gr.skip()
            return
        async for update in self._answer(conversation.ask(question), conversation):
            yield update

    async def stop(self, request: gr.Request) -> None:
        """Stop the answer being written. What shows it sees this and ends, so that nothing overtakes it."""
        for exchange in self._conversation(request).exchanges:
            exchange.close(STOPPED)

    async def clear(self, request: gr.Request) -> tuple[Any, Any]:
        """Begin anew."""
        await self.stop(request)
        self._conversation(request).clear()
        return [], gr.update(**IDLE)

    async def _answer(self, exchange: Exchange, conversation: Conversation, **textbox: str) -> Updates:
        """Let the answer to an exchange grow on the page."""
        try:
            yield self._messages(conversation), gr.update(**BUSY, **textbox)
            await asyncio.sleep(APART)
            assistant = await self.library.ready(wanted=lambda: exchange.open)
            history = conversation.before(exchange)
            reading = follow(assistant, exchange.question, history, wanted=lambda: exchange.open)
            async with aclosing(reading) as states:
                async for state in states:
                    exchange.answer = state.text
                    if isinstance(state, Answer):
                        exchange.shown, exchange.open = finished(state), False
                    else:
                        exchange.shown = draft(state.text, state.citations)
                    yield self._messages(conversation), gr.skip()
        except LibraryNotFound:
            exchange.close(EMPTY)
        except BylineError as error:
            exchange.close(literal(str(error)))
        except Exception:
            log.exception("a question could not be answered")
            exchange.close(FAILED)
        finally:
            exchange.close(STOPPED)
        if not any(exchange is each for each in conversation.exchanges):
            yield gr.skip(), gr.skip()  # cleared away: the page shows a newer conversation
            return
        yield self._messages(conversation), gr.update(**BUSY if conversation.open else IDLE)

    def _conversation(self, request: gr.Request) -> Conversation:
        """The conversation that the page's address names; a page without one has it until it is closed."""
        return self.conversations.get(request.query_params.get("c") or request.session_hash or "")

    def _messages(self, conversation: Conversation) -> list[gr.MessageDict]:
        """The conversation as the Chatbot takes it."""
        waiting = f"*{READING if self.library.assistant else LOADING}*"
        messages: list[gr.MessageDict] = []
        for exchange in conversation.exchanges:
            messages.append({"role": "user", "content": literal(exchange.question)})
            messages.append({"role": "assistant", "content": exchange.shown or waiting})
        return messages

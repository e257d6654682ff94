"""The endpoints `/ask` and `/search` of Gradio's own API, for `gradio_client`.

`Client.predict` gives the answer, `Client.submit` the drafts before it too, in the same shape.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from qa import Answer
from ui.doors.callers import Caller
from ui.doors.desk import Desk
from ui.doors.refusals import refusal_of
from ui.doors.wanted import Query, Question
from ui.records import record
from ui.streaming import Draft


def gradio_endpoints(desk: Desk) -> None:
    """Adds the endpoints to the Blocks that are being made."""

    async def ask(
        question: str,
        request: gr.Request,
        history: list[dict[str, str]] | None = None,
        sites: list[str] | None = None,
        articles: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        sentences: int | None = None,
        writer: str | None = None,
    ) -> AsyncGenerator[dict[str, Any], None]:
        """Answers a question from the articles, with exact quotations. `history` is a list of
        {"question": …, "answer": …}, the oldest first; days are written 2025-03-14."""
        try:
            wanted = _given(
                question=question,
                history=history,
                sites=sites,
                articles=articles,
                since=since,
                until=until,
                sentences=sentences,
                writer=writer,
            )
            caller = Caller(request)
            async with aclosing(desk.ask(Question.model_validate(wanted), caller)) as states:
                async for state in states:
                    yield record(state if isinstance(state, Answer) else _so_far(question, state))
        except Exception as error:
            raise _said(error) from None

    async def search(
        query: str,
        request: gr.Request,
        k: int = 10,
        sites: list[str] | None = None,
        articles: list[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[dict[str, Any]]:
        """Finds the passages that fit best, best first; days are written 2025-03-14."""
        try:
            wanted = _given(query=query, k=k, sites=sites, articles=articles, since=since, until=until)
            return await desk.search(Query.model_validate(wanted), Caller(request))
        except Exception as error:
            raise _said(error) from None

    gr.api(ask, api_name="ask")
    gr.api(search, api_name="search")


def _so_far(question: str, draft: Draft) -> Answer:
    return Answer(question, draft.text, citations=tuple(draft.citations))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _said(error: Exception) -> gr.Error:
    return gr.Error(refusal_of(error).message, print_exception=False)

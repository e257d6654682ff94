"""Routes of a person's conversations, for the chat's scripts: listed, named, rated, deleted, exported.

What is asked and answered goes through the chat itself (`ui.talk`).
"""

import asyncio
from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, Field

from ui import people
from ui.choices import Choices, options
from ui.conversations import MAX_TITLE, Conversation, Conversations
from ui.exchange import Rating
from ui.export import as_json, as_markdown, as_text, file_name
from ui.library import Library
from ui.scope import Scope

NOT_KEPT = {"Cache-Control": "no-store"}


class Title(BaseModel):
    title: str = Field(max_length=10 * MAX_TITLE)


class Rated(BaseModel):
    rating: Rating


def conversation_routes(library: Library, conversations: Conversations) -> APIRouter:
    """Everything here is of the one who asks: somebody else's conversation is not found."""
    routes = APIRouter()

    def found(request: Request, id: str) -> Conversation:
        conversation = conversations.find(people.user_of(request), id)
        if conversation is None:
            raise HTTPException(404, "There is no such conversation.")
        return conversation

    @routes.get("/conversations")
    def listed(request: Request, q: str = "") -> JSONResponse:
        rows = conversations.listed(people.user_of(request), q[:200])
        return JSONResponse([asdict(row) for row in rows], headers=NOT_KEPT)

    @routes.get("/conversations/{id}")
    def one(request: Request, id: str) -> JSONResponse:
        conversation = conversations.get(people.user_of(request), id)
        return JSONResponse(_shown(conversation), headers=NOT_KEPT)

    @routes.patch("/conversations/{id}")
    def rename(request: Request, id: str, new: Title) -> JSONResponse:
        conversation = found(request, id)
        conversation.rename(new.title)
        return JSONResponse({"title": conversation.title})

    @routes.delete("/conversations/{id}")
    def delete(request: Request, id: str) -> Response:
        conversations.delete(people.user_of(request), id)
        return Response(status_code=204)

    @routes.put("/conversations/{id}/scope")
    def limit(request: Request, id: str, values: dict[str, Any]) -> JSONResponse:
        conversation = conversations.get(people.user_of(request), id)
        conversation.limit(Scope.of(values))
        return JSONResponse(_shown(conversation))

    @routes.put("/conversations/{id}/exchanges/{number}/rating")
    def rate(request: Request, id: str, number: int, new: Rated) -> Response:
        if not found(request, id).rate(number, new.rating):
            raise HTTPException(404, "There is no such answer.")
        return Response(status_code=204)

    @routes.get("/conversations/{id}/exchanges/{number}/text")
    def text(request: Request, id: str, number: int) -> PlainTextResponse:
        for exchange in found(request, id).exchanges:
            if exchange.number == number:
                return PlainTextResponse(as_text(exchange), headers=NOT_KEPT)
        raise HTTPException(404, "There is no such answer.")

    @routes.get("/conversations/{id}/export")
    def export(request: Request, id: str, format: Literal["md", "json"] = "md") -> Response:
        conversation = found(request, id)
        name = file_name(conversation, format)
        headers = {**NOT_KEPT, "Content-Disposition": f'attachment; filename="{name}"'}
        if format == "json":
            return JSONResponse(as_json(conversation), headers=headers)
        return PlainTextResponse(as_markdown(conversation), headers=headers, media_type="text/markdown")

    @routes.get("/person")
    def person(request: Request) -> JSONResponse:
        """Who is logged in; "" where there is no login."""
        return JSONResponse({"name": people.user_of(request)}, headers=NOT_KEPT)

    @routes.get("/options")
    async def choose(request: Request) -> JSONResponse:
        assistant = await library.ready()
        offered = await asyncio.to_thread(options, assistant.settings, Choices.of(request.cookies))
        return JSONResponse(offered, headers=NOT_KEPT)

    return routes


def _shown(conversation: Conversation) -> dict[str, Any]:
    """What the scripts need besides the messages."""
    return {
        "title": conversation.title,
        "scope": conversation.scope.values(),
        "scoped": conversation.scope.words(),
        "exchanges": [
            {"number": each.number, "question": each.question, "rating": each.rating, "open": each.open}
            for each in conversation.exchanges
        ],
    }

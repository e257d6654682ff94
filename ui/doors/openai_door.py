"""`/v1/chat/completions` and `/v1/models`, as OpenAI's clients ask for them."""

import json
import time
from collections.abc import AsyncGenerator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from qa import Answer
from ui.doors.callers import Caller
from ui.doors.chat_completion import Completion
from ui.doors.chat_request import Chat
from ui.doors.chat_text import below
from ui.doors.desk import Desk
from ui.doors.refusals import Refusal, refusal_of
from ui.doors.replies import begun, grown, saying

OWN = "byline"
"""The model that answers as the library's settings say."""

TYPES = {400: "invalid_request_error", 404: "not_found_error", 429: "rate_limit_error"}
"""Status -> what OpenAI calls such an error; any other is the server's."""


def openai_routes(desk: Desk) -> APIRouter:
    routes = APIRouter()
    began = int(time.time())

    def described(name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": began, "owned_by": "byline"}

    @routes.post("/v1/chat/completions")
    @saying(_refused)
    async def complete(request: Request) -> Response:
        chat = Chat.model_validate_json(await request.body())
        writers = [] if chat.model == OWN else await desk.writers()
        question, caller = chat.question(writers), Caller(request)
        completion = Completion(question.writer or OWN)
        if not chat.stream:
            return JSONResponse(completion.whole(await desk.answer(question, caller)))
        pieces = await begun(grown(desk.ask(question, caller)))
        counted = chat.stream_options is not None and chat.stream_options.include_usage
        return StreamingResponse(_events(completion, pieces, counted), media_type="text/event-stream")

    @routes.get("/v1/models")
    @saying(_refused)
    async def models(request: Request) -> Response:
        names = [OWN, *await desk.writers()]
        return JSONResponse({"object": "list", "data": [described(name) for name in names]})

    @routes.get("/v1/models/{name:path}")
    @saying(_refused)
    async def model(request: Request, name: str) -> Response:
        if name not in (known := [OWN, *await desk.writers()]):
            return _refused(
                Refusal(404, f"There is no model {name!r}. There are {', '.join(known)}.", "model")
            )
        return JSONResponse(described(name))

    return routes


async def _events(
    completion: Completion, pieces: AsyncGenerator[str | Answer, None], counted: bool
) -> AsyncGenerator[str, None]:
    """The chunks as server-sent events."""
    try:
        yield _event(completion.opening())
        async for piece in pieces:
            if isinstance(piece, str):
                yield _event(completion.piece(piece))
                continue
            if sources := below(piece):
                yield _event(completion.piece(sources))
            yield _event(completion.closing(piece))
            if counted:
                yield _event(completion.counts(piece))
        yield "data: [DONE]\n\n"
    except Exception as error:
        yield _event(_error(refusal_of(error)))
    finally:
        await pieces.aclose()


def _event(values: dict[str, Any]) -> str:
    return f"data: {json.dumps(values, ensure_ascii=False)}\n\n"


def _refused(refusal: Refusal) -> Response:
    status = 400 if refusal.status == 422 else refusal.status
    return JSONResponse(_error(refusal), status, refusal.headers)


def _error(refusal: Refusal) -> dict[str, Any]:
    status = 400 if refusal.status == 422 else refusal.status
    kind = TYPES.get(status, "server_error")
    return {"error": {"message": refusal.message, "type": kind, "param": refusal.field, "code": None}}

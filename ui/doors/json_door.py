"""`POST /api/ask` and `POST /api/search`: plain JSON, for scripts.

A streamed answer is JSON Lines: `{"text": …}` again and again, which joined are the answer's text, and then
`{"answer": {…}}`, or `{"error": …}`.
"""

import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import Field

from qa import Answer
from ui.doors.callers import Caller
from ui.doors.desk import Desk
from ui.doors.refusals import Refusal, refusal_of
from ui.doors.replies import begun, grown, saying
from ui.doors.wanted import Query, Question
from ui.records import record


class Asked(Question):
    stream: Annotated[bool, Field(description="Whether the answer is to come as it is written.")] = False


def json_routes(desk: Desk) -> APIRouter:
    routes = APIRouter()

    @routes.post("/api/ask")
    @saying(_refused)
    async def ask(request: Request) -> Response:
        question = Asked.model_validate_json(await request.body())
        if not question.stream:
            return JSONResponse(record(await desk.answer(question, Caller(request))))
        pieces = await begun(grown(desk.ask(question, Caller(request))))
        return StreamingResponse(_lines(pieces), media_type="application/x-ndjson")

    @routes.post("/api/search")
    @saying(_refused)
    async def search(request: Request) -> Response:
        query = Query.model_validate_json(await request.body())
        return JSONResponse({"query": query.query, "hits": await desk.search(query, Caller(request))})

    return routes


def _refused(refusal: Refusal) -> Response:
    return JSONResponse({"error": refusal.message}, refusal.status, refusal.headers)


async def _lines(pieces: AsyncGenerator[str | Answer, None]) -> AsyncGenerator[str, None]:
    try:
        async for piece in pieces:
            yield _line({"answer": record(piece)} if isinstance(piece, Answer) else {"text": piece})
    except Exception as error:
        yield _line({"error": refusal_of(error).message})
    finally:
        await pieces.aclose()


def _line(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False) + "\n"

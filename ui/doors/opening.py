"""The doors that are open, as routes of the application."""

from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from fastapi import FastAPI
from starlette.routing import Route

from ui.doors.desk import Desk
from ui.doors.json_door import json_routes
from ui.doors.openai_door import openai_routes
from ui.doors.opened import Doors


class Opening:
    """Adds the routes of the doors; `running` is entered while the application is served.

    BylineError where a package is missing. Gradio's endpoints are made with its page (`ui.chat`).
    """

    def __init__(self, desk: Desk, doors: Doors) -> None:
        self._desk = desk
        self._doors = doors
        self._sessions: Any = None
        if doors.mcp:
            from ui.doors import mcp_door

            self._sessions = mcp_door.Sessions(desk)

    def add_to(self, app: FastAPI) -> None:
        if self._doors.api:
            app.include_router(json_routes(self._desk))
            app.include_router(openai_routes(self._desk))
        if self._sessions is not None:
            methods = ["GET", "POST", "DELETE"]
            app.router.routes.append(Route("/mcp", endpoint=self._sessions, methods=methods))

    def running(self) -> AbstractAsyncContextManager[Any]:
        return nullcontext() if self._sessions is None else self._sessions.running()

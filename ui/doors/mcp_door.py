"""The tools over MCP, the Model Context Protocol: at `/mcp`, or on standard input and output.

The only importer of the package `mcp`, which is an extra: it brings cryptography along, for logins that
Byline has no use for. https://modelcontextprotocol.io/specification
"""

import json
import sys
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import anyio
from starlette.types import Receive, Scope, Send

from index.errors import BylineError
from ui.doors.callers import Caller
from ui.doors.desk import Desk
from ui.doors.refusals import refusal_of
from ui.doors.tools import INSTRUCTIONS, TOOLS
from ui.library import PAUSE, Library

if TYPE_CHECKING:
    from mcp.server import Server, ServerRequestContext
    from mcp.types import CallToolRequestParams, PaginatedRequestParams

MAX_SESSIONS = 500
IDLE = 600.0
"""Seconds after which a session that asks nothing is forgotten; its client then begins another."""
MAX_BODY = 1_000_000
"""Bytes of a request."""


def check_installed() -> None:
    """BylineError, with what to install, where the package is missing."""
    if find_spec("mcp") is None:
        raise BylineError(
            "MCP needs a package that is not installed.", 'Install it with: pip install "byline[mcp]"'
        )


class Sessions:
    """An ASGI application for `/mcp`, while `running` is entered. `ui.security` keeps foreign sites out."""

    def __init__(self, desk: Desk) -> None:
        check_installed()
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        self._manager = StreamableHTTPSessionManager(
            server(desk), session_idle_timeout=IDLE, max_sessions=MAX_SESSIONS, max_request_body_size=MAX_BODY
        )

    def running(self) -> AbstractAsyncContextManager[None]:
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._manager.handle_request(scope, receive, send)


def serve_standard_streams(library: Library) -> None:
    """Speaks with the program that started this one until it closes standard input.

    Meanwhile whatever else is written to standard output goes to standard error.
    """
    check_installed()
    from mcp.server.stdio import stdio_server

    async def run() -> None:
        spoken = server(Desk(library))
        async with stdio_server() as (incoming, outgoing):
            library.open()
            await spoken.run(incoming, outgoing, spoken.create_initialization_options())
            while library.is_opening:  # a process that ends while its models are being loaded is aborted
                await anyio.sleep(PAUSE)
            sys.stdout.flush()
        library.close()

    anyio.run(run)


def server(desk: Desk) -> "Server[Any]":
    """The tools, whatever they are spoken to over."""
    from mcp import MCPError
    from mcp.server import Server
    from mcp.types import INVALID_PARAMS, CallToolResult, ListToolsResult, TextContent, Tool, ToolAnnotations

    async def list_tools(
        context: "ServerRequestContext[Any]", params: "PaginatedRequestParams | None"
    ) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=name,
                    title=tool.title,
                    description=tool.about,
                    input_schema=tool.takes.model_json_schema(),
                    annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
                )
                for name, tool in TOOLS.items()
            ]
        )

    async def call_tool(
        context: "ServerRequestContext[Any]", params: "CallToolRequestParams"
    ) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name!r}. There are {', '.join(TOOLS)}.")
        try:
            wanted = tool.takes.model_validate(params.arguments or {})
            values = await tool.use(desk, wanted, Caller(context.request))
        except Exception as error:
            return CallToolResult(content=[TextContent(text=refusal_of(error).message)], is_error=True)
        told = TextContent(text=json.dumps(values, ensure_ascii=False))
        return CallToolResult(content=[told], structured_content=values)

    return Server(
        "byline",
        version=version("byline"),
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )

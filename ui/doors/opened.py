"""Which doors are open, and what that lets in. Those that are shut are not there."""

import re
from dataclasses import dataclass

_API = ("/api/", "/v1/", "/gradio_api/info")
_MCP = ("/mcp",)
_API_WRITES = r"POST /api/(ask|search)|POST /v1/chat/completions"
_MCP_WRITES = r"(POST|DELETE) /mcp"


@dataclass(frozen=True, slots=True)
class Doors:
    """`api` is plain JSON, OpenAI's and Gradio's; `mcp` is MCP at `/mcp`."""

    api: bool = False
    mcp: bool = False

    @property
    def shut(self) -> tuple[str, ...]:
        """How the paths begin that are not there."""
        return (() if self.api else _API) + (() if self.mcp else _MCP)

    def takes(self, request: str) -> bool:
        """Whether `POST /path` goes through one of them."""
        return (self.api and re.fullmatch(_API_WRITES, request) is not None) or (
            self.mcp and re.fullmatch(_MCP_WRITES, request) is not None
        )


NO_DOORS = Doors()

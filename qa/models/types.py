"""What a provider is, and what it is asked to open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an address: all that is needed to open it but the key. `context` and `answer` are tokens,
    `seconds` the longest silence that is waited through."""

    provider: str
    model: str
    url: str
    context: int
    answer: int
    seconds: float

    @property
    def host(self) -> str:
        """The host and port of its address, which alone say who is asked."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.hostname or self.url}{port}"


@dataclass(frozen=True, slots=True)
class Provider:
    """`open` makes the LlamaIndex LLM of an endpoint with a key, importing what it needs only then.

    `module` comes with the extra of that name. `variable` holds the key for `url`, the address where the
    settings name none; an address of one's own is only ever sent `BYLINE_LLM_KEY`.
    """

    open: Callable[[Endpoint, str], "LLM"]
    module: str
    extra: str
    url: str
    variable: str | None = None

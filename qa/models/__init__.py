"""Models that write: which there are, and how one is opened. A provider is one file and one line here.

A model is named `provider/model`, such as `ollama/llama3.2`. Keys come from the environment only.
"""

import os
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from index.errors import SettingsError

from . import anthropic, ollama, openai_like
from .types import Endpoint, Provider

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

PROVIDERS: dict[str, Provider] = {
    "ollama": ollama.PROVIDER,
    "openai": openai_like.PROVIDER,
    "anthropic": anthropic.PROVIDER,
}

KEY = "BYLINE_LLM_KEY"

__all__ = ["KEY", "PROVIDERS", "Endpoint", "Provider", "check_ready", "key_of", "named", "opened"]


def named(llm: str) -> tuple[str, str]:
    """`ollama/llama3.2` as its provider and its model. SettingsError where it is none."""
    provider, _, model = llm.strip().partition("/")
    if provider not in PROVIDERS or not model:
        raise SettingsError(
            f"llm is {llm!r}; it must be a provider and its model, such as ollama/llama3.2. "
            f"The providers are {', '.join(PROVIDERS)}."
        )
    return provider, model


def key_of(endpoint: Endpoint) -> str:
    """The key that the endpoint is sent: BYLINE_LLM_KEY, else, at its own address, the provider's; or ""."""
    provider = PROVIDERS[endpoint.provider]
    own = os.environ.get(provider.variable, "") if provider.variable and endpoint.url == provider.url else ""
    return (os.environ.get(KEY, "") or own).strip()


def check_ready(endpoint: Endpoint) -> None:
    """SettingsError, with what to install or to set, where the endpoint cannot be asked as things are."""
    provider = PROVIDERS[endpoint.provider]
    if not _installed(provider.module):
        raise SettingsError(
            f"{endpoint.provider}/{endpoint.model} needs packages that are not installed. "
            f'Install them with: pip install "byline[{provider.extra}]"'
        )
    if provider.variable and endpoint.url == provider.url and not key_of(endpoint):
        raise SettingsError(
            f"{endpoint.provider}/{endpoint.model} needs a key. Set {provider.variable} in the environment."
        )


def opened(endpoint: Endpoint) -> "LLM":
    """The LlamaIndex LLM of an endpoint, which is kept for the next question. SettingsError."""
    check_ready(endpoint)
    return _opened(endpoint, key_of(endpoint))


@lru_cache(maxsize=8)
def _opened(endpoint: Endpoint, key: str) -> "LLM":
    return PROVIDERS[endpoint.provider].open(endpoint, key)


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False

"""Models that Ollama runs, by default on this machine."""

from typing import TYPE_CHECKING

from .types import Endpoint, Provider

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def open_llm(endpoint: Endpoint, key: str) -> "LLM":
    from llama_index.llms.ollama import Ollama

    return Ollama(
        model=endpoint.model,
        base_url=endpoint.url,
        context_window=endpoint.context,  # Ollama cuts prompts at 2,048 or 4,096 tokens unless it is told
        request_timeout=endpoint.seconds,
        temperature=0.0,
        additional_kwargs={"num_predict": endpoint.answer},
        headers={"Authorization": f"Bearer {key}"} if key else None,
    )


PROVIDER = Provider(
    open=open_llm, module="llama_index.llms.ollama", extra="ollama", url="http://127.0.0.1:11434"
)

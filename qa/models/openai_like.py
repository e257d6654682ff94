"""Any endpoint that speaks OpenAI's chat completions: OpenAI, vLLM, llama.cpp, LM Studio, OpenRouter …"""

from typing import TYPE_CHECKING

from .types import Endpoint, Provider

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def open_llm(endpoint: Endpoint, key: str) -> "LLM":
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=endpoint.model,
        api_base=endpoint.url,
        api_key=key or "none",  # servers of one's own take any; the client refuses to have none
        context_window=endpoint.context,
        max_tokens=endpoint.answer,
        temperature=0.0,
        is_chat_model=True,
        max_retries=0,  # retrying.py does that
        timeout=endpoint.seconds,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )


PROVIDER = Provider(
    open=open_llm,
    module="llama_index.llms.openai_like",
    extra="openai",
    url="https://api.openai.com/v1",
    variable="OPENAI_API_KEY",
)

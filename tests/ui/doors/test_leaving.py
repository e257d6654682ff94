"""Whoever goes away ends the work that was done for them, within a second, whatever the door."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from gradio_client import Client as GradioClient
from mcp import Client as McpClient
from openai import OpenAI

from tests.servers.scripted import Reply, Request, Server

QUESTION = "Who lit the harbour lamp?"
SILENT = Reply(["It was "], then="silent")
MUTE = Reply([], then="silent")


def asked(model: Server) -> None:
    """Waits until the model is asked."""
    while not model.requests:
        time.sleep(0.01)


def assert_left(model: Server, since: float) -> None:
    assert model.gone.wait(10), "the model was never left"
    assert model.gone_at - since < 1


@pytest.mark.parametrize("path", ["api/ask", "v1/chat/completions"])
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("reply", [SILENT, MUTE], ids=["after a word", "before a word"])
def test_over_http(written: Any, path: str, stream: bool, reply: Reply) -> None:
    url, model = written(reply)
    body: dict[str, Any] = {"question": QUESTION}
    if path.startswith("v1"):
        body = {"model": "byline", "messages": [{"role": "user", "content": QUESTION}]}

    async def ask_and_leave() -> float:
        async with httpx.AsyncClient(base_url=url, timeout=None) as client:
            asking = asyncio.create_task(client.post(path, json={**body, "stream": stream}))
            await asyncio.to_thread(asked, model)
            await asyncio.sleep(0.3)
            asking.cancel()
            return time.perf_counter()

    assert_left(model, asyncio.run(ask_and_leave()))


def test_openais_client_closes_a_stream(written: Any) -> None:
    url, model = written(SILENT)
    with OpenAI(base_url=f"{url}v1", api_key="none", max_retries=0) as ai:
        messages: Any = [{"role": "user", "content": QUESTION}]
        stream = ai.chat.completions.create(model="byline", messages=messages, stream=True)
        assert next(iter(stream)).choices[0].delta.role == "assistant"
        stream.close()
        assert_left(model, time.perf_counter())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_agent_cancels(written: Any, mode: Any) -> None:
    url, model = written(SILENT)

    async def ask_and_leave() -> float:
        async with McpClient(f"{url}mcp", mode=mode) as client:
            asking = asyncio.create_task(client.call_tool("ask", {"question": QUESTION}))
            await asyncio.to_thread(asked, model)
            asking.cancel()
            left = time.perf_counter()
            await asyncio.to_thread(model.gone.wait, 10)
            return left

    assert_left(model, asyncio.run(ask_and_leave()))


@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25"])
def test_an_agents_connection_breaks(written: Any, version: str) -> None:
    url, model = written(SILENT)
    headers = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": version,
        "Content-Type": "application/json",
    }
    information = {"name": "t", "version": "1"}

    def message(method: str, **params: Any) -> bytes:
        return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()

    async def ask_and_leave() -> float:
        async with httpx.AsyncClient(base_url=url, headers=headers, timeout=None) as client:
            begun = await client.post(
                "mcp",
                content=message(
                    "initialize", protocolVersion=version, capabilities={}, clientInfo=information
                ),
            )
            session = {"Mcp-Session-Id": begun.headers["mcp-session-id"]}
            call = message("tools/call", name="ask", arguments={"question": QUESTION})
            asking = asyncio.create_task(client.post("mcp", content=call, headers=session))
            await asyncio.to_thread(asked, model)
            asking.cancel()
            return time.perf_counter()

    assert_left(model, asyncio.run(ask_and_leave()))


def test_gradios_client_cancels(written: Any) -> None:
    url, model = written(SILENT)
    client = GradioClient(url, verbose=False, analytics_enabled=False)
    job = client.submit(question=QUESTION, api_name="/ask")
    asked(model)
    while not job.outputs():
        time.sleep(0.02)
    job.cancel()
    assert_left(model, time.perf_counter())
    client.close()


def test_whoever_stays_is_answered(written: Callable[..., tuple[str, Server]]) -> None:
    def slow(request: Request) -> Reply:
        return Reply(["It burned ", "for nine ", "hours."], pause=0.5)

    url, model = written(answering=slow)
    response = httpx.post(f"{url}api/ask", json={"question": QUESTION}, timeout=None)
    assert response.json()["text"].startswith("It burned for nine hours")
    assert not model.gone.is_set()

"""Doors are shut unless they are asked for, and other sites stay outside."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from ui.app import LOCAL_NAMES, assemble
from ui.doors.opened import Doors
from ui.library import Library

API = [
    ("POST", "/api/ask"),
    ("POST", "/api/search"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/byline"),
    ("GET", "/gradio_api/info"),
]
MCP = [("POST", "/mcp"), ("GET", "/mcp"), ("DELETE", "/mcp")]
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def opened(library: Library) -> Iterator[Callable[..., TestClient]]:
    clients: dict[Doors, TestClient] = {}

    def make(**doors: bool) -> TestClient:
        wanted = Doors(**doors)
        if wanted not in clients:
            app = assemble(library, hosts=LOCAL_NAMES, doors=wanted)
            clients[wanted] = TestClient(app, base_url="http://localhost:7860")
        return clients[wanted]

    yield make


@pytest.mark.parametrize(("method", "path"), [*API, *MCP])
def test_what_is_not_asked_for_is_not_there(
    opened: Callable[..., TestClient], method: str, path: str
) -> None:
    assert opened().request(method, path, json={}).status_code == 404
    one = opened(mcp=True) if (method, path) in API else opened(api=True)
    assert one.request(method, path, json={}).status_code == 404


def test_gradios_endpoints_are_not_made_unless_asked_for(opened: Callable[..., TestClient]) -> None:
    def named(client: TestClient) -> set[str]:
        return {each["api_name"] for each in client.get("/config").json()["dependencies"]}

    public = {"ask", "search"}
    assert public <= named(opened(api=True))
    found = opened().get("/config").json()["dependencies"]
    assert all(each["api_visibility"] == "private" for each in found)


@pytest.mark.parametrize(("method", "path"), API)
def test_what_is_asked_for_is_there(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path, json={}).status_code in (200, 400, 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/models"), ("POST", "/v1/embeddings"), ("DELETE", "/api/ask"), ("PUT", "/mcp")],
)
def test_nothing_else_is_taken(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path, json={}).status_code == 405


@pytest.mark.parametrize(("method", "path"), [each for each in (*API, *MCP) if each[0] != "GET"])
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    ids=["origin", "fetch", "null"],
)
def test_a_page_of_another_site_is_refused(
    client: httpx.Client, method: str, path: str, headers: dict[str, str]
) -> None:
    assert client.request(method, path, json={}, headers=headers).status_code == 403


@pytest.mark.parametrize(("method", "path"), [*API, *MCP])
def test_a_name_that_points_here_is_refused(client: httpx.Client, method: str, path: str) -> None:
    response = client.request(method, path, json={}, headers={"Host": "evil.example"})
    assert response.status_code == 421


@pytest.mark.parametrize(("method", "path"), [each for each in (*API, *MCP) if each[0] == "POST"])
def test_what_is_too_long_is_refused(client: httpx.Client, method: str, path: str) -> None:
    assert client.post(path, content=b" " * 1_000_001).status_code == 413


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", {"question": "Who?"}),
        ("/v1/chat/completions", {"model": "byline", "messages": [{"role": "user", "content": "Who?"}]}),
        ("/mcp", INITIALIZE),
    ],
)
def test_every_response_carries_the_headers(client: httpx.Client, path: str, body: Any) -> None:
    response = client.post(path, json=body, headers={"Accept": "application/json, text/event-stream"})
    assert response.status_code == 200
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in response.headers["content-security-policy"]

"""What every response carries, and what is refused."""

import os
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from tests.ui.scripted import FIRST, scripted_assistant
from ui.app import LOCAL_NAMES, assemble
from ui.library import Library
from ui.render import address


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    library = Library(scripted_assistant)  # type: ignore[arg-type]
    with TestClient(assemble(library, hosts=LOCAL_NAMES), base_url="http://localhost:7860") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/" + address(FIRST), "/byline/byline.js", "/nowhere", "/theme.css"])
def test_every_response_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy and "http" not in policy
    assert not re.search(r"script-src[^;]*'unsafe-inline'", policy)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_each_script_of_the_page_has_the_nonce_of_its_response(client: TestClient) -> None:
    nonces = set()
    for _ in range(2):
        response = client.get("/")
        nonce = re.search(r"'nonce-([\w-]+)'", response.headers["content-security-policy"])
        assert nonce is not None
        assert set(re.findall(r"<script( nonce=\"[^\"]*\")?", response.text)) == {f' nonce="{nonce[1]}"'}
        assert int(response.headers["content-length"]) == len(response.content)
        nonces.add(nonce[1])
    assert len(nonces) == 2


def test_the_page_names_no_address_to_load_from_elsewhere(client: TestClient) -> None:
    page = client.get("/").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!localhost)[^"]*"', page)


def test_nothing_is_reported_or_shared(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["analytics_enabled"] is False and config["space_id"] is None
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert "gradio.live" not in client.get("/").text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/gradio_api/upload", 404),
        ("GET", "/gradio_api/upload_progress", 404),
        ("GET", "/gradio_api/file=/etc/passwd", 404),
        ("GET", "/gradio_api/proxy=http://example.org", 404),
        ("GET", "/gradio_api/info", 404),
        ("GET", "/gradio_api/vibe-code", 404),
        ("GET", "/monitoring", 404),
        ("GET", "/docs", 404),
        ("GET", "/openapi.json", 404),
        ("POST", "/gradio_api/call/ask", 405),
        ("POST", "/gradio_api/run/ask", 405),
        ("POST", "/login", 405),
        ("DELETE", "/", 405),
    ],
)
def test_what_the_page_has_no_use_for_is_refused(
    client: TestClient, method: str, path: str, status: int
) -> None:
    assert client.request(method, path).status_code == status


@pytest.mark.parametrize("length", ["2000000", "-1", "x"])
def test_a_body_that_is_too_long_is_refused(client: TestClient, length: str) -> None:
    response = client.post("/gradio_api/queue/join", content=b"", headers={"Content-Length": length})
    assert response.status_code == 413


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:7860", "", "[::2]", "["])
def test_a_local_server_is_not_reached_by_another_name(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_a_local_server_answers_to_local_names(client: TestClient, host: str) -> None:
    assert client.get("/robots.txt", headers={"Host": host}).status_code == 200

"""Routes of the conversations: what a script may ask of them, and of whose."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from qa import Answer
from tests.ui.scripted import FIRST, scripted_assistant
from ui.app import assemble
from ui.conversations import Conversations
from ui.export import as_markdown, file_name
from ui.library import Library
from ui.store import Store

ADA, BO = {"X-Person": "ada"}, {"X-Person": "bo"}


@pytest.fixture
def conversations(monkeypatch: pytest.MonkeyPatch) -> Conversations:
    monkeypatch.setattr("ui.people.user_of", lambda request: request.headers.get("x-person", ""))
    kept = Conversations(Store.open(None))
    exchange = kept.get("ada", "1").ask("Who *lit* it?")
    exchange.finish(Answer(exchange.question, "Ada. [1]", citations=(FIRST,), confidence=0.95))
    kept.get("ada", "1").save(exchange)
    return kept


@pytest.fixture
def client(conversations: Conversations, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr("ui.app.Conversations", lambda store: conversations)
    with TestClient(assemble(Library(scripted_assistant))) as client:  # type: ignore[arg-type]
        yield client


def test_each_route_is_of_the_one_who_asks(client: TestClient) -> None:
    assert [row["title"] for row in client.get("/conversations", headers=ADA).json()] == ["Who *lit* it?"]
    assert client.get("/conversations", headers=BO).json() == []
    assert client.get("/conversations/1", headers=BO).json()["exchanges"] == []
    for method, path, body in (
        ("PATCH", "/conversations/1", {"title": "x"}),
        ("PUT", "/conversations/1/exchanges/1/rating", {"rating": "like"}),
        ("GET", "/conversations/1/exchanges/1/text", None),
        ("GET", "/conversations/1/export", None),
    ):
        assert client.request(method, path, json=body, headers=BO).status_code == 404, path
        assert client.request(method, path, json=body, headers=ADA).status_code < 300, path
    client.delete("/conversations/1", headers=BO)
    assert client.get("/conversations", headers=ADA).json()[0]["title"] == "x"
    assert client.delete("/conversations/1", headers=ADA).status_code == 204
    assert client.get("/conversations", headers=ADA).json() == []


def test_an_export_has_the_exact_spans(client: TestClient) -> None:
    response = client.get("/conversations/1/export?format=json", headers=ADA)
    assert response.headers["content-disposition"] == 'attachment; filename="who-lit-it.json"'
    (exchange,) = json.loads(response.text)["exchanges"]
    (citation,) = exchange["answer"]["citations"]
    assert (citation["start"], citation["end"], citation["quote"]) == (FIRST.start, FIRST.end, FIRST.quote)
    assert citation["published"] == "2025-03-14" and citation["link"] == FIRST.link


def test_markdown_shows_what_was_asked_as_it_was_asked(conversations: Conversations) -> None:
    markdown = as_markdown(conversations.get("ada", "1"))
    assert "## Who \\*lit\\* it?" in markdown
    assert f"characters {FIRST.start}–{FIRST.end} of `{FIRST.article_id}`" in markdown


def test_a_file_name_is_plain_whatever_the_title() -> None:
    conversation = Conversations(Store.open(None)).get("", "1")
    conversation.title = '../"x"\r\nÜber'
    assert file_name(conversation, "md") == "x-ber.md"
    conversation.title = "??"
    assert file_name(conversation, "md") == "conversation.md"


@pytest.mark.parametrize("rating", ["great", "", None])
def test_a_rating_is_one_of_three(client: TestClient, rating: str | None) -> None:
    path = "/conversations/1/exchanges/1/rating"
    assert client.put(path, json={"rating": rating}, headers=ADA).status_code == (
        204 if rating == "" else 422
    )
    assert (
        client.put(path.replace("1/rating", "9/rating"), json={"rating": ""}, headers=ADA).status_code == 404
    )


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.delete("/conversations/1", headers=ADA | headers).status_code == 403
    assert len(client.get("/conversations", headers=ADA).json()) == 1


def test_nothing_can_be_added_where_there_is_no_library_to_add_to(client: TestClient) -> None:
    assert client.post("/library/builds", json={}).status_code in (404, 405)
    assert client.put("/library/files/a.md", content=b"x").status_code in (404, 405)
    assert "Add articles" not in client.get("/library").text

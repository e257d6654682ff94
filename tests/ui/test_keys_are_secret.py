"""Keys, passwords and cookies: in no log, no error, no configuration of the page and no export."""

import json
import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.errors import BylineError
from qa import Answer
from tests.ui.scripted import scripted_assistant
from ui.app import assemble
from ui.conversations import Conversations
from ui.library import Library
from ui.store import Store
from ui.users import Users

PASSWORD = "a lamp in the window"
KEY = "sk-canary-0123456789"


def test_nothing_that_is_served_or_logged_has_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "BYLINE_LLM_KEY"):
        monkeypatch.setenv(variable, KEY)
    caplog.set_level(logging.DEBUG)
    users = Users(tmp_path)
    users.add("ada", PASSWORD)
    theirs = users.new_key("ada")
    conversations = Conversations(Store.open(tmp_path))
    conversation = conversations.get("ada", "1")
    exchange = conversation.ask("Who?")
    exchange.finish(Answer("Who?", "She."))
    conversation.save(exchange)
    conversations.close()
    client = TestClient(
        assemble(Library(scripted_assistant), tmp_path, users=users),  # type: ignore[arg-type]
        raise_server_exceptions=False,
        follow_redirects=False,
    )
    said = [client.post("/login", data={"name": "ada", "password": PASSWORD + "."}).text]
    logged_in = client.post("/login", data={"name": "ada", "password": PASSWORD})
    token = client.cookies["byline-session"]
    said.append(logged_in.text)
    for path in (
        "/",
        "/config",
        "/login",
        "/person",
        "/options",
        "/library",
        "/library/state",
        "/conversations/1",
        "/conversations/1/export?format=md",
        "/conversations/1/export?format=json",
        "/nowhere",
    ):
        said.append(client.get(path).text)
        said.append(client.get(path, headers={"Authorization": f"Bearer {theirs}"}).text)
    said.append(client.post("/gradio_api/queue/join", content=b"{").text)
    everything = "\n".join(
        [*said, caplog.text, json.dumps([record.getMessage() for record in caplog.records])]
    )
    for secret in (KEY, PASSWORD, theirs, token, users.all()["ada"].password, users.all()["ada"].key):
        assert secret not in everything
    assert len(said) > 20 and "Byline" in everything


def test_an_error_of_the_users_file_does_not_show_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "users.json").write_text(
        f'{{"users": [{{"name": "ada", "password": "{KEY}"', encoding="utf-8"
    )
    with pytest.raises(BylineError) as raised:
        Users(tmp_path).all()
    assert KEY not in str(raised.value)

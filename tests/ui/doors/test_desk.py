"""The one place where programs ask: its gate, and the articles that can be read through it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from gradio_client import Client as GradioClient
from gradio_client.exceptions import AppError
from mcp import Client as McpClient
from openai import OpenAI

from index.errors import ArticleNotFound, BylineError, LibraryNotFound
from qa import Answer, Assistant
from tests.servers.scripted import Server, quoting
from ui.doors.callers import Caller
from ui.doors.desk import Desk
from ui.doors.wanted import Page, Query, Question
from ui.library import Library
from ui.streaming import Asking

ASKED: Any = [{"role": "user", "content": "Who lit the harbour lamp?"}]


# The gate


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("api/ask", {"question": "Who lit the harbour lamp?"}),
        ("v1/chat/completions", {"model": "byline", "messages": ASKED}),
    ],
)
def test_a_gate_is_passed_by_name_and_address_and_left(
    written: Callable[..., tuple[str, Server]],
    gate: Any,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    body: dict[str, Any],
    stream: bool,
) -> None:
    monkeypatch.setattr("ui.people.user_of", lambda request: request.headers.get("x-person", ""))
    url, _ = written(answering=quoting)
    response = httpx.post(
        url + path, json={**body, "stream": stream}, headers={"X-Person": "ada"}, timeout=None
    )
    assert response.status_code == 200
    assert [(caller.user, caller.request.client.host) for caller in gate.came] == [("ada", "127.0.0.1")]
    assert gate.left == 1


def test_a_gate_that_is_shut_is_told_by_each_door_in_its_own_way(
    written: Callable[..., tuple[str, Server]], gate: Any
) -> None:
    url, model = written(answering=quoting)
    gate.open = False
    said = "You have asked a lot. Please ask again in 7 seconds."
    for path, body in (
        ("api/ask", {"question": "?"}),
        ("api/ask", {"question": "?", "stream": True}),
        ("api/search", {"query": "?"}),
    ):
        plain = httpx.post(url + path, json=body, timeout=None)
        assert (plain.status_code, plain.headers["retry-after"]) == (429, "7")
        assert plain.json() == {"error": said}

    with OpenAI(base_url=f"{url}v1", api_key="none", max_retries=0) as ai:
        for stream in (False, True):
            with pytest.raises(openai.RateLimitError, match=said) as raised:
                ai.chat.completions.create(model="byline", messages=ASKED, stream=stream)
            assert raised.value.response.headers["retry-after"] == "7"
            assert raised.value.type == "rate_limit_error"

    gradio = GradioClient(url, verbose=False, analytics_enabled=False)
    with pytest.raises(AppError, match=said):
        gradio.predict(question="?", api_name="/ask")
    gradio.close()

    async def call() -> Any:
        async with McpClient(f"{url}mcp") as client:
            return await client.call_tool("ask", {"question": "?"})

    result = asyncio.run(call())
    assert result.is_error and result.content[0].text == said
    assert model.requests == []


def test_the_gate_is_left_when_the_work_fails(library: Library, gate: Any) -> None:
    with pytest.raises(BylineError):
        asyncio.run(Desk(library, gate).answer(Question(question=" "), Caller()))
    assert len(gate.came) == gate.left == 1


def test_an_answer_reads_the_share_that_the_gate_gives(
    library: Library, gate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []

    async def follow(assistant: Assistant, asking: Asking, here: Any) -> AsyncIterator[Answer]:
        reads.append(asking.settings.read)
        yield assistant.ask("Who lit the harbour lamp?")

    monkeypatch.setattr("ui.doors.desk.follow", follow)
    for gate.share in (1.0, 0.3):
        asyncio.run(Desk(library, gate).answer(Question(question="Who lit the harbour lamp?"), Caller()))
    assert reads == [10, 3]


# Reading


def read(desk: Desk, name: str, **values: int) -> dict[str, Any]:
    return asyncio.run(desk.read(Page(article=name, **values), Caller()))


def test_an_article_is_found_by_id_url_or_title(desk: Desk, shelf: Any) -> None:
    id = shelf.ids()["station.md"]
    assert read(desk, id)["title"] == "The station clock"
    assert read(desk, "the STATION clock ")["article_id"] == id
    for url in ("https://quay.example/lamp", "https://quay.example/lamp#:~:text=Ada"):
        assert read(desk, url)["article_id"] == shelf.ids()["harbour.md"]


def test_a_title_of_several_articles_names_their_ids(desk: Desk, shelf: Any) -> None:
    with pytest.raises(ArticleNotFound, match="2 articles are called 'The harbour lamp'") as raised:
        read(desk, "The harbour lamp")
    for name in ("harbour.md", "second.md"):
        assert repr(shelf.ids()[name]) in str(raised.value)


def test_no_path_is_read(desk: Desk, shelf: Any) -> None:
    source = shelf.articles / "harbour.md"
    for name in ("/etc/passwd", "../articles/harbour.md", source.as_uri(), str(source), "~/.ssh/id_rsa"):
        with pytest.raises(ArticleNotFound, match="There is no article with the id, URL or title"):
            read(desk, name)


@pytest.mark.parametrize(
    ("start", "characters", "place"), [(0, 10, (0, 10)), (5, 3, (5, 8)), (10**9, 5, None)]
)
def test_a_page_is_a_stretch_of_the_text(
    desk: Desk, shelf: Any, start: int, characters: int, place: tuple[int, int] | None
) -> None:
    with shelf.open() as index:
        text = index.article(shelf.ids()["station.md"]).text
    page = read(desk, "The station clock", start=start, characters=characters)
    begin, end = place or (len(text), len(text))
    assert (page["start"], page["end"], page["text"]) == (begin, end, text[begin:end])
    assert page["next"] == (end if end < len(text) else None)


def test_an_article_that_went_meanwhile_is_left_out_of_the_hits(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import Index

    def gone(_: Index, id: str) -> None:
        raise ArticleNotFound(f"There is no article {id!r}.")

    assert asyncio.run(desk.search(Query(query="lamp"), Caller()))
    monkeypatch.setattr(Index, "article", gone)
    assert asyncio.run(desk.search(Query(query="lamp"), Caller())) == []


# Without a library


def test_a_library_that_is_not_there_says_how_to_build_it(tmp_path: Path) -> None:
    desk = Desk(Library(lambda: Assistant.open(tmp_path / "none")))
    with pytest.raises(LibraryNotFound, match="byline index build"):
        asyncio.run(desk.answer(Question(question="Who?"), Caller()))

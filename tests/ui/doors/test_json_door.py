"""Plain JSON: an answer with everything that it rests on, whole and as it is written; what is refused."""

import json
from typing import Any

import httpx
import pytest

from index.days import from_iso
from qa import Answer, Citation
from tests.servers.scripted import Reply, quoting
from ui.records import answer_of

LAMP = "Ada Lind lit the harbour lamp on Monday."
QUESTION = "Who lit the harbour lamp?"


def asked(client: httpx.Client, **values: Any) -> Answer:
    response = client.post("/api/ask", json=values)
    assert response.status_code == 200, response.text
    return answer_of(response.json())


def lines(client: httpx.Client, **values: Any) -> list[dict[str, Any]]:
    with client.stream("POST", "/api/ask", json={"stream": True, **values}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in response.iter_lines()]


# Asking


def test_an_answer_carries_everything(client: httpx.Client, shelf: Any) -> None:
    found = client.post("/api/ask", json={"question": QUESTION}).json()
    assert found["question"] == QUESTION
    assert "lit the harbour lamp" in found["text"] and "[1]" in found["text"]
    assert found["short"] and 0 <= found["confidence"] <= 1 and found["abstained"] is False
    cited = found["citations"][0]
    assert cited == {
        "marker": 1,
        "article_id": shelf.ids()["harbour.md"],
        "title": "The harbour lamp",
        "url": "https://quay.example/lamp",
        "site": "The Quay",
        "published": "2024-05-01",
        "quote": LAMP,
        "start": 0,
        "end": len(LAMP),
        "link": f"https://quay.example/lamp#:~:text={LAMP.replace(' ', '%20')}",
    }
    with shelf.open() as index:
        for each in found["citations"]:
            assert index.article(each["article_id"]).text[each["start"] : each["end"]] == each["quote"]


def test_a_streamed_answer_is_the_same_piece_by_piece(client: httpx.Client) -> None:
    *pieces, last = lines(client, question=QUESTION)
    answer = answer_of(last["answer"])
    assert pieces and all(set(piece) == {"text"} for piece in pieces)
    assert "".join(piece["text"] for piece in pieces) == answer.text == asked(client, question=QUESTION).text


def test_history_makes_it_a_follow_up(client: httpx.Client) -> None:
    history = [{"question": "Who wound the station clock?", "answer": "Bo Sand."}]
    assert (
        asked(client, question="What did he pay?", history=history).citations[0].title == "The station clock"
    )


@pytest.mark.parametrize(
    ("within", "sites"),
    [
        ({"sites": ["the rail"]}, {"The Rail"}),
        ({"since": "2024-05-02"}, {"The Rail"}),
        ({"until": "2024-05-31"}, {"The Quay"}),
    ],
)
def test_only_what_is_within_is_read(client: httpx.Client, within: dict[str, Any], sites: set[str]) -> None:
    assert {cited.site for cited in asked(client, question=QUESTION, **within).citations} == sites
    hits = client.post("/api/search", json={"query": QUESTION, **within}).json()["hits"]
    assert {hit["site"] for hit in hits} == sites


def test_articles_are_named_by_their_ids(client: httpx.Client, shelf: Any) -> None:
    ids = [shelf.ids()["second.md"]]
    assert {each.article_id for each in asked(client, question=QUESTION, articles=ids).citations} == set(ids)


def test_the_number_of_sentences_can_be_chosen(client: httpx.Client) -> None:
    question = "Tell me about Bo Sand"
    assert len(asked(client, question=question, sentences=1).citations) == 1
    assert len(asked(client, question=question, sentences=3).citations) > 1


def test_a_model_writes_as_the_settings_say_and_can_be_left_out(written: Any) -> None:
    url, _ = written(answering=quoting)
    with httpx.Client(base_url=url, timeout=None) as client:
        assert asked(client, question=QUESTION).writer == "openai/m"
        assert asked(client, question=QUESTION, writer="extractive").writer == "extractive"
        refused = client.post("/api/ask", json={"question": QUESTION, "writer": "nobody"})
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("writer is 'nobody'; it must be one of extractive, openai/m,")


# Searching


def test_a_hit_is_an_exact_stretch_of_its_article(client: httpx.Client, shelf: Any) -> None:
    found = client.post("/api/search", json={"query": "station clock", "k": 2}).json()
    assert found["query"] == "station clock" and len(found["hits"]) == 2
    first = found["hits"][0]
    assert (first["title"], first["site"], first["published"]) == (
        "The station clock",
        "The Rail",
        "2024-06-01",
    )
    assert first["url"] is None and first["link"] is None and first["copies"] == []
    assert first["score"] >= found["hits"][1]["score"]
    with shelf.open() as index:
        for hit in found["hits"]:
            assert index.article(hit["article_id"]).text[hit["start"] : hit["end"]] == hit["text"]


def test_a_hit_on_the_web_has_a_link_to_its_words(client: httpx.Client) -> None:
    hit = client.post("/api/search", json={"query": "harbour lamp oil", "sites": ["The Quay"]}).json()[
        "hits"
    ][0]
    place = Citation(
        0, hit["article_id"], hit["title"], hit["url"], None, from_iso(hit["published"]), hit["text"], 0, 1
    )
    assert hit["link"] == place.link and "#:~:text=" in hit["link"]


# What is refused


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("ask", b"{", 400, "The body is not JSON: EOF while parsing an object at line 1 column 1."),
        ("ask", b"[" * 100_000, 400, "The body is not JSON: recursion limit exceeded at line 1 column"),
        ("ask", b"[]", 422, "It cannot be answered: input should be an object."),
        ("ask", b"{}", 422, "question is missing."),
        ("ask", b'{"question": " "}', 422, "The question is empty. Ask something, such as"),
        ("ask", b'{"question": 5}', 422, "question is 5: input should be a valid string."),
        (
            "ask",
            json.dumps({"question": "x" * 4_001}).encode(),
            422,
            "The question has 4,001 characters; 4,000 is the most. Shorten it.",
        ),
        (
            "ask",
            json.dumps({"question": "x" * 20_001}).encode(),
            422,
            f"question is '{'x' * 59}…: string should have at most 20000 characters.",
        ),
        ("ask", b'{"question": "Who?", "site": "x"}', 422, "There is no field site."),
        ("ask", b'{"question": "Who?", "sentences": 21}', 422, "sentences is 21: input should be less than"),
        (
            "ask",
            b'{"question": "Who?", "since": "May"}',
            422,
            "since is 'May': it must be a day, such as 2025-03-14.",
        ),
        ("ask", b'{"question": "Who?", "since": 20250314}', 422, "since is 20250314: it must be a day"),
        (
            "ask",
            b'{"question": "Who?", "since": "2025-01-02", "until": "2025-01-01"}',
            422,
            "It cannot be answered: since (2025-01-02) is after until (2025-01-01).",
        ),
        (
            "ask",
            json.dumps({"question": "?", "history": [{"question": "?"}] * 51}).encode(),
            422,
            "tuple should have at most 50 items after validation",
        ),
        (
            "ask",
            json.dumps({"question": "?", "sites": ["x"] * 201}).encode(),
            422,
            "tuple should have at most 200 items after validation",
        ),
        ("search", b'{"query": ""}', 422, "query is '': string should have at least 1 character."),
        ("search", b'{"query": "x", "k": 101}', 422, "k is 101: input should be less than or equal to 100."),
        ("search", b'{"query": "x", "k": 0}', 422, "k is 0: input should be greater than or equal to 1."),
        (
            "search",
            b'{"k": "many", "q": 1}',
            422,
            "query is missing. k is 'many': input should be a valid integer, unable to parse string as an "
            "integer. There is no field q.",
        ),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    client: httpx.Client, path: str, body: bytes, status: int, said: str
) -> None:
    response = client.post(f"/api/{path}", content=body)
    assert response.status_code == status
    assert set(response.json()) == {"error"}
    assert said in response.json()["error"] and "\n" not in response.json()["error"]


def test_a_streamed_answer_that_cannot_begin_has_a_status(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={"question": " ", "stream": True})
    assert response.status_code == 422


def test_what_was_not_meant_is_told_to_nobody_but_the_log(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret: /home/me")

    monkeypatch.setattr("index.search.search", broken)
    response = client.post("/api/search", json={"query": "x"})
    assert response.status_code == 500
    assert response.json() == {"error": "Something went wrong; the server's log says what."}
    assert "secret" in caplog.text


def test_a_model_that_breaks_off_is_told_in_the_answer(written: Any) -> None:
    url, _ = written(Reply(["It was "], then="cut"))
    with httpx.Client(base_url=url, timeout=None) as client:
        *_, last = lines(client, question=QUESTION)
    assert last["answer"]["notes"]

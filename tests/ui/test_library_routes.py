"""The library's routes, over a real library, with real builds: what is told, taken, and refused."""

import errno
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from index import build
from tests.ui.scripted import PUFFIN, scripted_assistant
from ui.app import assemble, create_app
from ui.library import Library

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]  # many builds

LAMP = "---\ntitle: The lamp\ndate: 2024-05-01\nsite: The Quay\n---\n\nAda lit the lamp on Monday.\n"
CLOCK = "---\ntitle: The clock\nsite: the rail\n---\n\nBo wound the clock on Friday.\n"
GULL = "---\ntitle: The gull\nsite: The Quay\n---\n\nA gull took the hat of the mayor.\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "own").mkdir()
    for name, text in {"lamp": LAMP, "clock": CLOCK, "gull": GULL}.items():
        (folder / "own" / f"{name}.md").write_text(text, encoding="utf-8")
    build([folder / "own"], library=folder / "library")
    return folder


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[TestClient]:
    with TestClient(create_app(home / "library")) as client:
        client.get("/library")  # waits until it is open
        yield client


def settled(client: TestClient, articles: int | None = None) -> dict[str, Any]:
    """The last work, once it is done, and the server knows of so many articles."""
    while (state := client.get("/library/state").json())["work"]["busy"]:
        time.sleep(0.05)
    while articles is not None and client.get("/library/state").json()["articles"] != articles:
        time.sleep(0.05)
    return state["work"]  # type: ignore[no-any-return]


def ids(client: TestClient, *titles: str) -> list[str]:
    rows = client.get("/library/articles").json()
    return [row["id"] for title in titles for row in rows if row["title"] == title]


def test_sites_are_counted_and_articles_are_found_by_words_and_by_id(client: TestClient) -> None:
    assert list(client.get("/library/sites").json().items()) == [("The Quay", 2), ("the rail", 1)]
    (lamp,) = client.get("/library/articles", params={"match": "LAMP"}).json()
    assert lamp | {"id": ""} == {"id": "", "title": "The lamp", "site": "The Quay", "published": "2024-05-01"}
    (clock,) = ids(client, "The clock")
    chosen = client.get("/library/articles", params={"id": [lamp["id"], clock, "nobody"], "match": "gull"})
    assert {row["title"] for row in chosen.json()} == {"The lamp", "The clock"}


def test_the_page_shows_what_its_address_says(client: TestClient) -> None:
    part = client.get("/library", params={"part": 1, "site": "the quay", "sort": "title", "reverse": 0}).text
    assert part.startswith('<div id="holdings">') and "<html" not in part
    assert part.index("The gull") < part.index("The lamp") and "The clock" not in part
    whole = client.get("/library", params={"sort": "no such", "page": 99, "since": "never"})
    assert whole.status_code == 200 and "The clock" in whole.text
    assert whole.headers["cache-control"] == "no-store"


def test_a_file_that_is_sent_is_kept_built_and_goes_for_good_when_its_last_article_is_removed(
    client: TestClient, home: Path
) -> None:
    lines = [{"id": name, "title": name, "text": f"{name} sang at the fair."} for name in ("Ida", "Per")]
    sent = client.put("/library/files/..%2Ffair.jsonl", content="\n".join(map(json.dumps, lines)))
    assert (sent.status_code, sent.json()) == (201, {"name": "fair.jsonl"})
    place = home / "library" / "added" / "fair.jsonl"
    assert place.exists()
    begun = client.post("/library/builds", json={"added": True})
    assert (begun.status_code, begun.json()["doing"], begun.json()["busy"]) == (202, "Adding articles", True)
    refused = client.post("/library/builds", json={})
    assert refused.status_code == 409 and "Try again when that is done." in refused.json()["detail"]
    assert settled(client, 5)["said"] == "Done: 2 added."

    assert client.post("/library/removals", json={"ids": ids(client, "Ida")}).status_code == 202
    assert settled(client, 4)["doing"] == "Removing 1 article"
    assert place.exists(), "Per is in it as well"
    client.post("/library/builds", json={"added": True})
    assert settled(client)["said"] == "Nothing has changed."

    gone = client.post("/library/removals", json={"ids": ids(client, "Per", "The gull")})
    assert gone.json()["doing"] == "Removing 2 articles"
    settled(client, 2)
    assert not place.exists()
    assert (home / "own" / "gull.md").exists(), "a person's own file stays"
    client.post("/library/builds", json={})
    assert settled(client)["said"] == "Nothing has changed."
    assert ids(client, "Ida", "Per", "The gull") == []


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "words"),
    [
        ("PUT", "/library/files/program.exe", {"content": b"x"}, 422, "'program.exe' is not read."),
        ("PUT", "/library/files/empty.md", {"content": b""}, 422, "empty.md is empty."),
        ("POST", "/library/builds", {"json": {"addresses": ["ftp://x"]}}, 422, "'ftp://x' is no address"),
        (
            "POST",
            "/library/builds",
            {"json": {"addresses": ["/etc/passwd"]}},
            422,
            "'/etc/passwd' is no",
        ),
        ("POST", "/library/removals", {"json": {"ids": ["nobody"]}}, 404, "no article 'nobody' any more"),
    ],
)
def test_what_cannot_be_meant_is_one_line_with_the_value(
    client: TestClient, method: str, path: str, options: dict[str, Any], status: int, words: str
) -> None:
    before = client.get("/library/state").json()["work"]
    response = client.request(method, path, **options)
    assert response.status_code == status
    assert words in response.json()["detail"]
    assert client.get("/library/state").json()["work"] == before, "nothing was begun"


def test_a_full_disk_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ui.library_routes.keep", full)
    response = client.put("/library/files/a.md", content=b"It rained.")
    assert response.status_code == 507
    assert response.json()["detail"] == "a.md cannot be kept: No space left on device."


def test_an_empty_library_says_how_to_fill_it_and_is_filled(tmp_path: Path) -> None:
    with TestClient(create_app(tmp_path / "library")) as client:
        assert "byline index build FOLDER" in client.get("/library").text
        assert client.get("/library/state").json() == {"articles": 0, "work": None}
        assert client.get("/library/sites").json() == {}
        client.put("/library/files/lamp.md", content=LAMP.encode())
        client.post("/library/builds", json={"added": True})
        assert settled(client, 1)["said"] == "Done: 1 added."
        assert "The lamp" in client.get("/library").text


def test_where_nothing_can_be_added_the_page_offers_nothing_of_the_kind() -> None:
    with TestClient(assemble(Library(scripted_assistant))) as client:  # type: ignore[arg-type]
        page = client.get("/library").text
        assert 'id="add"' not in page and PUFFIN.site is not None and PUFFIN.site in page
        assert client.put("/library/files/a.md", content=b"It rained.").status_code in (404, 405)
        assert client.post("/library/builds", json={}).status_code in (404, 405)

"""What was chosen in the settings panel, as a cookie says it."""

import json
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest

from index import Filter
from qa import Settings
from ui.choices import COOKIE, Choices, hurried, options, writers

OWN = Settings(sentences=2, hits=4)


def chosen(**values: object) -> Choices:
    return Choices.of({COOKIE: quote(json.dumps(values))})


def test_what_is_chosen_takes_the_place_of_the_librarys_own_settings() -> None:
    settings = chosen(writer="extractive", length="long", sources=20, since="2024-05-01").settings(OWN)
    assert (settings.sentences, settings.read, settings.hits) == (6, 20, 20)
    assert chosen(since="2024-05-01").days() == Filter.of(since=date(2024, 5, 1))


@pytest.mark.parametrize(
    "cookie",
    ["", "{", "[]", "%FF", "[" * 9000, '{"length": "endless", "sources": 10000, "since": "soon"}',
     '{"writer": ["x"], "sources": [5], "length": {}}', '{"writer": "openai/of-somebody-elses-key"}'],
)  # fmt: skip
def test_what_cannot_be_meant_is_as_if_it_had_not_been_chosen(cookie: str) -> None:
    choices = Choices.of({COOKIE: quote(cookie) if cookie != "%FF" else cookie})
    assert choices.settings(OWN) == OWN
    assert choices.days() is None


def test_the_panel_shows_what_holds() -> None:
    found = options(OWN, chosen(length="short", until="2025-01-01"))
    assert found["now"] == {
        "writer": "extractive", "length": "short", "sources": OWN.read, "since": None, "until": "2025-01-01",
    }  # fmt: skip
    assert set(found["writers"]) == set(writers(OWN)) and "extractive" in writers(OWN)


def test_a_model_of_the_settings_can_be_left_out_and_chosen_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of a test")
    own = Settings(llm="openai/x", llm_url="http://127.0.0.1:9")
    assert chosen(writer="extractive").settings(own).llm == ""
    assert chosen(writer="openai/x").settings(own).llm == "openai/x"
    assert chosen(writer="openai/other").settings(own).llm == "openai/x"


@pytest.mark.parametrize(("share", "read"), [(1.0, 10), (0.8, 8), (0.2, 2), (0.01, 1)])
def test_a_hurried_answer_reads_a_share_of_its_passages_and_one_at_least(share: float, read: int) -> None:
    own = Settings()
    assert own.read == 10
    assert hurried(own, share) == replace(own, read=read)

"""Gradio's endpoints, by Gradio's own client."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from ui.records import answer_of

QUESTION = "Who lit the harbour lamp?"


@pytest.fixture(scope="module")
def gradio(site: str) -> Iterator[Client]:
    logging.getLogger("httpx").setLevel(logging.WARNING)
    client = Client(site, verbose=False, analytics_enabled=False)
    yield client
    client.close()


def test_there_are_the_two_endpoints_and_no_others(gradio: Client) -> None:
    told: Any = gradio.view_api(return_format="dict")
    assert set(told["named_endpoints"]) == {"/ask", "/search"} and told["unnamed_endpoints"] == {}
    parameters = [each["parameter_name"] for each in told["named_endpoints"]["/ask"]["parameters"]]
    assert parameters[:3] == ["question", "history", "sites"]


def test_ask_gives_the_whole_answer(gradio: Client) -> None:
    answer = answer_of(gradio.predict(question=QUESTION, api_name="/ask"))
    assert answer.citations[0].quote == "Ada Lind lit the harbour lamp on Monday."
    assert answer.short and answer.confidence > 0


def test_the_drafts_lead_up_to_it(gradio: Client) -> None:
    job = gradio.submit(question=QUESTION, api_name="/ask")
    job.result()
    drafts = [answer_of(draft) for draft in job.outputs()]
    assert all(drafts[-1].text.startswith(draft.text) for draft in drafts)
    assert drafts[-1].confidence > 0


def test_history_and_restrictions_are_heard(gradio: Client) -> None:
    history = [{"question": "Who wound the station clock?", "answer": "Bo Sand."}]
    answer = answer_of(
        gradio.predict(question="What did he pay?", history=history, sites=["The Rail"], api_name="/ask")
    )
    assert {each.title for each in answer.citations} <= {"The station clock", "The harbour lamp"}
    assert {each.site for each in answer.citations} == {"The Rail"}


def test_search_gives_passages(gradio: Client) -> None:
    hits = gradio.predict(query="station clock", k=1, api_name="/search")
    assert [hit["title"] for hit in hits] == ["The station clock"]


@pytest.mark.parametrize(
    ("endpoint", "values", "said"),
    [
        ("/ask", {"question": " "}, "The question is empty."),
        ("/ask", {"question": "?", "since": "May"}, "since is 'May': it must be a day, such as 2025-03-14."),
        ("/search", {"query": "x", "k": 1_000}, "k is 1000: input should be less than or equal to 100."),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(
    gradio: Client, endpoint: str, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(AppError) as raised:
        gradio.predict(**values, api_name=endpoint)
    assert said in str(raised.value)

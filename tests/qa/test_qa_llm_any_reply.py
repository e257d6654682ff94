"""Whatever a model sends, in whatever chunks: pieces joined are the text, citations exact, nothing raises.

`BYLINE_REPLIES=10000` tries as many replies as that.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa import Answer, Assistant, Settings, timely
from qa.answering import found_for
from qa.markdown import markers
from qa.models.calling import Call
from qa.models.failures import ModelFailed
from qa.reader import Reading
from qa.unseen import seen
from tests.servers.scripted import Reply, served
from ui.render import finished
from ui.terminal import answer_text

pytestmark = pytest.mark.timeout(0)  # however many replies are wanted
REPLIES = int(os.environ.get("BYLINE_REPLIES", "300"))
MANY = settings(
    max_examples=REPLIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = settings(MANY, max_examples=max(30, REPLIES // 100))
SENTENCES = (
    "Ada Lind lit the harbour lamp on Monday.",
    "It burned for nine hours.",
    "Bo Sund paid 71 crowns.",
)
BITS = st.sampled_from(
    [
        *SENTENCES,
        *(
            "[1]",
            "[2]",
            "[3, 5]",
            "[1-4]",
            "[99]",
            "【2】",
            "[^1]",
            "[[1]]",
            "[0]",
            "[1",
            "1]",
            "[1](http://e.example/)",
        ),
        *("![x](http://e.example/?q=1)", "[a](javascript:x)", "https://e.example/a.", "www.e.example", "://"),
        *("<b>", "</b>", "<img src=x onerror=y>", "<script>", "<!--", "-->", "<", ">", "<think>", "</think>"),
        *("**", "*", "_", "`", "```\n", "\\", "\\[", "\\\\", "$", "|", "~~", "&amp;", "#", "@", "!"),
        *(
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            " ",
            "  ",
            "\t",
            "\u2028",
            "\n- ",
            "\n* ",
            "\n> ",
            "\n# ",
            "\n1. ",
            "\n---\n",
        ),
        *(
            "\u202e",
            "\u200b",
            "\ud800",
            "\x00",
            "\x1b[2J",
            "\U000e0041",
            "\ufeff",
            "é",
            "日本語。",
            "🌊",
            "NO ANSWER",
        ),
    ]
)
TEXTS = st.lists(BITS | st.text(max_size=6), max_size=25).map("".join)


@st.composite
def replies(draw: st.DrawFn) -> list[str]:
    """A reply in chunks."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@pytest.fixture(scope="module")
def asked(harbour: Any) -> Iterator[Assistant]:
    """All replies are to one question: what is found for it is found once. The reader, which takes longer
    than all the rest, is tried by the replies over HTTP."""

    def read(claim: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        return [Reading(float(len(claim) % 9 - 4), ())]

    chosen = Settings(llm="openai/any", llm_url="http://127.0.0.1:9/v1")
    with pytest.MonkeyPatch.context() as patch, Assistant(harbour.open(), chosen) as assistant:
        patch.setattr("qa.timely.found", once(timely.found))
        patch.setattr("qa.assistant.found_for", once(found_for))
        patch.setattr("qa.support.the_reader", lambda threads: SimpleNamespace(read=read))
        yield assistant


def once(find: Callable[..., Any]) -> Callable[..., Any]:
    """`find`, which is called once; afterwards it has said already what it says."""
    found: list[Any] = []

    def remembered(*args: Any) -> Any:
        if not found:
            found.append(find(*args))
        return deepcopy(found[0])

    return remembered


def check(assistant: Assistant, pieces: Sequence[str], answer: Answer) -> None:
    assert "".join(pieces) == answer.text
    assert all(pieces)
    assert list(dict.fromkeys(markers(answer.text))) == [each.marker for each in answer.citations]
    assert [each.marker for each in answer.citations] == list(range(1, len(answer.citations) + 1))
    for each in answer.citations:
        assert assistant.index.article(each.article_id).text[each.start : each.end] == each.quote
    end = 0
    for claim in answer.claims:
        assert end <= claim.start < claim.end <= len(answer.text)
        assert 0 <= claim.support <= 1
        assert set(markers(answer.text[claim.start : claim.end])) == set(claim.markers)
        end = claim.end
    assert seen(answer.text) == answer.text
    assert "://" not in answer.text
    assert re.search(r"(?<!\\)<|!\[|\]\(|\]:", answer.text) is None, "an image, a link, or HTML"
    assert re.search(r"(?<!\\)<(?!/?(?:strong|em|sup)>)", finished(answer)) is None
    answer_text(answer)


@MANY
@example(chunks=["http\\", "://e.example/a"], ended="stop")
@given(chunks=replies(), ended=st.sampled_from(["stop", "stop", "stop", "length", "", "broken"]))
def test_any_reply_is_an_answer(
    asked: Assistant, monkeypatch: pytest.MonkeyPatch, chunks: list[str], ended: str
) -> None:
    def stream(endpoint: Any, messages: Any, call: Call) -> Iterator[str]:
        yield from (chunk for chunk in chunks if chunk)
        if ended == "broken":
            raise ModelFailed("It broke.")
        call.ended = ended

    monkeypatch.setattr("qa.writers.llm.stream_patiently", stream)
    reply = asked.reply("Who lit the harbour lamp?")
    pieces = []
    for piece in reply:
        pieces.append(piece)
        known = {citation.marker for citation in reply.citations}
        assert set(markers("".join(pieces))) <= known, "a marker before its citation"
        if (found := markers(piece)) and len(piece) < 8:
            assert piece.strip() == f"[{found[0]}]"
    check(asked, pieces, reply.answer())


@MANY
@given(chunks=replies())
def test_the_same_reply_in_other_chunks_is_the_same_answer(
    asked: Assistant, monkeypatch: pytest.MonkeyPatch, chunks: list[str]
) -> None:
    answers = []
    for cut in (chunks, ["".join(chunks)], list("".join(chunks))):

        def stream(endpoint: Any, messages: Any, call: Call, cut: list[str] = cut) -> Iterator[str]:
            yield from (chunk for chunk in cut if chunk)
            call.ended = "stop"

        monkeypatch.setattr("qa.writers.llm.stream_patiently", stream)
        answer = asked.ask("Who lit the harbour lamp?")
        answers.append((answer.text, answer.citations, answer.claims, answer.short, answer.abstained))
    assert answers[0] == answers[1] == answers[2]


@FEW
@given(
    body=st.binary(max_size=400) | TEXTS.map(lambda text: text.encode("utf-8", "replace")),
    split=st.integers(0, 7),
)
@pytest.mark.parametrize("llm", ["openai/any", "ollama/any"])
def test_any_bytes_over_http_are_an_answer(harbour: Any, llm: str, body: bytes, split: int) -> None:
    with (
        served(Reply(raw=body, split=split)) as server,
        Assistant(harbour.open(), Settings(llm=llm, llm_url=server.url, llm_seconds=1)) as assistant,
    ):
        reply = assistant.reply("Who lit the harbour lamp?")
        check(assistant, list(reply), reply.answer())

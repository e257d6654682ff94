"""Answers that a model writes, over real HTTP, by the real clients: good ones, and all that goes wrong."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from qa import Answer, Assistant, Settings, Turn
from qa.markdown import markers, plain
from qa.models.failures import failure
from tests.servers.scripted import Reply, Request, Server, quoting, served

LAMP = "Ada Lind lit the harbour lamp on Monday."
QUESTION = "Who lit the harbour lamp?"
PROVIDERS = {"openai": "/v1", "ollama": ""}
Asked = Callable[..., tuple[Assistant, Server]]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.retrying.PAUSES", (0.01, 0.02))


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def asked(harbour: Any, provider: str) -> Iterator[Asked]:
    """`asked(Reply(…), …)` is an assistant over the two articles whose model gives these replies, and the
    server that gives them; settings by name."""
    with ExitStack() as stack:

        def make(*replies: Reply, answering: Any = None, **given: Any) -> tuple[Assistant, Server]:
            server = stack.enter_context(served(*replies, answering=answering))
            chosen = {
                "llm": f"{provider}/m",
                "llm_url": server.url + PROVIDERS[provider],
                "llm_seconds": 20.0,
            }
            return stack.enter_context(Assistant(harbour.open(), Settings(**(chosen | given)))), server

        yield make


def number(request: Request, words: str) -> int:
    """The number that a sentence with these words has in the evidence."""
    (line,) = [line for line in request.text.splitlines() if words in line and line.startswith("[")]
    return int(line[1 : line.index("]")])


def saying(text: str, **more: Any) -> Callable[[Request], Reply]:
    """Writes `text`, with {lamp}, {hours} … in it as the numbers of those sentences."""

    def answer(request: Request) -> Reply:
        numbers = {
            name: number(request, words)
            for name, words in {
                "lamp": "lit the harbour lamp",
                "hours": "nine hours",
                "oil": "40 crowns",
                "clock": "wound the station clock",
            }.items()
            if words in request.text
        }
        written = text.format(**numbers)
        return Reply([written[at : at + 3] for at in range(0, len(written), 3)], **more)

    return answer


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


# What is written


def test_a_model_that_quotes_is_cited_exactly(asked: Asked) -> None:
    assistant, server = asked(answering=quoting)
    answer = assistant.ask(QUESTION)
    assert answer.text == f"{LAMP} [1]"
    assert quotes(answer) == [LAMP]
    assert answer.writer == assistant.settings.llm
    assert not answer.abstained
    assert server.requests[0].body["model"] == "m"


def test_markers_are_renumbered_in_order_of_appearance(asked: Asked) -> None:
    text = (
        "It burned for nine hours [{hours}], and the oil cost 40 crowns [{oil}]. "
        "Ada Lind lit it [{lamp}][{hours}]."
    )
    answer = asked(answering=saying(text))[0].ask(QUESTION)
    assert answer.text.startswith(
        "It burned for nine hours [1], and the oil cost 40 crowns [2]. Ada Lind lit it [3][1]."
    )
    assert quotes(answer) == ["It burned for nine hours.", "The oil cost 40 crowns.", LAMP]


def test_the_words_in_bold_are_the_short_answer(asked: Asked) -> None:
    answer = asked(answering=saying("**Ada Lind** lit the harbour lamp [{lamp}]."))[0].ask(QUESTION)
    assert answer.text.startswith("**Ada Lind** lit")
    assert answer.short == "Ada Lind"


def test_numbers_that_were_not_given_are_dropped_and_counted(asked: Asked) -> None:
    answer = asked(answering=saying("Ada Lind lit the harbour lamp on Monday [{lamp}, 98][99]."))[0].ask(
        QUESTION
    )
    assert answer.text == "Ada Lind lit the harbour lamp on Monday [1]."
    assert answer.dropped == 2
    assert any("2 citations lead to nothing" in note for note in answer.notes)


def test_a_model_that_ignores_the_format_is_attributed_where_the_evidence_bears_it_out(asked: Asked) -> None:
    text = "Ada Lind lit the harbour lamp on Monday. The moon is made of very old cheese, they say."
    answer = asked(answering=saying(text))[0].ask(QUESTION)
    first, second = answer.claims
    assert quotes(answer) == [LAMP]
    assert first.markers == (1,) and second.markers == ()
    assert answer.text == (
        "Ada Lind lit the harbour lamp on Monday. [1] "
        "The moon is made of very old cheese, they say. (unsourced)"
    )


def test_a_claim_that_its_citation_does_not_bear_out_is_marked(asked: Asked) -> None:
    text = "The station clock was wound by Bo Sand on Friday [{oil}]."
    answer = asked(answering=saying(text))[0].ask(QUESTION)
    assert "(weakly supported)" in answer.text
    assert answer.claims[0].support < 0.4
    assert answer.confidence <= answer.claims[0].support


def test_figures_and_names_that_stand_nowhere_are_flagged(asked: Asked) -> None:
    text = "The harbour lamp was lit on Monday by Ada Lind and Vera Holm for 57 crowns [{lamp}]."
    answer = asked(answering=saying(text))[0].ask(QUESTION)
    assert set(answer.claims[0].unfounded) == {"57", "Vera", "Holm"}
    assert "(not in your articles: 57, Vera, Holm)" in answer.text


def test_what_a_model_thinks_before_it_answers_is_not_shown(asked: Asked) -> None:
    text = "<think>Is it [{clock}]? No…</think>\n\nAda Lind lit the harbour lamp on Monday [{lamp}]."
    answer = asked(answering=saying(text))[0].ask(QUESTION)
    assert answer.text == "Ada Lind lit the harbour lamp on Monday [1]."


def test_an_abstention_lists_the_nearest(asked: Asked) -> None:
    answer = asked(Reply(["NO", " ANS", "WER"]))[0].ask(QUESTION)
    assert answer.abstained and answer.short is None
    assert answer.text.startswith("I could not find an answer to this in your articles.")
    assert LAMP in quotes(answer)
    assert answer.writer.endswith("/m")


def test_who_always_wants_an_answer_gets_the_likeliest_sentences(asked: Asked) -> None:
    answer = asked(Reply(["NO ANSWER"]), abstain_below=0.0)[0].ask(QUESTION)
    assert not answer.abstained
    assert LAMP in quotes(answer)
    assert any("found no answer" in note for note in answer.notes)


def test_an_answer_that_only_begins_like_an_abstention_is_one(asked: Asked) -> None:
    answer = asked(Reply(["NO", " lamp burned there at all."]))[0].ask(QUESTION)
    assert answer.text.startswith("NO lamp burned")
    assert not answer.abstained


def test_metadata_answer_without_a_model(asked: Asked) -> None:
    assistant, server = asked(answering=quoting)
    answer = assistant.ask("When was the article about the harbour lamp published?")
    assert answer.short == "1 May 2024"
    assert answer.writer == "extractive" and not server.requests


@pytest.mark.parametrize(("most", "asked_for"), [(1, "one sentence"), (6, "at most 6 sentences")])
def test_the_length_of_an_answer_is_asked_of_the_model(asked: Asked, most: int, asked_for: str) -> None:
    assistant, server = asked(answering=quoting, sentences=most)
    assistant.ask(QUESTION)
    assert f"Be short: {asked_for}, unless" in server.requests[0].messages[0]["content"]


def test_usage_has_tokens_and_times(asked: Asked) -> None:
    answer = asked(answering=quoting)[0].ask(QUESTION)
    usage = answer.usage
    assert usage.tokens_in == 100 and usage.tokens_out > 1
    assert 0 < usage.first_token <= usage.first_piece <= usage.seconds


# Conversations


def test_a_follow_up_is_made_to_stand_alone_by_the_model(asked: Asked) -> None:
    def answering(request: Request) -> Reply:
        return (
            Reply(["Who wound the station clock?"]) if "Conversation:" in request.text else quoting(request)
        )

    assistant, server = asked(answering=answering)
    answer = assistant.ask("And the clock?", [Turn(QUESTION, f"{LAMP} [1]")])
    assert quotes(answer) == ["Bo Sand wound the station clock on Friday."]
    assert answer.question == "And the clock?"
    condensing, answering_it = server.requests
    assert f"Person: {QUESTION}\nYou: {LAMP}\n" in condensing.text, "the earlier answer has no markers"
    assert answering_it.text.endswith("Question: Who wound the station clock?")
    assert answer.usage.tokens_in == 200


def test_rules_make_it_stand_alone_where_the_model_says_nothing(asked: Asked) -> None:
    def answering(request: Request) -> Reply:
        return Reply([" \n"]) if "Conversation:" in request.text else quoting(request)

    assistant, server = asked(answering=answering)
    assistant.ask("When?", [Turn(QUESTION, LAMP)])
    assert (
        server.requests[1].text.endswith(f"Question: {QUESTION} When?") or "When?" in server.requests[1].text
    )


def test_a_model_that_is_gone_is_not_asked_twice(asked: Asked) -> None:
    assistant, server = asked(Reply(status=401))
    answer = assistant.ask("And the lamp?", [Turn(QUESTION, LAMP)])
    assert len(server.requests) == 1, [each.path for each in server.requests]
    assert answer.writer == "extractive" and answer.citations


def test_a_long_history_is_trimmed_to_its_budget(asked: Asked) -> None:
    assistant, server = asked(answering=quoting, llm_context=2000)
    history = [Turn(f"Question {n}?", "word " * 200) for n in range(30)]
    assistant.ask("And the lamp?", history)
    assert "Question 29?" in server.requests[0].text
    assert "Question 0?" not in server.requests[0].text


def test_the_model_is_told_to_write_in_the_language_of_the_question(asked: Asked) -> None:
    assistant, server = asked(answering=saying("Ada Lind zündete am Montag die Hafenlampe an [{lamp}]."))
    answer = assistant.ask("Wer hat die harbour lamp angezündet?")
    assert "in the language of the question" in server.requests[0].messages[0]["content"]
    assert answer.text == "Ada Lind zündete am Montag die Hafenlampe an [1]."
    assert answer.claims[0].unfounded == ()


# What goes wrong

FAILURES = {
    "not authorised": Reply(status=401),
    "no such model": Reply(status=404),
    "too many requests": Reply(status=429),
    "wait an hour": Reply(status=429, headers={"Retry-After": "3600"}),
    "failing": Reply(status=500),
    "overloaded": Reply(status=503),
    "bad request": Reply(status=400),
    "not JSON": Reply(status=500, body="<html>"),
    "empty": Reply([]),
    "only white space": Reply([" ", "\n\n"]),
    "cut before the first word": Reply([], then="cut"),
    "malformed": Reply([], then="malformed"),
    "an error in the stream": Reply([], then="error"),
    "only a thought": Reply(["<think>hm"]),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_quotations_stand_in_where_nothing_comes(asked: Asked, failure: str) -> None:
    answer = asked(FAILURES[failure])[0].ask(QUESTION)
    assert answer.writer == "extractive"
    assert quotes(answer)[0] == LAMP
    (note,) = answer.notes
    assert note.endswith("These are quotations alone.") and "\n" not in note
    assert answer.claims == ()


def test_nobody_there(harbour: Any, provider: str) -> None:
    chosen = Settings(llm=f"{provider}/m", llm_url="http://127.0.0.1:9")
    with Assistant(harbour.open(), chosen) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.notes == (
        f"{provider}/m at 127.0.0.1:9 cannot be reached."
        + (" Start it with: ollama serve" if provider == "ollama" else "")
        + " These are quotations alone.",
    )


@pytest.mark.parametrize("then", ["cut", "malformed", "error", "quiet"])
def test_a_stream_that_breaks_keeps_its_text_and_quotations_follow(asked: Asked, then: str) -> None:
    assistant, _ = asked(answering=saying("Ada Lind lit the harbour lamp [{lamp}]. It bur", then=then))
    reply = assistant.reply(QUESTION)
    pieces = list(reply)
    answer = reply.answer()
    assert "".join(pieces) == answer.text
    begun, _, rest = answer.text.partition("\n\n")
    assert begun == "Ada Lind lit the harbour lamp [1]. It bur"
    assert rest.startswith("The model stopped in the middle: ")
    assert LAMP in plain(rest) and "[1]" in rest
    assert any(note.startswith("The model stopped in the middle") for note in answer.notes)
    assert list(dict.fromkeys(markers(answer.text))) == [each.marker for each in answer.citations]


def test_a_stream_that_falls_silent_is_given_up(asked: Asked) -> None:
    assistant, _ = asked(
        answering=saying("Ada Lind lit the harbour lamp [{lamp}].", then="silent"), llm_seconds=2
    )
    answer = assistant.ask(QUESTION)
    assert answer.text.startswith("Ada Lind lit the harbour lamp [1].")
    assert "was silent for 2 s" in answer.text


def test_an_endpoint_that_never_speaks_is_given_up(asked: Asked) -> None:
    answer = asked(Reply(then="silent"), llm_seconds=0.3)[0].ask(QUESTION)
    assert "was silent for 0.3 s" in answer.notes[0]
    assert answer.writer == "extractive" and answer.citations


def test_an_answer_that_never_ends_is_cut(asked: Asked) -> None:
    assistant, server = asked(Reply(["and so on "], then="never"), llm_answer=40)
    answer = assistant.ask(QUESTION)
    assert 200 < len(answer.text) < 600
    assert any("was cut at 40 tokens" in note for note in answer.notes)
    assert server.gone.wait(5), "the call goes on"


def test_an_answer_at_its_cap_is_said_to_be_cut(asked: Asked) -> None:
    answer = asked(answering=saying("Ada Lind lit the harbour lamp [{lamp}], and", then="length"))[0].ask(
        QUESTION
    )
    assert any("was cut at" in note for note in answer.notes)
    assert answer.writer.endswith("/m")


def test_a_question_longer_than_the_window_is_not_sent(asked: Asked) -> None:
    assistant, server = asked(answering=quoting, llm_context=1800)
    answer = assistant.ask(QUESTION + " Why?" * 700)
    assert not server.requests
    assert "The question is too long for m's window of 1,800 tokens." in answer.notes[0]
    assert answer.citations


@pytest.mark.parametrize("first", ["too many requests", "failing", "overloaded", "cut before the first word"])
def test_another_try_may_succeed(asked: Asked, first: str) -> None:
    replies = [FAILURES[first], FAILURES[first]]

    def answering(request: Request) -> Reply:
        return replies.pop() if replies else quoting(request)

    assistant, server = asked(answering=answering)
    answer = assistant.ask(QUESTION)
    assert answer.text == f"{LAMP} [1]"
    assert len(server.requests) == 3


@pytest.mark.parametrize("failure", ["not authorised", "no such model", "bad request"])
def test_what_no_other_try_mends_is_asked_once(asked: Asked, failure: str) -> None:
    assistant, server = asked(FAILURES[failure])
    assistant.ask(QUESTION)
    assert len(server.requests) == 1, [each.path for each in server.requests]


def test_retry_after_is_waited_for(harbour: Any) -> None:
    replies = [Reply(status=429, headers={"Retry-After": "1"})]

    def answering(request: Request) -> Reply:
        return replies.pop() if replies else quoting(request)

    with (
        served(answering=answering) as server,
        Assistant(harbour.open(), Settings(llm="openai/m", llm_url=server.url + "/v1")) as assistant,
    ):
        began = time.monotonic()
        assert assistant.ask(QUESTION).text == f"{LAMP} [1]"
        assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("3", 3),
        ("0.5", 0.5),
        ("Thu, 01 Jan 2026 00:00:20 GMT", 20),
        ("Wed, 31 Dec 2025 23:59:59 GMT", 0),
        ("-3", None),
        ("soon", None),
        ("1e999", None),
        ("", None),
    ],
)
def test_retry_after_says_seconds_or_a_date(
    monkeypatch: pytest.MonkeyPatch, said: str, seconds: float | None
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_767_225_600.0)  # 2026 begins
    endpoint = Settings(llm="openai/m").endpoint
    assert endpoint is not None
    error = Exception("no")
    error.status_code = 429  # type: ignore[attr-defined]
    error.response = SimpleNamespace(headers={"retry-after": said})  # type: ignore[attr-defined]
    problem = failure(error, endpoint)
    assert (problem.again, problem.wait) == (True, seconds)


def test_a_wait_that_is_too_long_is_none(harbour: Any) -> None:
    with (
        served(FAILURES["wait an hour"]) as server,
        Assistant(harbour.open(), Settings(llm="openai/m", llm_url=server.url + "/v1")) as assistant,
    ):
        assert assistant.ask(QUESTION).writer == "extractive"
        assert len(server.requests) == 1


# Stopping


@pytest.mark.parametrize("chunks", [[], ["Ada ", "Lind "]], ids=["before it speaks", "in the middle"])
def test_a_reply_that_is_closed_ends_its_call_within_a_second(asked: Asked, chunks: list[str]) -> None:
    assistant, server = asked(Reply(chunks, then="silent"))
    reply = assistant.reply(QUESTION)
    reading = threading.Thread(target=lambda: list(reply))
    reading.start()
    while not server.requests or (chunks and not server.first_sent):
        time.sleep(0.01)
    time.sleep(0.2)
    closed = time.perf_counter()
    reply.close()
    assert server.gone.wait(10)
    assert server.gone_at - closed < 1
    reading.join(5)
    assert not reading.is_alive()
    with pytest.raises(ValueError, match="closed before it was read"):
        reply.answer()


def test_a_reply_that_is_closed_between_two_tries_asks_no_more(asked: Asked) -> None:
    assistant, server = asked(Reply(status=429, headers={"Retry-After": "8"}))
    reply = assistant.reply(QUESTION)
    reading = threading.Thread(target=lambda: list(reply))
    reading.start()
    while not server.requests:
        time.sleep(0.01)
    time.sleep(0.2)
    closed = time.perf_counter()
    reply.close()
    reading.join(30)
    assert time.perf_counter() - closed < 5, "it waited out the eight seconds"
    assert len(server.requests) == 1, [each.path for each in server.requests]


def test_a_reply_whose_reader_goes_ends_its_call(asked: Asked) -> None:
    assistant, server = asked(Reply(["Ada Lind lit "] * 3, then="silent"))
    reply = assistant.reply(QUESTION)
    assert next(iter(reply)) == "Ada"
    reply.close()
    assert server.gone.wait(5)


# Discretion


def test_keys_are_sent_and_never_logged(
    asked: Asked, provider: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BYLINE_LLM_KEY", "sk-secret-1234")
    caplog.set_level(logging.DEBUG)
    body = '{"error": {"message": "what is sk-secret-1234?"}}'
    assistant, server = asked(Reply(status=400, body=body))
    answer = assistant.ask(QUESTION)
    assert server.requests[0].headers["authorization"] == "Bearer sk-secret-1234"
    assert "sk-secret-1234" not in caplog.text
    assert "sk-secret-1234" not in repr(answer) and "sk-secret-1234" not in repr(assistant.settings)
    ours = [record.getMessage() for record in caplog.records if record.name == "qa.models.calling"]
    assert any("0 tokens in" in line for line in ours)


def test_a_provider_elsewhere_is_stated_in_the_first_note_only(
    asked: Asked, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.models.privacy.stays_here", lambda endpoint: False)
    assistant, _ = asked(answering=quoting)
    first, second = assistant.ask(QUESTION), assistant.ask(QUESTION)
    assert [note for note in first.notes if "are sent to 127.0.0.1" in note]
    assert second.notes == ()


def test_each_provider_elsewhere_is_stated_once_whatever_was_asked_before(
    asked: Asked, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant, _ = asked(answering=quoting)
    assert assistant.ask(QUESTION).notes == (), "it is on this machine"
    monkeypatch.setattr("qa.models.privacy.stays_here", lambda endpoint: False)
    other = replace(assistant.settings, llm=f"{provider}/other")
    said = [assistant.ask(QUESTION, settings=each).notes for each in (None, other, None, other)]
    assert [len(notes) for notes in said] == [1, 1, 0, 0]
    assert f"({provider}/other)" in said[1][0]

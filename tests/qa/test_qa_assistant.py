"""Asking: what comes back, piece by piece and whole."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import seeds
from index.errors import LibraryNotFound
from index.filters import Filter
from qa import Answer, Assistant, QuestionError, Settings, Turn, Usage
from qa.markdown import plain
from qa.writers import WRITERS, Finding, Written

QUESTION = "Who lit the harbour lamp?"
LIT = "Ada Lind lit the harbour lamp on Monday."
MARKER = re.compile(r"(?<!\\)\[(\d+)\]")


def markers(text: str) -> list[int]:
    return [int(number) for number in MARKER.findall(text)]


def untimed(answer: Answer) -> Answer:
    return replace(answer, usage=Usage())


def test_an_answer_quotes_the_sentence_that_answers(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert answer.citations[0].quote == LIT
    assert plain(answer.text).startswith(f"{LIT} [1]")
    assert answer.citations[0].title == "The harbour lamp"
    assert not answer.abstained


def test_the_pieces_joined_are_the_text(assistant: Assistant) -> None:
    reply = assistant.reply(QUESTION)
    pieces = list(reply)
    assert len(pieces) > 5
    assert "".join(pieces) == reply.answer().text


@pytest.mark.parametrize("read", [0, 1, 3])
def test_the_whole_answer_is_there_after_any_number_of_pieces(assistant: Assistant, read: int) -> None:
    reply = assistant.reply(QUESTION)
    pieces = iter(reply)
    begun = "".join(next(pieces) for _ in range(read))
    answer = reply.answer()
    assert answer.text.startswith(begun)
    assert untimed(answer) == untimed(assistant.ask(QUESTION))
    assert reply.answer() is answer
    assert list(reply) == []


@pytest.mark.parametrize("question", [QUESTION, "Why did nobody ask?", "crowns", "Who is the pope?"])
def test_markers_and_citations_correspond_one_to_one(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.citations
    assert (
        markers(answer.text)
        == [c.marker for c in answer.citations]
        == list(range(1, len(answer.citations) + 1))
    )


def test_a_marker_that_stands_in_an_article_is_not_one_of_ours(assistant: Assistant) -> None:
    answer = assistant.ask("What did nobody ask, she said?")
    quoted = next(c for c in answer.citations if "[1]" in c.quote)
    assert quoted.quote == "“Nobody *asked* me [1],” she said."
    assert markers(answer.text) == [c.marker for c in answer.citations]


def test_a_citation_is_there_before_its_piece(assistant: Assistant) -> None:
    reply = assistant.reply("Who lit the harbour lamp, who wound the station clock?")
    assert reply.citations == ()
    met = 0
    for piece in reply:
        for marker in markers(piece):
            met += 1
            assert reply.citations[marker - 1].marker == marker
    assert met == len(reply.answer().citations) > 0
    assert reply.citations == reply.answer().citations


def test_every_quote_is_the_articles_and_lies_in_a_hit(assistant: Assistant) -> None:
    answer = assistant.ask("How many crowns were paid for oil and for the spring?")
    for citation in answer.citations:
        article = assistant.index.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
        assert any(
            hit.passage.article_id == citation.article_id
            and hit.passage.start <= citation.start < citation.end <= hit.passage.end
            for hit in answer.hits
        )


def test_an_answer_says_how_it_came_to_be(assistant: Assistant) -> None:
    answer = assistant.ask(f"  {QUESTION}\n")
    assert answer.question == QUESTION
    assert answer.writer == "extractive"
    assert 0 <= answer.confidence <= 1
    assert 0 < answer.usage.first_piece <= answer.usage.seconds
    assert [hit.score for hit in answer.hits] == sorted((hit.score for hit in answer.hits), reverse=True)
    assert 0 < answer.hits[0].score < 1
    assert {hit.passage.article_id for hit in answer.hits} == {a.id for a in assistant.index.articles()}


def test_settings_say_how_much_is_read_and_quoted(harbour: Any) -> None:
    with Assistant(harbour.open(), Settings(abstain_below=0, hits=1, sentences=1)) as assistant:
        answer = assistant.ask("Who paid crowns?")
    assert len(answer.hits) == 1
    assert len(answer.citations) == 1


def test_only_the_first_passages_are_read_for_quotes(harbour: Any) -> None:
    with Assistant(harbour.open(), Settings(abstain_below=0, read=1)) as assistant:
        found = assistant.index.search(QUESTION)
        answer = assistant.ask(QUESTION)
    assert len(answer.hits) == len(found) == 2
    assert {c.article_id for c in answer.citations} == {found[0].passage.article_id}
    assert answer.hits[0].score > 0 == answer.hits[1].score


# Bad questions


@pytest.mark.parametrize("question", ["", " ", "\n\t \u3000"], ids=["empty", "space", "white space"])
def test_an_empty_question_is_refused_at_once(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError, match="The question is empty"):
        assistant.reply(question)


def test_an_enormous_question_is_refused_at_once(assistant: Assistant) -> None:
    with pytest.raises(
        QuestionError, match=r"The question has 100,000 characters; 4,000 is the most\. Shorten it\."
    ):
        assistant.reply("a" * 100_000)


def test_the_longest_question_that_may_be_asked_is_answered(harbour: Any) -> None:
    with Assistant(harbour.open(), Settings(abstain_below=0, question_characters=25)) as assistant:
        assert assistant.ask(" Who lit the harbour lamp?\n").citations[0].quote == LIT
        with pytest.raises(QuestionError, match="26 characters; 25 is the most"):
            assistant.ask("Who lit the harbour lamps?")


@pytest.mark.parametrize(
    "question",
    [
        "lamp\udcff?",
        "lamp\0?",
        "?",
        "AND OR NOT (",
        'title:"lamp" -x +y ~z ^2',
        "[1] **lamp** <b>",
        "👩‍🔧",
        "光",
        "a" * 4000,
    ],
    ids=[
        "half a surrogate pair",
        "NUL",
        "mark",
        "operators",
        "query",
        "markup",
        "emoji",
        "Chinese",
        "one long word",
    ],
)
def test_an_odd_question_is_answered_like_any_other(samples_assistant: Assistant, question: str) -> None:
    answer = samples_assistant.ask(question, [Turn(question, question)])
    assert answer.citations
    assert answer.text.encode()
    assert answer.question.encode()


# Knowing and not knowing


def test_a_threshold_of_0_always_answers(assistant: Assistant) -> None:
    answer = assistant.ask("Which pope crowned the emperor of Mars?")
    assert not answer.abstained
    assert answer.citations
    assert not answer.text.startswith("I could not find")


def test_a_threshold_of_1_always_abstains_with_the_nearest_evidence(harbour: Any) -> None:
    with Assistant(harbour.open(), Settings(abstain_below=1)) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.abstained
    assert answer.short is None
    assert answer.text.startswith("I could not find an answer to this in your articles.")
    assert answer.citations[0].quote == LIT
    assert markers(answer.text) == [c.marker for c in answer.citations]
    assert answer.hits


@pytest.mark.parametrize(("threshold", "short"), [(0, "Ada Lind"), (1, None)])
def test_a_short_answer_and_notes_come_from_the_writer_but_an_abstention_has_no_short_one(
    harbour: Any, monkeypatch: pytest.MonkeyPatch, threshold: float, short: str | None
) -> None:
    def terse(finding: Finding, written: Written) -> Iterator[str]:
        written.short = "Ada Lind"
        written.notes.append("It was late.")
        yield "Ada."

    monkeypatch.setitem(WRITERS, "terse", terse)
    with Assistant(harbour.open(), Settings(abstain_below=threshold, writer="terse")) as assistant:
        answer = assistant.ask(QUESTION)
    assert (answer.text, answer.writer, answer.notes) == ("Ada.", "terse", ("It was late.",))
    assert answer.short == short


def test_an_answer_is_held_back_exactly_below_the_threshold(assistant: Assistant, harbour: Any) -> None:
    confidence = assistant.ask(QUESTION).confidence
    for threshold, abstained in ((confidence, False), (confidence + 1e-6, True)):
        with Assistant(harbour.open(), Settings(abstain_below=threshold)) as careful:
            assert careful.ask(QUESTION).abstained is abstained


# Follow-ups


@pytest.mark.parametrize(
    ("earlier", "title"),
    [(QUESTION, "The harbour lamp"), ("Who wound the station clock?", "The station clock")],
)
def test_a_follow_up_is_about_what_was_asked_before(assistant: Assistant, earlier: str, title: str) -> None:
    history = [Turn(earlier, assistant.ask(earlier).text)]
    assert assistant.ask("And what did it cost?", history).citations[0].title == title


def test_the_answer_to_a_follow_up_names_the_question_that_was_asked(assistant: Assistant) -> None:
    assert assistant.ask("And when?", [Turn(QUESTION, LIT)]).question == "And when?"


def test_any_sequence_of_turns_is_a_history(assistant: Assistant) -> None:
    turns = (Turn(QUESTION, LIT),)
    asked = untimed(assistant.ask("And when?", turns))
    assert asked == untimed(assistant.ask("And when?", list(turns)))


# Stopping, closing, many at once


def leases(shelf: Any) -> list[Path]:
    return list((shelf.path / "readers").iterdir())


@pytest.fixture
def shelf(library: Callable[..., Any]) -> Any:
    return library(
        {"lamp.md": "Ada Lind lit the harbour lamp. It burned. Nobody slept.", "b.md": "Bo slept."}
    )


@pytest.fixture
def own(shelf: Any) -> Iterator[Assistant]:
    with Assistant(shelf.open(), Settings(abstain_below=0)) as own:
        yield own


@pytest.mark.parametrize("read", [0, 2])
def test_a_reply_that_was_closed_early_has_no_answer(own: Assistant, read: int) -> None:
    reply = own.reply(QUESTION)
    pieces = iter(reply)
    for _ in range(read):
        next(pieces)
    reply.close()
    assert list(reply) == []
    with pytest.raises(ValueError, match="closed before it was read to its end"):
        reply.answer()


def test_closing_a_reply_that_was_read_changes_nothing(own: Assistant) -> None:
    reply = own.reply(QUESTION)
    answer = reply.answer()
    reply.close()
    assert reply.answer() is answer


def test_a_generation_is_let_go_of_when_its_last_reply_is_closed(shelf: Any) -> None:
    assistant = Assistant(shelf.open(), Settings(abstain_below=0))
    reply = assistant.reply(QUESTION)
    next(iter(reply))
    assistant.close()
    assert len(leases(shelf)) == 1
    reply.close()
    assert leases(shelf) == []


def test_an_assistant_that_is_left_is_closed(shelf: Any) -> None:
    with Assistant(shelf.open(), Settings()) as assistant:
        assistant.ask(QUESTION)
        assert len(leases(shelf)) == 1
    assert leases(shelf) == []


def test_a_reply_finishes_on_the_generation_that_it_began_on(
    shelf: Any, own: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.reading.FOLLOW_SECONDS", 0.0)
    reply = own.reply(QUESTION)
    begun = next(iter(reply))
    old = shelf.current
    shelf.write({"lamp.md": "🌊 Zoe Birk lit the harbour lamp again. It burned twice."})
    shelf.build()
    assert shelf.current != old

    meanwhile = own.ask(QUESTION)
    assert {lease.name.partition(".")[0] for lease in leases(shelf)} == {old, shelf.current}
    assert meanwhile.citations[0].quote == "🌊 Zoe Birk lit the harbour lamp again."
    answer = reply.answer()
    assert answer.text.startswith(begun)
    assert answer.citations[0].quote == "Ada Lind lit the harbour lamp."
    assert not any("Zoe" in citation.quote for citation in answer.citations)
    assert (answer.citations[0].start, answer.citations[0].end) == (0, 30)
    assert {lease.name.partition(".")[0] for lease in leases(shelf)} == {shelf.current}
    assert untimed(own.ask(QUESTION)) == untimed(meanwhile)


@pytest.mark.parametrize("broken", [None, ""], ids=["no pointer", "an empty pointer"])
def test_a_library_that_loses_its_pointer_goes_on_answering(
    shelf: Any, own: Assistant, monkeypatch: pytest.MonkeyPatch, broken: str | None
) -> None:
    monkeypatch.setattr("index.reading.FOLLOW_SECONDS", 0.0)
    before = untimed(own.ask(QUESTION))
    pointer = shelf.path / "CURRENT"
    pointer.unlink() if broken is None else pointer.write_text(broken)
    assert untimed(own.ask(QUESTION)) == before


def test_eight_threads_get_the_answers_that_one_gets(samples_assistant: Assistant) -> None:
    asked = [
        (question.question, [Turn(*turn) for turn in question.history])
        for question in seeds.questions()[60:100:2]
    ]
    alone = [untimed(samples_assistant.ask(*question)) for question in asked]
    with ThreadPoolExecutor(max_workers=8) as threads:
        rounds = list(threads.map(lambda question: untimed(samples_assistant.ask(*question)), asked * 3))
    assert rounds == alone * 3


def test_replies_can_be_read_in_turns(own: Assistant) -> None:
    first, second = own.reply(QUESTION), own.reply("What happened to the one who slept?")
    texts = ["", ""]
    for pieces in zip(first, second, strict=False):
        texts = [text + piece for text, piece in zip(texts, pieces, strict=True)]
    assert first.answer().text.startswith(texts[0])
    assert second.answer().text.startswith(texts[1])
    assert first.answer().citations != second.answer().citations


def test_a_library_that_is_not_there_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match="Make one with: byline index build"):
        Assistant.open(tmp_path / "nowhere")


def test_a_scope_and_settings_hold_for_one_question(assistant: Assistant) -> None:
    question = "Who paid crowns, and who lit the lamp?"
    rail = assistant.ask(question, scope=Filter.of(sites=["The Rail"]))
    assert {citation.site for citation in rail.citations} == {"The Rail"}
    assert {hit.passage.article_id for hit in rail.hits} == {rail.citations[0].article_id}
    one = assistant.ask(question, settings=replace(assistant.settings, sentences=1, abstain_below=0))
    assert len(one.citations) == 1
    assert len({hit.passage.article_id for hit in assistant.ask(question).hits}) == 2


def test_a_scope_without_articles_answers_nothing(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION, scope=Filter.of(articles=[]))
    assert answer.abstained
    assert answer.citations == ()

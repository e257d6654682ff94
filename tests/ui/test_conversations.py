"""What is kept of conversations: in memory and on the disk, each person's apart, across a restart."""

import threading
from datetime import date
from pathlib import Path

import pytest

from index import Article, Hit
from qa import Answer, Turn
from tests.ui.scripted import FIRST, LATER
from ui.conversations import MAX_TITLE, Conversation, Conversations, title_of
from ui.exchange import INTERRUPTED
from ui.scope import Scope
from ui.store import Store


@pytest.fixture
def conversations(tmp_path: Path) -> Conversations:
    return Conversations(Store.open(tmp_path))


def answered(conversation: Conversation, question: str, text: str) -> None:
    exchange = conversation.ask(question)
    exchange.finish(Answer(question, text, citations=(FIRST, LATER), confidence=0.9, notes=("So.",)))
    conversation.save(exchange)


def test_a_conversation_is_what_it_was_after_a_restart(conversations: Conversations, tmp_path: Path) -> None:
    conversation = conversations.get("ada", "1")
    answered(conversation, "Who?", "Ada. [1] [2]")
    conversation.rate(1, "like")
    conversation.rename("  A   name ")
    conversation.limit(Scope(sites=("The Quay",), since=date(2024, 5, 1)))
    conversations.close()
    again = Conversations(Store.open(tmp_path)).get("ada", "1")
    assert again.title == "A name"
    assert again.scope == Scope(sites=("The Quay",), since=date(2024, 5, 1))
    (exchange,) = again.exchanges
    (before,) = conversation.exchanges
    assert (exchange.answer, exchange.shown, exchange.rating) == (before.answer, before.shown, "like")
    assert exchange.answer.citations == (FIRST, LATER)
    assert not again.open


def test_what_was_being_written_says_that_the_server_ended(
    conversations: Conversations, tmp_path: Path
) -> None:
    exchange = conversations.get("", "1").ask("Who?")
    exchange.grow("It be", [FIRST])
    killed = Conversations(Store.open(tmp_path)).get("", "1").exchanges[0]
    assert (killed.answer.text, killed.ending) == ("", INTERRUPTED)
    conversations.close()
    ended = Conversations(Store.open(tmp_path)).get("", "1").exchanges[0]
    assert (ended.answer.text, ended.ending) == ("It be", INTERRUPTED)
    assert ended.shown == f"It be\n\n{INTERRUPTED}"


def test_an_edit_that_comes_twice_takes_out_nothing_more(conversations: Conversations) -> None:
    conversation = conversations.get("", "1")
    for question in ("Who?", "When?", "Why?"):
        answered(conversation, question, "So.")
    for question in ("Where?", "How?"):
        conversation.cut(2)  # the page still says that the second question is edited
        answered(conversation, question, "So.")
    assert [each.question for each in conversation.exchanges] == ["Who?", "Where?", "How?"]


def test_nobody_sees_changes_or_deletes_what_is_somebody_elses(conversations: Conversations) -> None:
    answered(conversations.get("ada", "1"), "Who?", "Ada.")
    assert conversations.find("bo", "1") is None
    assert conversations.listed("bo") == []
    answered(conversations.get("bo", "1"), "Where?", "There.")
    conversations.delete("bo", "1")
    assert [exchange.question for exchange in conversations.get("ada", "1").exchanges] == ["Who?"]
    assert [each.title for each in conversations.listed("ada")] == ["Who?"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Über uns?", "Who lit it?"]),
        ("LIT", ["Who lit it?"]),
        ("keeper", ["Who lit it?"]),
        ("über", ["Über uns?"]),
        ("lit keeper", ["Who lit it?"]),
        ("lit uns", []),
        ("%", []),
    ],
)
def test_a_search_finds_titles_questions_and_answers(
    conversations: Conversations, query: str, found: list[str]
) -> None:
    answered(conversations.get("", "1"), "Who lit it?", "The keeper.")
    answered(conversations.get("", "2"), "Über uns?", "Nichts.")
    answered(conversations.get("bo", "3"), "Who lit it?", "The keeper.")
    assert [each.title for each in conversations.listed("", query)] == found


def test_one_in_which_nothing_was_asked_is_kept_but_not_listed(conversations: Conversations) -> None:
    conversations.get("", "1").limit(Scope(articles=("a",)))
    assert conversations.listed("") == []
    conversation = conversations.get("", "1")
    conversation.ask("Who?")
    assert [each.title for each in conversations.listed("")] == ["Who?"]


def test_what_was_read_for_an_answer_is_not_kept_in_memory(conversations: Conversations) -> None:
    exchange = conversations.get("", "1").ask("Who?")
    passage = Article("1", "A title", "Ada did.", "a.txt").passage(0, 8)
    exchange.finish(Answer("Who?", "Ada. [1]", citations=(FIRST,), hits=(Hit(passage, 1.0),)))
    assert exchange.answer == Answer("Who?", "Ada. [1]", citations=(FIRST,))


def test_those_beyond_the_limit_are_loaded_again(tmp_path: Path) -> None:
    conversations = Conversations(Store.open(tmp_path), limit=2)
    for id in "abc":
        answered(conversations.get("", id), f"{id}?", "So.")
    assert len(conversations) == 2
    assert [exchange.question for exchange in conversations.get("", "a").exchanges] == ["a?"]


def test_one_that_is_being_answered_stays_in_memory(tmp_path: Path) -> None:
    conversations = Conversations(Store.open(tmp_path), limit=1)
    conversation = conversations.get("", "a")
    conversation.ask("Who?")
    conversations.get("", "b")
    assert conversations.get("", "a") is conversation


def test_what_was_deleted_does_not_come_back_with_its_answer(conversations: Conversations) -> None:
    conversation = conversations.get("", "1")
    exchange = conversation.ask("Who?")
    conversations.delete("", "1")
    assert not exchange.open
    conversation.save(exchange)
    assert conversations.listed("") == []
    assert conversations.find("", "1") is None


def test_an_edited_question_takes_out_what_came_after_it(
    conversations: Conversations, tmp_path: Path
) -> None:
    conversation = conversations.get("", "1")
    for question in ("One?", "Two?", "Three?"):
        answered(conversation, question, "So.")
    conversation.cut(2)
    answered(conversation, "Another?", "So.")
    kept = Conversations(Store.open(tmp_path)).get("", "1")
    assert [exchange.question for exchange in kept.exchanges] == ["One?", "Another?"]


def test_the_history_of_an_exchange_is_what_was_answered_before_it(conversations: Conversations) -> None:
    conversation = conversations.get("", "1")
    answered(conversation, "Who?", "Ada.")
    conversation.ask("Never answered?")
    now = conversation.ask("When?")
    assert conversation.before(now) == [Turn("Who?", "Ada.")]


def test_an_answer_is_abandoned_when_no_page_has_shown_it_for_a_while(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.conversations.ABANDONED", 0.0)
    conversation = conversations.get("", "1")
    conversation.ask("Who?")
    with conversation.watched():
        assert not conversation.abandoned
    assert conversation.abandoned


def test_many_threads_share_one_store(conversations: Conversations) -> None:
    def visit(person: int) -> None:
        for number in range(20):
            answered(conversations.get(str(person), str(number % 5)), f"{number}?", "So.")

    people = [threading.Thread(target=visit, args=[person]) for person in range(4)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    for person in range(4):
        kept = [conversations.store.load(str(person), str(id)) for id in range(5)]
        assert [len(each.exchanges) for each in kept if each] == [4] * 5


def test_where_the_disk_takes_nothing_they_are_kept_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    conversations = Conversations(Store.open(tmp_path / "file"))
    answered(conversations.get("", "1"), "Who?", "Ada.")
    assert [each.title for each in conversations.listed("")] == ["Who?"]
    assert "kept until the server ends" in caplog.text


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Who?\n  And when?", "Who? And when?"),
        ("word " * 40, f"{'word ' * 23}word…"),
        ("x" * 200, f"{'x' * MAX_TITLE}…"),
    ],
)
def test_a_title_is_one_short_line(question: str, title: str) -> None:
    assert title_of(question) == title

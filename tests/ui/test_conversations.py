"""What the server remembers of the conversations, and for how long."""

import threading

from qa import Turn
from ui.conversations import MAX_EXCHANGES, Conversation, Conversations


def test_a_conversation_is_found_again_by_its_id() -> None:
    conversations = Conversations()
    conversations.get("a").ask("Who?")
    assert [exchange.question for exchange in conversations.get("a").exchanges] == ["Who?"]
    assert conversations.get("b").exchanges == []


def test_the_least_recently_used_goes_first() -> None:
    conversations = Conversations(limit=2)
    first, second = conversations.get("first"), conversations.get("second")
    conversations.get("first")
    conversations.get("third")
    assert conversations.get("first") is first
    assert conversations.get("second") is not second
    assert len(conversations) == 2


def test_many_threads_share_one_store() -> None:
    conversations = Conversations(limit=50)

    def visit(person: int) -> None:
        for number in range(200):
            conversations.get(f"{person}-{number % 20}").ask("?")

    people = [threading.Thread(target=visit, args=[person]) for person in range(8)]
    for thread in people:
        thread.start()
    for thread in people:
        thread.join()
    assert len(conversations) == 50


def test_only_the_latest_exchanges_are_kept() -> None:
    conversation = Conversation()
    for number in range(MAX_EXCHANGES + 5):
        conversation.ask(str(number))
    assert len(conversation.exchanges) == MAX_EXCHANGES
    assert conversation.exchanges[0].question == "5"


def test_the_history_of_an_exchange_is_what_was_answered_before_it() -> None:
    conversation = Conversation()
    conversation.ask("Who?").answer = "Ada."
    conversation.ask("Never answered?")
    now = conversation.ask("When?")
    now.answer = "Mon"
    assert conversation.before(now) == [Turn("Who?", "Ada.")]


def test_taking_back_gives_the_last_question() -> None:
    conversation = Conversation()
    assert conversation.take_back() is None
    conversation.ask("Who?")
    conversation.ask("When?")
    assert conversation.take_back() == "When?"
    assert [exchange.question for exchange in conversation.exchanges] == ["Who?"]

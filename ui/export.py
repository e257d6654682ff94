"""A conversation, or one answer of it, to take away: Markdown, JSON, and plain text."""

from collections.abc import Iterator
from typing import Any

from index.days import readable
from qa import Citation
from qa.markdown import escaped
from ui.conversations import Conversation
from ui.exchange import Exchange
from ui.records import record
from ui.render import confidence_in_words, one_line
from ui.terminal import answer_text

RATED = {"like": "Liked.", "dislike": "Disliked."}


def as_json(conversation: Conversation) -> dict[str, Any]:
    """All that is kept of it, as JSON's values; `answer.citations` have the exact spans."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created,
        "scope": conversation.scope.values(),
        "exchanges": [
            {
                "question": exchange.question,
                "asked": exchange.asked,
                "rating": exchange.rating or None,
                "ending": exchange.ending or None,
                "answer": record(exchange.answer),
            }
            for exchange in conversation.exchanges
        ],
    }


def as_markdown(conversation: Conversation) -> str:
    """To be read: each answer with all that it quotes, and where that stands."""
    head = [f"# {escaped(conversation.title)}"]
    if words := conversation.scope.words():
        head.append(f"*Asked of {escaped(words)}.*")
    parts = [part for exchange in conversation.exchanges for part in _exchange(exchange)]
    return "\n\n".join([*head, *parts]) + "\n"


def as_text(exchange: Exchange) -> str:
    """One answer with its sources, for the clipboard."""
    return answer_text(exchange.answer)


def file_name(conversation: Conversation, ending: str) -> str:
    """Of the title's words, in ASCII."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in conversation.title).split()
    return f"{'-'.join(words).lower()[:60] or 'conversation'}.{ending}"


def _exchange(exchange: Exchange) -> Iterator[str]:
    answer = exchange.answer
    yield f"## {escaped(exchange.question)}"
    if answer.text:
        yield answer.text
    if exchange.ending:
        yield exchange.ending
    elif not answer.abstained:
        yield confidence_in_words(answer.confidence)
    yield from (escaped(note) for note in answer.notes)
    if answer.citations:
        yield "\n".join(line for citation in answer.citations for line in _citation(citation))
    if exchange.rating:
        yield RATED[exchange.rating]


def _citation(citation: Citation) -> Iterator[str]:
    """A list item: the words, and below them their place."""
    yield f"{citation.marker}. “{escaped(citation.quote)}”"
    facts = [escaped(one_line(each)) for each in (citation.title, citation.site or "") if each]
    if citation.published:
        facts.append(readable(citation.published))
    facts.append(f"characters {citation.start}–{citation.end} of `{citation.article_id.replace('`', '')}`")
    if citation.link:
        facts.append(f"<{citation.link}>")
    yield "   " + " · ".join(facts)

"""The tools that agents are given: their names, what is said of them, and what they do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ui.doors.callers import Caller
from ui.doors.desk import Desk
from ui.doors.wanted import Noun, Page, Query, Question
from ui.records import record

INSTRUCTIONS = (
    "Byline answers from a person's own articles. Whatever you tell from them, quote it as it stands and "
    "name the article, its site and its date; `link` opens the page at the quoted words. Where an answer has "
    "`abstained`, the articles do not say it: tell that, and do not fill the gap."
)


@dataclass(frozen=True, slots=True)
class Tool:
    """`use` is given an instance of `takes`, and gives JSON's values."""

    title: str
    about: str
    takes: type[Noun]
    use: Callable[[Desk, Any, Caller], Awaitable[dict[str, Any]]]


async def _ask(desk: Desk, question: Question, caller: Caller) -> dict[str, Any]:
    return record(await desk.answer(question, caller))


async def _search(desk: Desk, query: Query, caller: Caller) -> dict[str, Any]:
    return {"query": query.query, "hits": await desk.search(query, caller)}


async def _read(desk: Desk, page: Page, caller: Caller) -> dict[str, Any]:
    return await desk.read(page, caller)


TOOLS = {
    "ask": Tool(
        "Ask the articles",
        "Answers a question from the articles. `text` is the answer in Markdown, with a marker such as [1] "
        "for each of `citations`: an exact quotation (`quote`: the article's characters `start` to `end`), "
        "with the article's title, site, date and address. `short` is the answer in its fewest words, "
        "`confidence` the chance that it is right; `abstained` says that the articles do not answer.",
        Question,
        _ask,
    ),
    "search": Tool(
        "Search the articles",
        "Finds the passages that fit best, by words and by meaning, best first: the text, its place in its "
        "article, and the article's id, title, site, date and address.",
        Query,
        _search,
    ),
    "read_article": Tool(
        "Read an article",
        "Reads an article of the library, a page of characters at a time. `next` is the `start` of the next "
        "page, or null at the end. Nothing but articles of the library can be read.",
        Page,
        _read,
    ),
}

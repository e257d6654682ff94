"""Questions about the articles themselves, which their metadata answers: who wrote one, when it was
published, which one says something. English only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from index.days import PartialDate, readable
from index.types import Article

from .types import Turn

_BE = r"(?:is|was|are|were)"
_PIECE = r"(?:articles?|pieces?(?! of\b)|stor(?:y|ies)|columns?|(?:blog )?posts?|essays?|interviews?)\b"
_THIS = r"(?:the|this|that|these|those|your|my)"
_THIS_PIECE = rf"{_THIS} (?:\w+ )?{_PIECE}"
_A_PIECE = rf"(?:{_THIS}|an?) (?:\w+ )?{_PIECE}"
_PIECES = rf"(?:(?:any|an?|some|all|other|more|the|my|your) (?:the |my |your )?)?{_PIECE}"
_ABOUT = r"(?:about|on|of|that (?:say|said|mention|describe|report|claim)\w*)\b"
_SAYS = (
    r"(?:about|on|mention\w*|sa(?:y|ys|id)|describ\w+|discuss\w*|cover(?:s|ed)?|deal\w* with|explains?"
    r"|quotes?|talk\w* (?:about|of)|tells? (?:of|about|me)|report(?:s|ed)? (?:on|that|about)"
    r"|(?:do|does|did) (?:it|that|this|they|he|she))\b"
)
_OUT = r"(?:published|written|posted|printed|released|appear|come out)\b"
_WHEN = r"(?:when|(?:on |in )?(?:which|what) (?:day|date|year))"


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_ASKED: tuple[tuple[Literal["authors", "date", "which"], re.Pattern[str]], ...] = (
    (
        "authors",
        _any_of(
            rf"\bwho (?:wrote|has written|authored) (?:{_A_PIECE}|about\b|(?:{_THIS}|it)\W*$|(?=[“\"]))",
            rf"\bwho {_BE} the (?:authors?|writers?|journalists?) (?:of|behind) (?:{_A_PIECE}|(?=[“\"]))",
            rf"\bwho {_BE} {_THIS_PIECE}(?=.{{0,200}}\bby\W*$)",
        ),
    ),
    (
        "date",
        _any_of(
            rf"\b{_WHEN} (?:{_BE}|did) {_THIS_PIECE}(?=.{{0,200}}\b{_OUT})",
            rf"\b{_WHEN} {_BE} (?:it|this|that) (?:published|posted|printed)\b",
            rf"\b{_WHEN} {_BE} (?=[“\"].{{3,200}}[”\"] (?:published|written))",
            rf"\bwhat {_BE} the (?:publication )?date of {_THIS_PIECE}",
            rf"\bhow old {_BE} {_THIS_PIECE}",
        ),
    ),
    (
        "which",
        _any_of(
            rf"^\W*(?:(?:in|from) )?(?:which|what) (?:of {_THIS} )?{_PIECE} (?:{_BE} )?{_SAYS}",
            rf"^\W*(?:{_BE} there|do (?:you|i|we) have) {_PIECES} {_ABOUT}",
            rf"^\W*(?:list|show|find|name|give)(?: me)? {_PIECES} {_ABOUT}",
            rf"\bwhat {_BE} the (?:title|headline|link|address|url) (?:of|to|for) {_THIS_PIECE}",
            r"\bwhere did (?:you|i|we) (?:read|find|get|see) (?:that|this|it|about)\b",
        ),
    ),
)
_ASKING = frozenset(
    "published written posted printed released appear appeared come out say says said is was are were did "
    "do does about on of by it that this them so".split()
)
"""Words around the topic that are none of it."""
_TITLE = re.compile(r"[“\"](.{3,200}?)[”\"]")


@dataclass(frozen=True, slots=True)
class About:
    """What is asked of an article; `topic` is what the article is about, or its title. `titled` says that
    only an article of that very title can be meant: "Who wrote “Hamlet”?" may ask for something else."""

    asked: Literal["authors", "date", "which"]
    topic: str
    titled: bool = False


def about(question: str, history: Sequence[Turn] = ()) -> About | None:
    """What a question asks of the articles' metadata; None where it asks what they say, and where neither it
    nor the history says which article is meant."""
    title = _TITLE.search(question)
    for asked, pattern in _ASKED:
        match = pattern.search(question)
        if match is None:
            continue
        rest = f"{question[: match.start()]} {question[match.end() :]}"
        topic = title[1] if title else _edges(rest)
        if not topic and history:
            topic = history[-1].question.strip()
        titled = title is not None and re.search(_PIECE, question) is None
        return About(asked, topic, titled) if topic else None
    return None


def _edges(text: str) -> str:
    """Without the words that ask, at either end; those in the middle belong to the topic."""
    words = text.strip(" ?.!,:;").split()
    while words and words[0].strip(",.?!").lower() in _ASKING:
        words = words[1:]
    while words and words[-1].strip(",.?!").lower() in _ASKING:
        words = words[:-1]
    return " ".join(words)


def stated(asked: About, article: Article) -> tuple[str, str | None]:
    """What an article's metadata say: a line, and the answer that is in it; None where they do not say."""
    named = f"“{article.title}”"
    day = None if article.published is None else readable(article.published)
    facts = [fact for fact in (article.site, day) if fact]
    where = f" ({', '.join(facts)})" if facts else ""
    if asked.asked == "authors":
        if not article.authors:
            return f"{named}{where} does not say who wrote it.", None
        names = _listed(article.authors)
        return f"{named}{where} was written by {names}.", names
    if asked.asked == "date":
        if article.published is None or day is None:
            return f"{named} does not say when it was published.", None
        site = f" ({article.site})" if article.site else ""
        word = "in" if isinstance(article.published, PartialDate) else "on"
        return f"{named}{site} was published {word} {day}.", day
    by = f", by {_listed(article.authors)}" if article.authors else ""
    return f"{named}{by}{where}:", article.title


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)

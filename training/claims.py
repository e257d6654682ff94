"""Claims with the sentence that each cites, and whether it bears them out: made by rules of training/written.

A claim is a question and its answer put together, or a sentence with a clause or a name changed, so that all
of it is our own words. What is not borne out is what models get wrong: another name or number, the sentence
beside the right one, a sentence about something else, an answer where the article has none.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.sentences import Span, sentences

from .examples import articles as written_articles

BORNE_OUT = ("repeated", "shortened", "in other words")
NOT_BORNE_OUT = (
    "another name or number in its words",
    "another answer",
    "another answer, cited where it stands",
    "an answer that there is not",
    "the sentence beside it",
    "another sentence of the article",
    "an article about something else",
)

_ENTITY = re.compile(r"(?<!^)\b(?:[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*|\d[\d,.]*\d|\d)")
_CLAUSE = re.compile(
    r", [^,]{8,80},(?= )|,? (?:who|which|where|although|while|but|because) [^,.]{8,120}(?=[,.])"
)
_ASKED = re.compile(
    r"^(?P<lead>(?:In|On|At|To|From|By|For|With|Under|Of|Through|Into|Against|After|According to) )?"
    r"(?P<asks>who|whom|whose|what|which|when|where|why|how(?: (?:many|much|long|old|far|often|big))?)\b\s*"
    r"(?P<helps>(?:did|do|does)\b|(?:is|are|was|were|will|would|has|have|had|can|could|should|must|may)\b)?\s*"
    r"(?P<rest>.*?)\??$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """The claim cites `text[start:end]` of article number `article`. `kind` is one of the above."""

    kind: str
    claim: str
    article: int
    start: int
    end: int

    @property
    def supported(self) -> bool:
        return self.kind in BORNE_OUT


def articles() -> list[dict[str, Any]]:
    """Those of training/written that the reader was not trained on, without follow-up questions."""
    return [
        article | {"questions": [each for each in article["questions"] if "before" not in each]}
        for article, kept_back in written_articles()
        if kept_back
    ]


def said(question: str, answer: str) -> str:
    """A question with its answer as a sentence: in the place of "who", else behind what was asked."""
    asked = _ASKED.match(question)
    if asked is None or not asked["rest"]:
        return f"{question.rstrip('?')}: {answer}."
    helps, rest = asked["helps"] or "", asked["rest"]
    if asked["asks"].lower() in ("who", "what") and helps.lower() not in ("did", "do", "does"):
        return f"{_begun(answer)} {f'{helps} ' if helps else ''}{rest}."
    return f"{_begun(rest)}: {asked['lead'].lower() if asked['lead'] else ''}{answer}."


def pairs(found: Sequence[dict[str, Any]], chance: random.Random) -> Iterator[Pair]:
    """The pairs of some articles: one of each kind for each question where it can be made."""
    pool = [match[0] for article in found for match in _ENTITY.finditer(article["text"])]
    for number, article in enumerate(found):
        other = chance.choice([n for n in range(len(found)) if n != number])
        elsewhere = sentences(found[other]["text"])
        for row in article["questions"]:
            for kind, claim, span in _of_question(article, row, pool, chance):
                yield Pair(kind, claim, number, *span)
            if row["answers"] and row["answers"][0] in article["text"]:
                claim = said(row["question"], row["answers"][0])
                yield Pair("an article about something else", claim, other, *chance.choice(elsewhere))


def _of_question(
    article: dict[str, Any], row: dict[str, Any], pool: Sequence[str], chance: random.Random
) -> Iterator[tuple[str, str, Span]]:
    """Kind, claim, and the sentence of the article that is cited."""
    text, question, answers = article["text"], row["question"], row["answers"]
    spans = sentences(text)
    others = [
        other["answers"][0]
        for other in article["questions"]
        if other["answers"] and other["answers"][0] in text and other["answers"][0] not in answers
    ]
    if not answers:
        if others:
            other = chance.choice(others)
            yield "an answer that there is not", said(question, other), _where(spans, text, other)
        return
    if answers[0] not in text:
        return
    span = _where(spans, text, answers[0])
    claim, sentence = said(question, answers[0]), text[slice(*span)]
    yield "repeated", sentence, span
    yield "in other words", claim, span
    if (shorter := _CLAUSE.sub("", sentence, count=1)) != sentence:
        yield "shortened", shorter, span
    if (altered := _altered(sentence, text, pool, chance)) is not None:
        yield "another name or number in its words", altered, span
    alike = [each for each in others if _kind(each) == _kind(answers[0])]
    if alike and (other := chance.choice(alike)) not in sentence:
        yield "another answer", said(question, other), span
        yield "another answer, cited where it stands", said(question, other), _where(spans, text, other)
    at = spans.index(span)
    without = [
        n for n, each in enumerate(spans) if not any(answer in text[slice(*each)] for answer in answers)
    ]
    if beside := [n for n in without if abs(n - at) == 1]:
        yield "the sentence beside it", claim, spans[chance.choice(beside)]
    if further := [n for n in without if abs(n - at) > 1]:
        yield "another sentence of the article", claim, spans[chance.choice(further)]


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _kind(answer: str) -> str:
    """Roughly what an answer is, so that another of its kind can stand in for it."""
    if any(character.isdigit() for character in answer):
        return "number"
    return "name" if answer.split()[-1][0].isupper() else "words"


def _where(spans: Sequence[Span], text: str, answer: str) -> Span:
    """The sentence in which an answer first stands, or begins."""
    at = text.index(answer)
    return next(span for span in spans if span[0] <= at < span[1])


def _altered(sentence: str, text: str, pool: Sequence[str], chance: random.Random) -> str | None:
    """A sentence with one of its names or numbers replaced by one that the article does not have."""
    matches = list(_ENTITY.finditer(sentence))
    if not matches:
        return None
    match = chance.choice(matches)
    for _ in range(20):
        other = chance.choice(pool)
        if other[0].isdigit() is match[0][0].isdigit() and other not in text:
            return f"{sentence[: match.start()]}{other}{sentence[match.end() :]}"
    return None

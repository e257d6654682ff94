"""Questions turned into ones that their passage does not answer: by another name, by a word's opposite, by a
denial. Rajpurkar et al., "Know What You Don't Know" (ACL 2018), table 2, count these among the ways in which
people write such questions."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from .examples import Example

_NAMED = r"\b(?:[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*|\d[\d,.]*\d|\d)"
_ENTITY = re.compile(rf"(?<!^){_NAMED}")
_WITHIN = re.compile(rf"(?<=[a-z,] ){_NAMED}")
"""The same within a sentence, where a capital is a name's."""
_FULL = 8
"""Words of a question that means one thing only, whoever else it is asked about."""

_OPPOSITES = """
first last|before after|largest smallest|biggest smallest|highest lowest|most least|more fewer
longest shortest|oldest youngest|earliest latest|best worst|increase decrease|increased decreased
increasing decreasing|rise fall|rose fell|win lose|won lost|winner loser|winning losing|victory defeat
north south|northern southern|east west|eastern western|men women|man woman|male female|husband wife
son daughter|brother sister|father mother|boys girls|began ended|begin end|start end|started stopped
opened closed|open close|opening closing|accepted rejected|accept reject|support oppose|supported opposed
supporters opponents|buy sell|bought sold|buyer seller|import export|imported exported|majority minority
above below|maximum minimum|positive negative|public private|rural urban|old new|good bad|high low
higher lower|large small|larger smaller|long short|longer shorter|early late|earlier later
allowed forbidden|gain loss|gained lost|common rare|strong weak|stronger weaker|success failure
succeeded failed|major minor|upper lower|arrived left|arrive leave|hottest coldest|fastest slowest
richest poorest|cheaper dearer|cheapest dearest|heaviest lightest|hired dismissed|appointed dismissed
elected unseated|built demolished|created destroyed|added removed|raised lowered|raise lower
approved refused|agreed refused|morning evening|summer winter|spring autumn|day night|inside outside
northernmost southernmost|indoor outdoor|employer employee|teacher pupil|lender borrower|landlord tenant
plaintiff defendant|attack defend|attacked defended
""".replace("\n", "|").strip("|")
OPPOSITES: dict[str, str] = {}
"""A word, and the first opposite that is given of it."""
for _pair in _OPPOSITES.split("|"):
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)
_OPPOSED = re.compile(rf"(?<!How )\b(?:{'|'.join(OPPOSITES)})\b")

_DENIED = {
    name: f"{name}n't"
    for name in ("did", "was", "were", "is", "are", "has", "have", "had", "does", "do", "could", "would")
} | {"can": "can't", "will": "won't"}
_ASKED = re.compile(rf"(?<=\w )(?:{'|'.join(_DENIED)})(?= \w)")
_WHO = re.compile(r"^(?:Who|Which \w+)(?= \w+ed\b)")


def altered(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """Questions in which a name or number is replaced by another of the same source that the passage does not
    have."""
    named = [(example, match) for example in examples if (match := _ENTITY.search(example.question))]
    pools = {
        digit: [match[0] for _, match in named if match[0][0].isdigit() is digit] for digit in (True, False)
    }
    found = []
    for example, match in rng.sample(named, min(wanted, len(named))):
        other = rng.choice(pools[match[0][0].isdigit()])
        if other.lower() not in example.passage.lower():
            found.append(_replaced(example, match, other, "altered"))
    return found


def exchanged(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """Questions of some length in which a name or number is replaced by another of their own passage, which
    neither the question nor an answer has."""

    def question(example: Example) -> Example | None:
        match = _ENTITY.search(example.question)
        if not match or not example.answers or len(example.question.split()) < _FULL:
            return None
        said = set(" ".join([example.question, *example.answered()]).lower().split())
        others = [
            other
            for other in _WITHIN.findall(example.passage)
            if other[0].isdigit() == match[0][0].isdigit() and said.isdisjoint(other.lower().split())
        ]
        return _replaced(example, match, rng.choice(others), "exchanged") if others else None

    return _some(examples, rng, wanted, question)


def opposed(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """Questions in which a word has become its opposite."""

    def question(example: Example) -> Example | None:
        match = _OPPOSED.search(example.question)
        if not match or not example.answers:
            return None
        return _replaced(example, match, OPPOSITES[match[0]], "opposed")

    return _some(examples, rng, wanted, question)


def denied(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """Questions that are denied: "Who didn't …", "Who never …"."""

    def question(example: Example) -> Example | None:
        if not example.answers:
            return None
        if match := _ASKED.search(example.question):
            return _replaced(example, match, _DENIED[match[0]], "denied")
        match = _WHO.search(example.question)
        return _replaced(example, match, f"{match[0]} never", "denied") if match else None

    return _some(examples, rng, wanted, question)


def _some(
    examples: Sequence[Example], rng: random.Random, wanted: int, made: Callable[[Example], Example | None]
) -> list[Example]:
    found: list[Example] = []
    for example in rng.sample(examples, len(examples)):
        if len(found) == wanted:
            break
        if other := made(example):
            found.append(other)
    return found


def _replaced(example: Example, match: re.Match[str], other: str, how: str) -> Example:
    """The example with `other` in the question where the match was, without an answer."""
    question = f"{example.question[: match.start()]}{other}{example.question[match.end() :]}"
    return replace(example, question=question, answers=(), source=f"{example.source} {how}")

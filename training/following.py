"""Follow-ups: a question of an article after another one of the same article, as qa.followup puts them.

The answer is that of the last one. Where both name the same, the last often has a pronoun in its place.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from qa.followup import following

from .examples import Example

_NAME = re.compile(r"\b(?:the )?[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*")
_PRONOUNS = (("it", "its", "it"), ("he", "his", "him"), ("she", "her", "her"), ("they", "their", "them"))
"""For whoever does something, owns it, or comes last in the question."""
_AND = 0.3
"""How often "And" leads over to the last question."""
_REPLACED = 0.8
"""How often a name that both have is replaced."""
_ANSWERED = 0.6
"""How often the answer to the question before is told with it, if there is one."""


def followed(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """So many questions, each after another about the same passage."""
    asked: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        asked[example.passage].append(example)
    pairs = [
        (before, last) for each in asked.values() for before in each for last in each if before is not last
    ]
    found = []
    for before, last in rng.sample(pairs, min(wanted, len(pairs))):
        question = last.question
        if rng.random() < _REPLACED:
            question = _pointing_back(before.question, question, rng)
        if rng.random() < _AND:
            question = f"And {question[0].lower()}{question[1:]}"
        source = f"{last.source} followed"
        answer = next(iter(before.answered()), "") if rng.random() < _ANSWERED else ""
        found.append(replace(last, question=following(question, before.question, answer), source=source))
    return found


def _pointing_back(before: str, question: str, rng: random.Random) -> str:
    """The question with a pronoun for the longest name that the one before it has too, if there is one."""
    both = [match for match in _NAME.finditer(question) if match.start() and match[0] in before]
    if not both:
        return question
    name = max(both, key=lambda match: len(match[0]))
    after = question[name.end() :]
    pronoun, owning, last = rng.choice(_PRONOUNS)
    if after.startswith(("'s ", "’s ")):
        pronoun, after = owning, after[2:]
    elif not after.strip(" ?"):
        pronoun = last
    return f"{question[: name.start()]}{pronoun}{after}"

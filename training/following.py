"""Follow-ups: a question of an article behind another one of the same article.

The answer is the last one's. Where both name the same, the last often has a pronoun in its place.
`qa.followup` does not put them so yet: training/MODEL_CARD.md says why.
"""

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from .examples import Example

_NAME = re.compile(r"\b(?:the )?[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*")
_PRONOUNS = ("it", "he", "she", "they")
_AND = 0.3
"""How often "And" leads over to the last question."""
_REPLACED = 0.8
"""How often a name that both have is replaced."""


def followed(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """So many questions, each behind another about the same passage."""
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
        found.append(replace(last, question=f"{before.question} {question}", source=source))
    return found


def _pointing_back(before: str, question: str, rng: random.Random) -> str:
    """The question with a pronoun for the longest name that the one before it has too, if there is one."""
    both = [match for match in _NAME.finditer(question) if match.start() and match[0] in before]
    if not both:
        return question
    name = max(both, key=lambda match: len(match[0]))
    after = question[name.end() :]
    pronoun = rng.choice(_PRONOUNS)
    if after.startswith(("'s ", "’s ")):
        pronoun, after = {"it": "its", "he": "his", "she": "her", "they": "their"}[pronoun], after[2:]
    return f"{question[: name.start()]}{pronoun}{after}"

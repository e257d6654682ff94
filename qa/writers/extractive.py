"""The default writer: the sentences that carry the answer, quoted. No model writes a word."""

import re
from collections.abc import Iterator, Sequence

import prompts

from ..evidence import Sentence
from ..markdown import escaped
from .types import Finding, Written

NEAREST = "The nearest that they say:"
NOTHING = "Nothing in them comes near it."

_ALSO_FROM = 0.55
"""A further sentence is quoted when it is at least this likely, compared with the first."""
_NEAREST = 2
_WORDS = re.compile(r"\S+\s*")


def write(finding: Finding, written: Written) -> Iterator[str]:
    """The likeliest sentences, best first, each a paragraph with its marker; or that there are none."""
    chosen = _chosen(finding)
    if finding.abstain:
        yield prompts.load("no-answer", nearest=NEAREST if chosen else NOTHING)
        if chosen:
            yield "\n\n"
    for number, sentence in enumerate(chosen):
        if number:
            yield "\n\n"
        yield from _WORDS.findall(escaped(sentence.text))
        yield f" [{written.citations.of(sentence).marker}]"


def _chosen(finding: Finding) -> list[Sentence]:
    """The first, and others that are nearly as likely and say something else."""
    if not finding.ranked:
        return []
    best = finding.ranked[0][1]
    most = min(_NEAREST, finding.sentences) if finding.abstain else finding.sentences
    chosen: list[Sentence] = []
    for sentence, chance in finding.ranked:
        if len(chosen) == most or chance < _ALSO_FROM * best:
            break
        if not _repeats(sentence, chosen):
            chosen.append(sentence)
    return chosen


def _repeats(sentence: Sentence, chosen: Sequence[Sentence]) -> bool:
    """Whether the same words stand there already, from another article."""
    return any(sentence.text.split() == other.text.split() for other in chosen)

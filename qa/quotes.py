"""What an answer quotes."""

from collections.abc import Sequence
from dataclasses import dataclass

from .evidence import Sentence

_ALSO_FROM = 0.55
"""A further sentence is quoted when it is at least this likely, compared with the first."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence to be quoted, and the stretch `article.text[start:end]` of it that is the short answer.
    `said` is a line of ours that stands before it, such as who wrote the article."""

    sentence: Sentence
    answer: tuple[int, int] | None = None
    said: str = ""


def likeliest(ranked: Sequence[tuple[Sentence, float]], most: int) -> list[Sentence]:
    """The first, and others that are nearly as likely and say something else, at most `most`."""
    chosen: list[Sentence] = []
    for sentence, chance in ranked:
        if len(chosen) == most or chance < _ALSO_FROM * ranked[0][1]:
            break
        if not any(sentence.text.split() == other.text.split() for other in chosen):
            chosen.append(sentence)
    return chosen

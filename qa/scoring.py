"""How near an answer comes to the right ones, as SQuAD counts it (Rajpurkar et al., EMNLP 2016)."""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence

_PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation + "“”‘’–—…", " "))
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalised(text: str) -> str:
    """Lower case, without punctuation and English articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact(answer: str, right: Iterable[str]) -> bool:
    """Whether the answer is one of the right ones, normalised."""
    return normalised(answer) in map(normalised, right)


def f1(answer: str, right: Iterable[str]) -> float:
    """The harmonic mean of precision and recall of its words, against the nearest of the right ones."""
    return max((_f1(normalised(answer).split(), normalised(each).split()) for each in right), default=0.0)


def _f1(found: Sequence[str], right: Sequence[str]) -> float:
    if not found or not right:
        return float(found == right)
    common = sum((Counter(found) & Counter(right)).values())
    return 2 * common / (len(found) + len(right))


def contains(text: str, right: Iterable[str]) -> bool:
    """Whether one of the right answers stands in a text, normalised and as whole words."""
    within = f" {normalised(text)} "
    return any(words and f" {words} " in within for words in map(normalised, right))


def rank(texts: Iterable[str], right: Sequence[str]) -> int | None:
    """The place, from 1, of the first text that contains one of the right answers; None where none does."""
    return next((number for number, text in enumerate(texts, start=1) if contains(text, right)), None)

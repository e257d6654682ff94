"""The figures and names of a text: what an answer must not make up. Names are told by English capitals."""

import re
from collections.abc import Iterable

_WORDED = dict(
    zip(
        "one two three four five six seven eight nine ten eleven twelve".split(),
        map(str, range(1, 13)),
        strict=True,
    )
)
_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")
_SEPARATED = re.compile(r"(?<=\d)[,.](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_COMMON = frozenset(
    "the of and a an in to is was were are on for by with at from that this it as has have had be not or but "
    "he she they his her their which who when where there also its after before".split()
)
_FOREIGN = frozenset(
    "der die das den dem und ein eine ist nicht mit am im zu von auf le la les des du et est un une dans que "
    "el los las una del en y il di che è per het een van de da do os um".split()
)
"""Common words of German, French, Spanish, Italian, Dutch and Portuguese."""
_ENGLISH = 0.12
"""The least part of English words that are among the commonest ones, in a sentence of some length."""
_SHORT = 6
_NEVER_NAMES = frozenset("i i'm i’m mr mrs ms dr st".split())


def figures(text: str) -> list[str]:
    """The numbers in `text` as they stand there."""
    return _FIGURE.findall(text)


def names(text: str) -> list[str]:
    """Words with a capital that begin no sentence, in text that seems English: German nouns all have one."""
    if not english(text):
        return []
    found = []
    for word in _WORD.finditer(text):
        before = text[: word.start()].rstrip(" \t“\"'‘(*")
        begins = not before or before[-1] in ".!?:\n-•>…"
        if word[0][0].isupper() and not begins and word[0].casefold() not in _NEVER_NAMES:
            found.append(word[0])
    return found


def english(text: str) -> bool:
    """Whether a text seems English; a short one is given the benefit of the doubt."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if len(words) < _SHORT:
        return text.isascii() or not words
    ours = sum(word in _COMMON for word in words)
    return ours >= _ENGLISH * len(words) and ours > sum(word in _FOREIGN for word in words)


class Known:
    """The figures and words that stand in some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._figures: set[str] = set()
        self._words: set[str] = set()
        for text in texts:
            self._figures |= {_plain(figure) for figure in figures(text)}
            for word in _WORD.findall(text):
                self._words |= _forms(word)
        self._figures |= {_WORDED[word] for word in self._words & _WORDED.keys()}

    def has_figure(self, figure: str) -> bool:
        plain = _plain(figure)
        return plain in self._figures or all(part in self._figures for part in re.split(r"[:/]", plain))

    def has_name(self, name: str) -> bool:
        return bool(_forms(name) & self._words)

    def missing(self, text: str) -> tuple[str, ...]:
        """The figures and names of `text` that stand in none of the texts, each once."""
        missing = [figure for figure in figures(text) if not self.has_figure(figure)]
        missing += [name for name in names(text) if not self.has_name(name)]
        return tuple(dict.fromkeys(missing))


def _plain(figure: str) -> str:
    """Without separators of thousands and leading zeros: "1,200" and "1.200" are 1200."""
    return _SEPARATED.sub("", figure).lstrip("0") or "0"


def _forms(word: str) -> set[str]:
    """A word in lower case as it is, without a possessive, and each of its parts between hyphens."""
    folded = re.sub(r"[’']s?$", "", word.casefold())
    return {word.casefold(), folded, *folded.split("-")} - {""}

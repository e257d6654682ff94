"""Which files of a folder are meant: patterns as in .gitignore, without negation.

*.log       the name of a file or folder at any depth; `*`, `?` and `[a-z]` stay within a name
a/*.log     with a slash before its end: the path below the root
a/**/b      `**` stands for any number of folders
drafts/     with a slash at its end: folders only
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate

from .formats import ENDINGS
from .origin import ending

_ANY = "**"
_WILD = "*?."


@dataclass(frozen=True, slots=True)
class Patterns:
    """What a person said of a root: with `include`, only what one of those matches; `exclude` wins."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Choice:
    """Patterns at work. `matched` holds those that have matched something so far."""

    def __init__(self, patterns: Patterns = Patterns()) -> None:
        self.matched: set[str] = set()
        self._include = [_Pattern(text) for text in patterns.include]
        self._exclude = [_Pattern(text) for text in patterns.exclude]

    def leaves_out(self, parts: Sequence[str], folder: bool) -> bool:
        """Whether a file or folder is excluded by its own name or path; `parts` are those below the root."""
        return bool(self._matching(self._exclude, parts, folder))

    def takes(self, parts: Sequence[str]) -> bool:
        """Whether a file, which is not left out, is to be read: its ending is known, or a pattern spells out
        some of its name; and one matches it, or a folder that it is in, if there are any to include."""
        known = ending(parts[-1]) in ENDINGS
        if not self._include:
            return known
        by_itself = self._matching(self._include, parts, False)
        by_folder = [
            pattern
            for depth in range(1, len(parts))
            for pattern in self._matching(self._include, parts[:depth], True)
        ]
        return any(pattern.spells for pattern in by_itself) or (known and bool(by_itself or by_folder))

    def admits(self, parts: Sequence[str]) -> bool:
        """Whether the file there is met and read, unless it or a folder that it is in is hidden."""
        return not self.passes_over(parts) and self.takes(parts)

    def passes_over(self, parts: Sequence[str]) -> bool:
        """Whether a file, or a folder that it is in, is excluded."""
        return any(self.leaves_out(parts[:depth], depth < len(parts)) for depth in range(1, len(parts) + 1))

    def _matching(
        self, patterns: Sequence["_Pattern"], parts: Sequence[str], folder: bool
    ) -> list["_Pattern"]:
        parts = _nfc(parts)
        found = [pattern for pattern in patterns if pattern.matches(parts, folder)]
        self.matched.update(pattern.text for pattern in found)
        return found


class _Pattern:
    def __init__(self, text: str) -> None:
        self.text = text
        path = unicodedata.normalize("NFC", text).removeprefix("./")
        self._folders_only = path.endswith("/")
        names = path.strip("/").split("/")
        if "/" not in path.rstrip("/"):
            names = [_ANY, *names]
        self.spells = names[-1].strip(_WILD) != ""
        self._names = [None if name == _ANY else re.compile(translate(name)) for name in names]

    def matches(self, parts: Sequence[str], folder: bool) -> bool:
        if self._folders_only and not folder:
            return False
        reached = {0}  # how many of the parts the names so far may stand for
        for number, name in enumerate(self._names, start=1):
            if name is not None:
                reached = {at + 1 for at in reached if at < len(parts) and name.match(parts[at])}
            elif reached:
                least = min(reached) + (number == len(self._names))  # `a/**` is what is in a, and not a
                reached = set(range(least, len(parts) + 1))
        return len(parts) in reached


def _nfc(parts: Sequence[str]) -> list[str]:
    return [unicodedata.normalize("NFC", part) for part in parts]

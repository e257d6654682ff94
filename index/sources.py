"""What articles are read from: each has a name, a digest of its content, and articles in it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .readers import VERSION as READERS_VERSION
from .readers import read
from .readers.apart import is_risky, read_file_apart
from .readers.content import head_of
from .readers.origin import Origin, ending
from .types import Article, Failure


class Source(Protocol):
    """A file, a page of the web, an entry of a feed, or standard input."""

    @property
    def name(self) -> str:
        """What its articles have as their `source`."""
        ...

    @property
    def root(self) -> str:
        """What was named to the build, under which it was found."""
        ...

    @property
    def named(self) -> bool:
        """Whether it was itself named to the build."""
        ...

    @property
    def lasting(self) -> bool:
        """Whether what came from it stays, though it is not in it any more."""
        ...

    def digest(self, known: str | None) -> str | None:
        """Of its content and of the version of the readers; `known` where that is what it was before, None
        where there is none."""
        ...

    def articles(self, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
        """Its articles, with ids relative to `root`. SourceError if it cannot be read at all."""
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """The file at `path`, found below `below`, or that itself."""

    path: Path
    below: Path
    lasting: bool = False

    @property
    def name(self) -> str:
        return Origin.of_file(self.path).source

    @property
    def root(self) -> str:
        return str(self.below)

    @property
    def named(self) -> bool:
        return self.path == self.below

    def digest(self, known: str | None) -> str | None:
        try:
            if not self.path.is_file():
                return None
            with self.path.open("rb") as file:
                return f"{READERS_VERSION}:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        except OSError:
            return None

    def articles(self, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
        head = head_of(self.path)
        if head and is_risky(head, ending(self.path.name)):
            return read_file_apart(self.path, root, on_failure)
        return read(self.path, root=root, on_failure=on_failure)

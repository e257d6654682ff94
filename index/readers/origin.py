"""Where something is read from: what an article's source, id and title fall back on."""

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from .canonical import canonical


@dataclass(frozen=True, slots=True)
class Origin:
    """`source` is what `Article.source` says; `name` is the path below the root, with `/` and in NFC.

    `url` is the address that the content was fetched from, for content that does not state its own. What was
    `piped` is from no place that has it again: it is known by its text.
    """

    source: str
    name: str
    url: str | None = None
    piped: bool = False

    @classmethod
    def of_file(cls, path: Path, root: Path | None = None) -> "Origin":
        """The origin of a file; without a root that it is below, its name is its file name."""
        absolute = Path(os.path.abspath(path))
        below = Path(os.path.abspath(root)) if root is not None else absolute
        inside = absolute != below and absolute.is_relative_to(below)
        relative = absolute.relative_to(below) if inside else PurePath(absolute.name)
        # macOS hands out decomposed names, others composed ones: the id must not depend on that.
        return cls(canonical(str(absolute)), unicodedata.normalize("NFC", relative.as_posix()))

    @property
    def ending(self) -> str:
        """`.md` of `trip.md`, and of `Trip.MD.gz`."""
        return ending(self.name)

    @property
    def stem(self) -> str:
        """`trip` of `rome/trip.md`, and of `rome/trip.md.gz`."""
        name = PurePosixPath(self.name).name
        if name.lower().endswith(".gz"):
            name = name[: -len(".gz")]
        return PurePosixPath(name).stem


def ending(name: str) -> str:
    """The ending of a file name in lower case, that of the content where it is gzipped."""
    return PurePosixPath(name.lower().removesuffix(".gz")).suffix

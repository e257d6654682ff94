"""What comes through a pipe as a source: it is read once, and cannot be asked again."""

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .errors import NothingToIndex, SourceError
from .readers.apart import is_risky, read_piped_apart
from .readers.opening import GZIP, LARGEST
from .readers.sniff import SNIFFED
from .readers.source import read_piped
from .types import Article, Failure

PIPE = "-"
"""How a person names it to a build."""
STANDARD_INPUT = "standard input"
"""What its articles have as their source, and as their root."""
PIPE_SOMETHING = "Pipe an article to it: curl … | byline index build -"


@dataclass(frozen=True, slots=True)
class PipedSource:
    """`data` is what came, still packed where it was; more than may be read of it is cut off."""

    data: bytes = field(repr=False)
    name: str = STANDARD_INPUT
    root: str = STANDARD_INPUT
    named: bool = True
    lasting: bool = True

    @classmethod
    def of_standard_input(cls) -> "PipedSource":
        """All of it. NothingToIndex where nobody pipes anything."""
        if sys.stdin is None or sys.stdin.isatty():
            raise NothingToIndex("Nothing was piped to standard input.", PIPE_SOMETHING)
        return cls(sys.stdin.buffer.read(LARGEST + 1))

    def digest(self, known: str | None) -> None:
        """None: the next one is another."""
        return None

    def articles(self, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
        data = self._unpacked()
        if len(data) > LARGEST:
            raise SourceError(self.name, f"is larger than {LARGEST // 1_000_000} MB; split it")
        reader = read_piped_apart if is_risky(data[:SNIFFED], "") else read_piped
        return reader(data, self.name, on_failure)

    def _unpacked(self) -> bytes:
        if not self.data.startswith(GZIP):
            return self.data
        try:
            return gzip.GzipFile(fileobj=io.BytesIO(self.data)).read(LARGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise SourceError(self.name, "is damaged: its gzip data is cut off or corrupt") from None

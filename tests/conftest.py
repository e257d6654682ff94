"""What all tests share: a quick encoder whose rankings mean something, and small libraries of real files.

Everything comes as a fixture: test files cannot import from here (`--import-mode=importlib`).
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.catalog import Catalog
from index.embed import BundledEncoder, Encoder, Vectors, bundled_folder, unit
from index.settings import IndexSettings
from index.tokens import WordPieces
from index.types import Article, Report

if TYPE_CHECKING:
    from index.reading import Index

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ANONYMIZED_TELEMETRY"] = "False"

_KEPT = {"BYLINE_ENCODER_FOLDER", "BYLINE_REQUIRE_BROWSER"}
_WORD = re.compile(r"\w+")


class BagOfWords:
    """An Encoder that adds up one pseudo-random unit step a word, so texts that share words are near.

    `encoded` lists all texts that it was given. Another `salt` makes another encoder.
    """

    name = "bag-of-words"
    runtime = "Python"
    dimensions = 128
    precision = "float32"

    def __init__(self, pieces: WordPieces, salt: str = "") -> None:
        self.pieces = pieces
        self.fingerprint = f"bag-of-words{salt}"
        self.encoded: list[str] = []
        self._salt = salt

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in _WORD.findall(text.lower()):
                position, sign = self._step(word)
                vectors[row, position] += sign
        return unit(vectors)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self.encode(questions)

    def for_bulk(self) -> "BagOfWords":
        return self

    def _step(self, word: str) -> tuple[int, int]:
        digest = hashlib.sha256(f"{self._salt}{word}".encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:4]) % self.dimensions, 1 if digest[4] % 2 else -1


@dataclass
class Shelf:
    """A folder of articles, and the library that is built from it.

    Builds are sealed in this process, which is as thorough and two seconds quicker than in a child, and
    do not wait for the disk; `apart=True` leaves both as they are.
    """

    home: Path
    encoder: Encoder
    apart: bool = False
    settings: IndexSettings = field(default_factory=IndexSettings)

    @property
    def articles(self) -> Path:
        return self.home / "articles"

    @property
    def path(self) -> Path:
        return self.home / "library"

    @property
    def current(self) -> str:
        """The generation that readers get: what CURRENT names; where a first build was killed before that,
        the newest that it had sealed. FileNotFoundError where there is none."""
        pointer = self.path / "CURRENT"
        sealed = [manifest.parent.name for manifest in self.path.glob("generations/*/manifest.json")]
        if sealed and not pointer.exists():
            return max(sealed)
        return pointer.read_text(encoding="utf-8").strip()

    @property
    def generation(self) -> Path:
        """The folder of the generation that CURRENT names."""
        return self.path / "generations" / self.current

    @property
    def generations(self) -> list[str]:
        """The names of all generations that are there, sealed or not."""
        return sorted(folder.name for folder in (self.path / "generations").iterdir())

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Writes files below `articles`."""
        for name, content in files.items():
            path = self.articles / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def build(self, *roots: Path | str, **options: Any) -> Report:
        """A build of `roots`, by default of `articles`; `roots=None` repeats those remembered, and `check`
        takes the place of the last look at a draft."""
        from index.pipeline import build  # late: Chroma and LlamaIndex take seconds
        from index.seal import check

        given: Any = options.pop("roots", list(roots) or [self.articles])
        look = options.pop("check", None if self.apart else check)
        options = {"encoder": self.encoder, "settings": self.settings, **options}
        with pytest.MonkeyPatch.context() as patch:
            if look is not None:
                patch.setattr("index.pipeline.check_apart", look)
            if not self.apart:
                patch.setattr("index.generation.sync", lambda path: None)
                patch.setattr("index.library.sync", lambda path: None)
            return build(given or (), library=self.path, **options)

    def open(self, **options: Any) -> "Index":
        from index.reading import Index

        return Index.open(self.path, **{"encoder": self.encoder, "settings": self.settings, **options})

    @contextmanager
    def catalog(self) -> Iterator[Catalog]:
        """The catalog of the current generation."""
        with closing(Catalog.open(self.generation / "articles.db")) as catalog:
            yield catalog

    def ids(self) -> dict[str, str]:
        """Source below `articles` -> id, of the articles that are indexed (the last one of each source)."""
        with self.catalog() as catalog:
            return {os.path.relpath(entry.source, self.articles): entry.id for entry in catalog.entries()}

    def stale(self) -> set[str]:
        """The sources below `articles` that could not be read at the last build."""
        with self.catalog() as catalog:
            return {
                os.path.relpath(entry.source, self.articles) for entry in catalog.entries() if entry.stale
            }

    def copy(self, home: Path) -> "Shelf":
        """The same again, to be damaged at will; its articles are indexed under their old paths."""
        shutil.copytree(self.home, home)
        return Shelf(home, self.encoder, self.apart, self.settings)


@pytest.fixture(scope="session")
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, nobodys_home: Path) -> None:
    """No setting and no library of the person who runs the tests is met by them."""
    for name in [name for name in os.environ if name.startswith("BYLINE_") and name not in _KEPT]:
        monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(nobodys_home))


@pytest.fixture(scope="session")
def pieces() -> WordPieces:
    """The tokenizer of the bundled encoder."""
    return WordPieces(bundled_folder() / "tokenizer.json", 256)


@pytest.fixture
def encoder(pieces: WordPieces) -> BagOfWords:
    """A quick encoder; see BagOfWords."""
    return BagOfWords(pieces)


@pytest.fixture
def other_encoder(pieces: WordPieces) -> BagOfWords:
    """An encoder of the same shape with other vectors."""
    return BagOfWords(pieces, salt="-other")


@pytest.fixture(scope="session")
def bundled() -> BundledEncoder:
    """The real encoder, on ONNX Runtime."""
    return BundledEncoder(bundled_folder())


@pytest.fixture
def library(tmp_path: Path, encoder: BagOfWords) -> Callable[..., Shelf]:
    """`library({"one.md": "…"})` writes the files and builds a library of them; more names make more."""

    def make(files: Mapping[str, str | bytes] | None = None, name: str = "shelf", **options: Any) -> Shelf:
        shelf = Shelf(tmp_path / name, encoder, **options)
        shelf.articles.mkdir(parents=True)
        if files:
            shelf.write(files)
            shelf.build()
        return shelf

    return make


@pytest.fixture(scope="module")
def module_library(tmp_path_factory: pytest.TempPathFactory, pieces: WordPieces) -> Callable[..., Shelf]:
    """The same for a whole file of tests, which may read it, or `copy` it."""

    def make(files: Mapping[str, str | bytes], **options: Any) -> Shelf:
        shelf = Shelf(tmp_path_factory.mktemp("shelf"), BagOfWords(pieces), **options)
        shelf.articles.mkdir(parents=True)
        shelf.write(files)
        shelf.build()
        return shelf

    return make


@pytest.fixture
def article() -> Callable[..., Article]:
    """`article("Some text.")`, with any field of Article by name."""

    def make(text: str, **fields: Any) -> Article:
        return Article(**{"id": "a", "title": "A title", "text": text, "source": "a.md", **fields})

    return make

"""Articles to ask about, an assistant over them with the quick encoder, and one over the samples with the
real one."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seeds
from index import build
from index.embed import Encoder, Vectors
from index.reading import Index
from index.types import Article
from qa import Assistant, Settings
from qa.evidence import Sentence

HARBOUR = (
    "---\ntitle: The harbour lamp\ndate: 2024-05-01\nsite: The Quay\nurl: https://quay.example/lamp\n---\n\n"
    "Ada Lind lit the harbour lamp on Monday. It burned for nine hours.\n\n"
    "“Nobody *asked* me [1],” she said. The oil cost 40 crowns.\n"
)
STATION = (
    "---\ntitle: The station clock\ndate: 2024-06-01\nsite: The Rail\n---\n\n"
    "Bo Sand wound the station clock on Friday. It stopped after two minutes.\n\n"
    "He will try again. Bo Sand paid 70 crowns for the spring.\n"
)


class Remembering:
    """An encoder that asks the real one for each text once: questions about the same articles weigh the
    same sentences again and again."""

    def __init__(self, real: Encoder) -> None:
        self.name, self.fingerprint, self.dimensions = real.name, real.fingerprint, real.dimensions
        self.pieces, self.precision, self.runtime = real.pieces, real.precision, real.runtime
        self._real = real
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._real.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self.encode(questions)

    def for_bulk(self) -> "Remembering":
        return self


@pytest.fixture(scope="module")
def harbour(module_library: Callable[..., Any]) -> Any:
    """A library of two short articles; to be read only."""
    return module_library({"harbour.md": HARBOUR, "station.md": STATION})


@pytest.fixture
def assistant(harbour: Any) -> Iterator[Assistant]:
    """Over the two articles; it always answers."""
    with Assistant(harbour.open(), Settings(abstain_below=0)) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def sentence() -> Callable[..., Sentence]:
    """`sentence(article, words)` is that stretch of the article, where it first stands."""

    def make(article: Article, words: str, rank: int = 0, before: str = "") -> Sentence:
        start = article.text.index(words)
        return Sentence(article, start, start + len(words), rank, before)

    return make


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, bundled: Encoder) -> Path:
    """A library of the sample articles, made by the real encoder."""
    library = tmp_path_factory.mktemp("samples") / "library"
    build(seeds.articles_dir(), library=library, encoder=bundled)
    return library


@pytest.fixture(scope="session")
def samples_assistant(samples: Path, bundled: Encoder) -> Iterator[Assistant]:
    """Over the sample articles; it always answers."""
    with Assistant(Index.open(samples, encoder=Remembering(bundled)), Settings(abstain_below=0)) as assistant:
        yield assistant

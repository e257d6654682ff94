"""How long a search takes, at 26,000 and at 100,000 passages, and how many true neighbours it finds."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import news
from benchmarks.building import Row
from index import Index, build
from index.embed import BundledEncoder, Encoder, Vectors, bundled_folder, unit
from index.search import DEPTH

PASSAGES = 100_000
_NOISE = 0.5  # of a made-up vector, against the real one that it begins as


class Filler(BundledEncoder):
    """In place of the encoder for made-up articles: real passages' vectors, each moved by noise."""

    def __init__(self, real: Vectors) -> None:
        super().__init__(bundled_folder())
        self._real = real
        self._chance = np.random.default_rng(0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = self._chance.integers(len(self._real), size=len(texts))
        noise = unit(self._chance.standard_normal((len(texts), self.dimensions), dtype=np.float32))
        return unit(self._real[rows] + _NOISE * noise)

    def for_bulk(self) -> Encoder:  # type: ignore[override]
        return self


def filled_up(library: Path, place: Path, rows: list[dict[str, Any]], passages: int = PASSAGES) -> None:
    """Adds made-up articles, of the real ones' sentences shuffled, until a library has so many passages."""
    with Index.open(library) as index, index.pinned() as snapshot:
        real = np.array(snapshot.exact.matrix, dtype=np.float32)
        missing = passages - len(real)
        per_article = len(real) / index.info().articles
    chance = random.Random(0)
    sentences = [part for row in rows for part in row["text"].split(". ") if part]
    length = statistics.mean(len(row["text"].split(". ")) for row in rows)
    made = [
        {"id": f"made-{n}", "title": f"Made {n}", "text": ". ".join(chance.choices(sentences, k=int(length)))}
        for n in range(max(0, int(missing / per_article)))
    ]
    build(news.write(place / "made.jsonl.gz", made), library=library, encoder=Filler(real))


def timed(calls: Sequence[Callable[[], object]]) -> list[float]:
    """The milliseconds of each."""
    taken = []
    for call in calls:
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def p50_p95(milliseconds: Sequence[float]) -> tuple[float, float]:
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


def search(library: Path, questions: list[str], at_least: str = "", aim: str = "") -> list[Row]:
    """Encoding the question, both searches, and fusion; and the graph's recall@10 against exact search."""
    with Index.open(library) as index:
        index.search("A first question, so that everything is loaded?", k=DEPTH)
        middle, slow = p50_p95(timed([lambda q=q: index.search(q, k=10) for q in questions]))  # type: ignore[misc]
        with index.pinned() as snapshot:
            vectors = snapshot.encode_questions(questions)
            found = [{id for id, _ in snapshot.nearest(vector, 10)} for vector in vectors]
            truly = [{id for id, _ in snapshot.exact.nearest(vector, 10)} for vector in vectors]
            passages = len(snapshot.exact.ids)
    recall = statistics.fmean(len(a & b) / len(b) for a, b in zip(found, truly, strict=True))
    of = f"{passages:,} passages"
    return [
        [
            f"retrieval p50, {of}",
            f"{middle:.1f} ms",
            at_least,
            aim,
            f"p95 {slow:.1f} ms; {len(questions)} questions",
        ],
        [f"ANN recall@10, {of}", f"{recall:.4f}", ".99", ".995", "Chroma's graph against exact search"],
    ]

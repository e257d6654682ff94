"""The reader: one small cross-encoder that reads a question together with a passage.

In one pass it says how likely the passage answers, and which of its words do. It is the bundled encoder,
trained on (training/), and runs on ONNX Runtime. Devlin et al., "BERT", NAACL 2019, section 4.3, has the
scores of spans against that of having none.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.embed import bundled_folder
from index.memory import give_back
from index.onnx import Graph
from index.sentences import sentences
from index.tokens import encodable

from .weights import changed

GRAPH = Path(__file__).parent / "graphs" / "reader.onnx"

LONGEST_QUESTION, LONGEST_PREFIX, LONGEST = 64, 32, 320
"""Word pieces: of a question, its first; of what is said of the article, its last; of all together."""
_WIDEST = 24
"""Word pieces of a span."""
_BEST = 8
"""Spans kept of a passage."""
_TOGETHER = 4
"""Passages read in one batch: more are no faster on a CPU, and take memory."""


@dataclass(frozen=True, slots=True)
class Span:
    """`passage[start:end]`, and by how much its score is above that of the passage having no answer."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says to a question: the log-odds that it answers, and its best spans, best first."""

    odds: float
    spans: tuple[Span, ...]

    @property
    def best(self) -> float:
        """The best span's score; far below all others where there is none."""
        return self.spans[0].score if self.spans else -20.0


class Reader:
    """Ready to read. Safe to share by threads."""

    def __init__(self, threads: int = 0) -> None:
        folder = bundled_folder()
        self._graph = Graph(GRAPH, folder / "model.safetensors", changed(), threads)
        give_back()
        self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._pieces.no_truncation()
        self._pieces.no_padding()

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading for each passage, a pair: what is said of its article (title and day), and its text."""
        asked = self._encoded(question).ids[:LONGEST_QUESTION]
        inputs = [
            _Input(asked, self._encoded(f"{said}:").ids, self._encoded(text), _sentence_starts(text))
            for said, text in passages
        ]
        found: list[Reading | None] = [None] * len(inputs)
        by_length = sorted(range(len(inputs)), key=lambda n: len(inputs[n].ids))
        for at in range(0, len(inputs), _TOGETHER):
            numbers = by_length[at : at + _TOGETHER]
            first, last, odds = self._graph.run(
                [inputs[n].ids for n in numbers], [inputs[n].kinds for n in numbers]
            )
            for row, n in enumerate(numbers):
                found[n] = Reading(float(odds[row]), inputs[n].spans(first[row], last[row]))
        return [reading for reading in found if reading is not None]

    def _encoded(self, text: str) -> Encoding:
        return self._pieces.encode(encodable(text), add_special_tokens=False)


def the_reader(threads: int = 0) -> Reader:
    """One for the whole process: its weights take some 40 MB."""
    with _LOADING:
        if threads not in _LOADED:
            _LOADED[threads] = Reader(threads)
        return _LOADED[threads]


_LOADING = threading.Lock()
_LOADED: dict[int, Reader] = {}


class _Input:
    """`[CLS] question [SEP] said: passage [SEP]`, as it was trained on."""

    def __init__(
        self, question: Sequence[int], said: Sequence[int], passage: Encoding, starts: Sequence[int]
    ) -> None:
        head = [_CLS, *question, _SEP]
        said = said[-LONGEST_PREFIX:]
        self._from = len(head) + len(said)
        room = LONGEST - self._from - 1
        self._offsets = passage.offsets[:room]
        self._sentence = np.searchsorted(starts, [start for start, _ in self._offsets], side="right")
        self.ids = [*head, *said, *passage.ids[:room], _SEP]
        self.kinds = [0] * len(head) + [1] * (len(self.ids) - len(head))

    def spans(self, first: NDArray[np.float32], last: NDArray[np.float32]) -> tuple[Span, ...]:
        """The best spans of whole words within a sentence, none of which overlaps a better one."""
        begins = slice(self._from, self._from + len(self._offsets))
        nothing = float(first[0] + last[0])
        scores = first[begins][:, None] + last[begins][None, :] - nothing
        width = np.arange(len(self._offsets))
        span = width[None, :] - width[:, None]
        together = self._sentence[:, None] == self._sentence[None, :]
        scores = np.where((span >= 0) & (span < _WIDEST) & together, scores, -np.inf)
        found: list[Span] = []
        for flat in np.argsort(scores, axis=None)[::-1][: 20 * _BEST]:
            i, j = divmod(int(flat), len(self._offsets))
            start, end = self._offsets[i][0], self._offsets[j][1]
            if not np.isfinite(scores[i, j]) or len(found) == _BEST:
                break
            if all(end <= other.start or start >= other.end for other in found):
                found.append(Span(start, end, float(scores[i, j])))
        return tuple(found)


def _sentence_starts(passage: str) -> list[int]:
    return [start for start, _ in sentences(passage)]


_CLS, _SEP = 101, 102

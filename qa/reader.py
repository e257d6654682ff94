"""The reader: one small cross-encoder that reads a question together with a passage.

In one pass it says how likely the passage answers, and which of its words do. It is the bundled encoder,
trained on (training/), and runs on ONNX Runtime. Devlin et al., "BERT", NAACL 2019, section 4.3, has the
scores of spans against that of having none.
"""

import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from index.embed import bundled_folder
from index.sentences import sentences
from index.tokens import encodable

from .weights import of_reader

GRAPH = Path(__file__).parent / "graphs" / "reader.onnx"

LONGEST_QUESTION, LONGEST_PREFIX = 64, 32
"""Word pieces: of a question, and of what is said of its article; the last ones."""
WINDOW = 108
"""Word pieces of a passage that are read at once, as in training. With whole passages, the samples' answers
were found exactly in 47 of 100 of those that have them; with halves in 57."""
_MORE = 27
"""Word pieces by which a window is longer at each end, to have whole sentences."""
_WIDEST = 24
"""Word pieces of a span."""
_BEST = 8
"""Spans kept of a passage."""


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
        from index.onnx import Graph  # loads ONNX Runtime

        folder = bundled_folder()
        self._graph = Graph(GRAPH, folder / "model.safetensors", of_reader, threads)
        self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._pieces.no_truncation()
        self._pieces.no_padding()

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading for each passage, a pair: what is said of its article (title and day), and its text.
        A passage is read window by window, and its odds are those of the best."""
        asked = self._encoded(question).ids[-LONGEST_QUESTION:]
        inputs = [
            (number, window)
            for number, (said, text) in enumerate(passages)
            for window in _windows(asked, self._encoded(f"{said}:").ids, self._encoded(text), text)
        ]
        odds = [-math.inf] * len(passages)
        spans: list[list[Span]] = [[] for _ in passages]
        read = self._graph.each([(window.ids, window.kinds) for _, window in inputs], list)
        for (number, window), (first, last, found) in zip(inputs, read, strict=True):
            odds[number] = max(odds[number], float(found[0]))
            spans[number] += window.spans(first[0], last[0])
        return [Reading(odd, _apart(each)) for odd, each in zip(odds, spans, strict=True)]

    def _encoded(self, text: str) -> Encoding:
        return self._pieces.encode(encodable(text), add_special_tokens=False)


def the_reader(threads: int = 0) -> Reader:
    """One for the whole process: its weights take some 20 MB."""
    with _LOADING:
        if threads not in _LOADED:
            _LOADED[threads] = Reader(threads)
        return _LOADED[threads]


_LOADING = threading.Lock()
_LOADED: dict[int, Reader] = {}


class _Window:
    """`[CLS] question [SEP] said: window of a passage [SEP]`, as it was trained on."""

    def __init__(
        self,
        asked: Sequence[int],
        said: Sequence[int],
        passage: Encoding,
        sentence: NDArray[np.int64],
        at: slice,
    ) -> None:
        head = [_CLS, *asked, _SEP]
        said = said[-LONGEST_PREFIX:]
        self._from = len(head) + len(said)
        self._offsets = passage.offsets[at]
        self._sentence = sentence[at]
        self.ids = [*head, *said, *passage.ids[at], _SEP]
        self.kinds = [0] * len(head) + [1] * (len(self.ids) - len(head))

    def spans(self, first: NDArray[np.float32], last: NDArray[np.float32]) -> list[Span]:
        """The best spans within a sentence: 20 for each that is kept, since most overlap a better one."""
        begins = slice(self._from, self._from + len(self._offsets))
        nothing = float(first[0] + last[0])
        begin, end = first[begins], last[begins]
        number = np.arange(len(self._offsets))
        widths = np.arange(min(_WIDEST, len(number)))[:, None]
        ends = np.minimum(number + widths, len(number) - 1)  # (widths, tokens)
        whole = (number + widths < len(number)) & (self._sentence[ends] == self._sentence)
        scores = np.where(whole, begin + end[ends] - nothing, -np.inf).ravel()
        best = np.argpartition(-scores, min(20 * _BEST, len(scores)) - 1)[: 20 * _BEST]
        found = []
        for flat in best[np.argsort(-scores[best])]:
            if not np.isfinite(scores[flat]):
                break
            width, i = divmod(int(flat), len(number))
            found.append(Span(self._offsets[i][0], self._offsets[i + width][1], float(scores[flat])))
        return found


def _windows(asked: Sequence[int], said: Sequence[int], passage: Encoding, text: str) -> Iterator[_Window]:
    """Equal parts of a passage, none longer than WINDOW, each with what its first and last sentence have
    besides, as far as _MORE."""
    length = len(passage.ids)
    starts = [start for start, _ in sentences(text)]
    sentence = np.searchsorted(starts, [start for start, _ in passage.offsets], side="right")
    parts = max(1, math.ceil(length / WINDOW))
    borders = [part * length // parts for part in range(parts + 1)]
    for begin, end in pairwise(borders):
        first, stop = max(0, begin - _MORE), min(length, end + _MORE)
        while begin > first and sentence[begin - 1] == sentence[begin]:
            begin -= 1
        while end < stop and sentence[end] == sentence[end - 1]:
            end += 1
        yield _Window(asked, said, passage, sentence, slice(begin, end))


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The best of the spans, none of which overlaps a better one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.score):
        if len(found) == _BEST:
            break
        if all(span.end <= other.start or span.start >= other.end for other in found):
            found.append(span)
    return tuple(found)


_CLS, _SEP = 101, 102

"""Runs ONNX graphs; the only importer of onnxruntime.

Those of the bundled encoder and the reader are shipped without weights (tools/export_graph.py,
training/export.py). They come from the bundled encoder's own safetensors file, through
`SessionOptions.add_external_initializers`. Those of other encoders, made by export.py, have their own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Encoding

from .cores import cores
from .memory import give_back

GRAPH = Path(__file__).parent / "graphs" / "minilm.onnx"

# In the file, but in no graph: the pooling layer of BERT's pre-training.
_UNUSED = "pooler."
_WORDS = "embeddings.word_embeddings.weight"

Floats = NDArray[np.float32]
Weights = Mapping[str, NDArray[Any]]
"""By their names in the graph; the word embeddings, which all graphs share, are not among them."""
T = TypeVar("T")
Tokens = tuple[Sequence[int], Sequence[int]]
"""A text's token ids and their segments, without padding."""


class Graph:
    """A graph with its weights, ready to run. Safe to share by threads.

    Each text is run alone and in one thread, as many at a time as there are cores: what comes out does not
    depend on what else is read, nothing is padded, and no core waits for another within a text.
    """

    def __init__(
        self,
        graph: Path,
        weights: Path | None = None,
        made: Callable[[Weights], Weights] = dict,
        threads: int = 0,
    ) -> None:
        """`weights`: a safetensors file, where the graph comes without; `made`: what the graph's weights are,
        made from those of the file; `threads`: texts at a time, 0 for one on each core."""
        self._session = _session(graph, weights, made)
        give_back()
        self._read = {each.name for each in self._session.get_inputs()}
        self._hands = _hands(threads)

    def each(self, texts: Sequence[Tokens], of: Callable[[list[Floats]], T]) -> list[T]:
        """What `of` makes of the graph's outputs for each text; their first axis is of length 1."""
        longest_first = sorted(range(len(texts)), key=lambda number: -len(texts[number][0]))
        running = {number: self._hands.submit(self._run, texts[number], of) for number in longest_first}
        try:
            found = {number: one.result() for number, one in running.items()}
        finally:
            for one in running.values():
                one.cancel()
        return [found[number] for number in range(len(texts))]

    def _run(self, text: Tokens, of: Callable[[list[Floats]], T]) -> T:
        ids, kinds = text
        inputs = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": kinds}
        read = {name: np.array([row], dtype=np.int64) for name, row in inputs.items() if name in self._read}
        return of(self._session.run(None, read))


def _session(graph: Path, weights: Path | None, made: Callable[[Weights], Weights]) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    _one_arena()
    options.add_session_config_entry("session.use_env_allocators", "1")
    if weights is not None:
        words = _words(weights)
        options.add_initializer(_WORDS, words)
        own = made(dict(_of_file(weights)))
        values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(value) for name, value in own.items()}
        values[_WORDS] = words
        options.add_external_initializers(list(values), list(values.values()))
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


@cache
def _hands(threads: int) -> ThreadPoolExecutor:
    """The threads in which graphs run. All graphs share them: no more runs at a time than cores can carry."""
    return ThreadPoolExecutor(threads or cores(), thread_name_prefix="graph")


@cache
def _one_arena() -> None:
    """Memory to run in, for all graphs together; each would keep its own."""
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(place, None)


@cache
def _words(weights: Path) -> Any:
    """The word embeddings, half of a file: all graphs share the memory of these."""
    with safe_open(weights, framework="numpy") as file:
        return onnxruntime.OrtValue.ortvalue_from_numpy(file.get_tensor(_WORDS))


def _of_file(weights: Path) -> Iterator[tuple[str, Floats]]:
    with safe_open(weights, framework="numpy") as file:
        for name in file.keys():
            if name != _WORDS and not name.startswith(_UNUSED):
                tensor = file.get_tensor(name)
                if tensor.dtype.kind == "f":
                    yield name, tensor


class TokenStates:
    """The last hidden states of the bundled encoder, for tokenized texts."""

    def __init__(self, weights: Path, threads: int = 0) -> None:
        self._graph = Graph(GRAPH, weights, threads=threads)

    def mean(self, texts: Sequence[Encoding]) -> Floats:
        """The mean state over each text's tokens, (texts, 384), as the model's pooling layer takes it."""
        return _rows(self._graph, texts, lambda outputs: outputs[0][0].mean(axis=0))


class SentenceVectors:
    """An exported encoder's whole model, pooling and all, for tokenized texts."""

    def __init__(self, graph: Path, threads: int = 0) -> None:
        self._graph = Graph(graph, threads=threads)

    def of(self, texts: Sequence[Encoding]) -> Floats:
        """One row a text, (texts, dimensions), as the model's last module gives it."""
        return _rows(self._graph, texts, lambda outputs: outputs[0][0])


def _rows(graph: Graph, texts: Sequence[Encoding], of: Callable[[list[Floats]], Floats]) -> Floats:
    return np.array(graph.each([(text.ids, text.type_ids) for text in texts], of), dtype=np.float32)

"""Runs ONNX graphs; the only importer of onnxruntime.

Those of the bundled encoder and the reader are shipped without weights (tools/export_graph.py,
training/export.py). They come from the bundled encoder's own safetensors file, through
`SessionOptions.add_external_initializers`. Those of other encoders, made by export.py, have their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Encoding

GRAPH = Path(__file__).parent / "graphs" / "minilm.onnx"

# In the file, but in no graph: the pooling layer of BERT's pre-training.
_UNUSED = "pooler."
_WORDS = "embeddings.word_embeddings.weight"

Floats = NDArray[np.float32]


class Graph:
    """A graph with its weights, ready to run. Safe to share by threads."""

    def __init__(
        self, graph: Path, weights: Path, changed: Mapping[str, Floats] | None = None, threads: int = 0
    ) -> None:
        """`weights`: a safetensors file; `changed`: weights that take the place of the file's, or come on
        top; `threads`: 0 leaves it to ONNX Runtime, one for each core."""
        options = _options(threads)
        shared = _words(weights)
        options.add_initializer(_WORDS, shared)
        tensors = dict(_of_file(weights)) | dict(changed or {})
        values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(value) for name, value in tensors.items()}
        values[_WORDS] = shared
        options.add_external_initializers(list(values), list(values.values()))
        self._session = _session(graph, options)

    def run(self, ids: Sequence[Sequence[int]], kinds: Sequence[Sequence[int]] | None = None) -> list[Floats]:
        """The graph's outputs for a batch of token ids of any lengths; `kinds` are their segments, else 0."""
        longest = max(map(len, ids))
        padded, mask = (np.zeros((len(ids), longest), dtype=np.int64) for _ in range(2))
        segments = np.zeros_like(padded)
        for row, tokens in enumerate(ids):
            padded[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
            if kinds is not None:
                segments[row, : len(tokens)] = kinds[row]
        inputs = {"input_ids": padded, "attention_mask": mask, "token_type_ids": segments}
        outputs: list[Floats] = self._session.run(None, inputs)
        return outputs


def _options(threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Threads that spin while they wait are a little faster alone, and take half as long again beside others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _session(graph: Path, options: Any) -> Any:
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


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
    """The last hidden states of the bundled encoder, for batches of tokenized texts."""

    def __init__(self, weights: Path, threads: int = 0) -> None:
        self._graph = Graph(GRAPH, weights, threads=threads)

    def mean(self, batch: Sequence[Encoding]) -> Floats:
        """The mean state over each text's own tokens, (texts, 384), as the model's pooling layer takes it."""
        mask = np.array([encoding.attention_mask for encoding in batch], dtype=np.float32)[..., None]
        (states,) = self._graph.run([encoding.ids[: sum(encoding.attention_mask)] for encoding in batch])
        mask = mask[:, : states.shape[1]]
        mean: Floats = (states * mask).sum(axis=1) / mask.sum(axis=1)
        return mean


class SentenceVectors:
    """An exported encoder's whole model, pooling and all, for batches of tokenized texts."""

    def __init__(self, graph: Path, threads: int = 0) -> None:
        self._session = _session(graph, _options(threads))
        self._read = {each.name for each in self._session.get_inputs()}

    def of(self, batch: Sequence[Encoding]) -> Floats:
        """One row a text, (texts, dimensions), as the model's last module gives it."""
        inputs = {
            "input_ids": [encoding.ids for encoding in batch],
            "attention_mask": [encoding.attention_mask for encoding in batch],
            "token_type_ids": [encoding.type_ids for encoding in batch],
        }
        read = {name: np.array(rows, dtype=np.int64) for name, rows in inputs.items() if name in self._read}
        (vectors,) = self._session.run(None, read)
        found: Floats = vectors
        return found

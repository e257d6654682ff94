"""Runs the bundled encoder's ONNX graph over token batches; the only importer of onnxruntime.

The graph is shipped without weights (tools/export_graph.py). They come from the package's own
safetensors file, through `SessionOptions.add_external_initializers`.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Encoding

GRAPH = Path(__file__).parent / "graphs" / "minilm.onnx"

# In the file, but not in the graph: the pooling layer of BERT's pre-training.
_UNUSED = "pooler."


class TokenStates:
    """The last hidden states of the encoder, for batches of tokenized texts. Safe to share by threads."""

    def __init__(self, weights: Path, threads: int = 0) -> None:
        """`weights`: the safetensors file; `threads`: 0 leaves it to ONNX Runtime, one for each core."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        tensors = {
            name: tensor
            for name, tensor in load_file(weights).items()
            if tensor.dtype.kind == "f" and not name.startswith(_UNUSED)
        }
        options.add_external_initializers(
            list(tensors), [onnxruntime.OrtValue.ortvalue_from_numpy(tensor) for tensor in tensors.values()]
        )
        self._session = onnxruntime.InferenceSession(str(GRAPH), options, providers=["CPUExecutionProvider"])

    def mean(self, batch: Sequence[Encoding]) -> NDArray[np.float32]:
        """The mean state over each text's own tokens, (texts, 384), as the model's pooling layer takes it."""
        ids = np.array([encoding.ids for encoding in batch], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in batch], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(None, inputs)
        weight = mask[..., None].astype(np.float32)
        mean: NDArray[np.float32] = (states * weight).sum(axis=1) / weight.sum(axis=1)
        return mean

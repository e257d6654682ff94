"""Writes what is shipped of a trained reader: `python -m training.export RUN`.

qa/graphs/reader.onnx is the graph, without weights; qa/graphs/reader.safetensors what training changed: the
differences to the bundled encoder's weights in 8 bits, with a scale a row, and the heads. Needs `onnx`.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.embed import bundled_folder
from qa.weights import HEADS, SCALES, WEIGHTS

from .model import Reader

GRAPH = WEIGHTS.with_suffix(".onnx")
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUTS = ("first", "last", "odds")


def graph(model: Reader) -> onnx.ModelProto:
    """The traced graph, its weights left outside under their names in the encoder's own file."""
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {name: {0: "batch", 1: "length"} for name in (*INPUTS, "first", "last")} | {"odds": {0: "batch"}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "full.onnx"
        torch.onnx.export(
            model.eval(),
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            do_constant_folding=False,
            dynamo=False,
        )
        traced = onnx.load(path)
    for tensor in traced.graph.initializer:
        if tensor.name.startswith("weights.") or tensor.name in HEADS:
            _leave_outside(traced, tensor)
    return traced


def _leave_outside(traced: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    name = tensor.name.removeprefix("weights.").replace("/", ".")
    for node in traced.graph.node:
        for i, used in enumerate(node.input):
            if used == tensor.name:
                node.input[i] = name
    tensor.name = name
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    del tensor.external_data[:]
    tensor.external_data.add(key="location", value="reader")


def differences(trained: dict[str, NDArray]) -> dict[str, NDArray]:
    """Each weight's difference to the bundled one in steps of its row's scale, from -127 to 127."""
    bundled = load_file(bundled_folder() / "model.safetensors")
    found = {}
    for name, value in trained.items():
        if name in HEADS:
            found[name] = value.astype(np.float32)
            continue
        change = (value - bundled[name]).astype(np.float32)
        scale = np.maximum(np.abs(change).max(axis=-1, keepdims=True), 1e-12) / 127
        found[name] = np.round(change / scale).astype(np.int8)
        found[f"{name}{SCALES}"] = scale
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    given = parser.parse_args()
    model = Reader()
    model.load_state_dict(torch.load(given.run / "checkpoint.pt")["model"])
    WEIGHTS.parent.mkdir(exist_ok=True)
    GRAPH.write_bytes(graph(model).SerializeToString())
    save_file(differences(model.trained()), WEIGHTS)
    print(f"{GRAPH}: {GRAPH.stat().st_size:,} bytes; {WEIGHTS}: {WEIGHTS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

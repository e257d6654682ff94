"""The reader's weights: the bundled encoder's, with what training changed added to them.

Most of its matrices are multiplied in 8 bits: that of the weights is a number of steps, one size of step a
column, chosen here; that of the states is chosen by ONNX Runtime as it runs.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

WEIGHTS = Path(__file__).parent / "graphs" / "reader.safetensors"
"""Differences to the bundled encoder in 8 bits, with a scale a row (training/export.py)."""
SCALES = ".scale"
HEADS = ("span", "relevance", "relevance_bias")
"""Weights that only the reader has."""

STEPS, STEP = ".steps", ".step"
"""What the graph reads in the place of a matrix: int8 (in, out), and float32 (out,)."""
_FARTHEST = 63
"""Steps from zero: with 127, two products could be more than the 16 bits that AVX2 adds them up in."""
_IN_STEPS = re.compile(r"encoder\.layer\.\d+\..*\.(query|key|value|dense)\.weight")
_IN_FLOATS = re.compile(r"encoder\.layer\.[01]\.(intermediate|output)\.dense\.")
"""A few states there are ten times as large as the others, and the small ones would be lost in one step."""


def in_steps(name: str) -> bool:
    """Whether a weight is a matrix that is multiplied in 8 bits."""
    return bool(_IN_STEPS.fullmatch(name)) and not _IN_FLOATS.match(name)


def of_reader(bundled: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """The reader's weights by their names in its graph, made from the bundled encoder's."""
    own = load_file(WEIGHTS)
    found: dict[str, NDArray[Any]] = {name: own[name] for name in HEADS}
    for name, value in bundled.items():
        if name in own:
            value = value + own[name].astype(np.float32) * own[f"{name}{SCALES}"]
        if in_steps(name):
            found[f"{name}{STEPS}"], found[f"{name}{STEP}"] = _steps(value)
        else:
            found[name] = value
    return found


def _steps(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A matrix (out, in) as whole steps (in, out), and the size of these for each column."""
    columns = matrix.T
    step = np.maximum(np.abs(columns).max(axis=0), 1e-12) / _FARTHEST
    return np.ascontiguousarray(np.round(columns / step).astype(np.int8)), step.astype(np.float32)

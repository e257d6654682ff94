"""The reader's weights as its graph takes them: most of its matrices in whole steps."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from index.embed import bundled_folder
from qa.weights import STEP, STEPS, WEIGHTS, in_steps, of_reader

LAYER = "encoder.layer.{}.{}.weight"


@pytest.fixture(scope="module")
def bundled() -> dict[str, np.ndarray]:
    return load_file(bundled_folder() / "model.safetensors")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (LAYER.format(0, "attention.self.query"), True),
        (LAYER.format(1, "attention.output.dense"), True),
        (LAYER.format(2, "intermediate.dense"), True),
        (LAYER.format(5, "output.dense"), True),
        (LAYER.format(0, "intermediate.dense"), False),
        (LAYER.format(1, "output.dense"), False),
        (LAYER.format(3, "attention.output.LayerNorm"), False),
        ("encoder.layer.3.output.dense.bias", False),
        ("embeddings.word_embeddings.weight", False),
    ],
)
def test_matrices_are_in_steps_but_those_with_states_far_apart(name: str, expected: bool) -> None:
    assert in_steps(name) is expected


def test_steps_are_the_matrix_to_half_a_step(bundled: dict[str, np.ndarray]) -> None:
    made, own = of_reader(bundled), load_file(WEIGHTS)
    names = [name for name in bundled if in_steps(name)]
    assert len(names) == 6 * 6 - 4
    for name in names:
        change = own[name].astype(np.float32) * own[f"{name}.scale"] if name in own else 0
        matrix = bundled[name] + change
        steps, step = made[f"{name}{STEPS}"], made[f"{name}{STEP}"]
        assert steps.dtype == np.int8 and steps.shape == matrix.T.shape and steps.flags.c_contiguous
        assert (np.abs(steps * step - matrix.T) <= 0.5001 * step).all()


def test_two_products_fit_in_16_bits(bundled: dict[str, np.ndarray]) -> None:
    most = max(np.abs(value).max() for name, value in of_reader(bundled).items() if name.endswith(STEPS))
    assert 2 * 255 * int(most) < 2**15

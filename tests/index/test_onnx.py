from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.embed import bundled_folder
from index.onnx import GRAPH, TokenStates
from index.tokens import WordPieces


@pytest.fixture(scope="module")
def states() -> TokenStates:
    return TokenStates(bundled_folder() / "model.safetensors", threads=1)


def test_the_graph_is_shipped_without_weights() -> None:
    assert GRAPH.stat().st_size < 200_000


def test_one_row_a_text(states: TokenStates, pieces: WordPieces) -> None:
    means = states.mean(pieces.batch(["Cats sit.", "Dogs run and run."]))
    assert means.shape == (2, 384) and means.dtype == np.float32


def test_padding_changes_nothing(states: TokenStates, pieces: WordPieces) -> None:
    alone = states.mean(pieces.batch(["Cats sit."]))[0]
    padded = states.mean(pieces.batch(["Cats sit.", "word " * 250]))[0]
    assert padded == pytest.approx(alone, abs=1e-5)


def test_words_count_in_their_order(states: TokenStates, pieces: WordPieces) -> None:
    one, other = states.mean(pieces.batch(["Dogs chase cats.", "Cats chase dogs."]))
    assert not np.allclose(one, other, atol=1e-3)


def test_threads_share_the_states(states: TokenStates, pieces: WordPieces) -> None:
    batch = pieces.batch(["Cats sit.", "Dogs run."])
    expected = states.mean(batch)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: states.mean(batch), range(32)))
    assert all(np.array_equal(each, expected) for each in found)

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from index.embed import bundled_folder
from index.onnx import GRAPH, Graph, TokenStates
from index.tokens import WordPieces


@pytest.fixture(scope="module")
def states() -> TokenStates:
    return TokenStates(bundled_folder() / "model.safetensors", threads=1)


def test_the_graph_is_shipped_without_weights() -> None:
    assert GRAPH.stat().st_size < 200_000


def test_one_row_a_text(states: TokenStates, pieces: WordPieces) -> None:
    means = states.mean(pieces.encoded(["Cats sit.", "Dogs run and run."]))
    assert means.shape == (2, 384) and means.dtype == np.float32


def test_a_text_comes_out_the_same_bit_for_bit_alone_and_among_others(pieces: WordPieces) -> None:
    states = TokenStates(bundled_folder() / "model.safetensors", threads=3)
    (alone,) = states.mean(pieces.encoded(["Cats sit."]))
    among = states.mean(pieces.encoded(["word " * 250, *["Dogs run and run."] * 5, "Cats sit.", "a"]))
    assert np.array_equal(among[6], alone)
    assert np.array_equal(among[1], among[5]) and not np.array_equal(among[0], among[1])


def test_no_texts_have_no_rows(states: TokenStates) -> None:
    assert len(states.mean([])) == 0


def test_no_more_texts_run_at_a_time_than_there_are_threads_for_all_graphs_together() -> None:
    graphs = [Graph(GRAPH, bundled_folder() / "model.safetensors", threads=2) for _ in range(2)]
    running, most = 0, 0
    lock = threading.Lock()

    def slowly(outputs: object) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    with ThreadPoolExecutor(4) as threads:
        for graph in graphs * 2:
            threads.submit(graph.each, [([101, 102], [0, 0])] * 10, slowly)
    assert most == 2


def test_what_goes_wrong_with_one_text_is_raised_and_the_others_are_left_out() -> None:
    graph = Graph(GRAPH, bundled_folder() / "model.safetensors", threads=1)
    seen = []

    def fail(outputs: list[np.ndarray]) -> None:
        seen.append(outputs[0].shape[1])
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        graph.each([([101] * length, [0] * length) for length in range(2, 40)], fail)
    graph.each([([101], [0])], len)  # comes after all that was not left out
    assert seen[0] == 39 and len(seen) < 5


def test_words_count_in_their_order(states: TokenStates, pieces: WordPieces) -> None:
    one, other = states.mean(pieces.encoded(["Dogs chase cats.", "Cats chase dogs."]))
    assert not np.allclose(one, other, atol=1e-3)


def test_threads_share_the_states(states: TokenStates, pieces: WordPieces) -> None:
    batch = pieces.encoded(["Cats sit.", "Dogs run."])
    expected = states.mean(batch)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: states.mean(batch), range(32)))
    assert all(np.array_equal(each, expected) for each in found)

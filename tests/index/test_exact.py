import sys
from pathlib import Path

import numpy as np
import pytest

from index import exact
from index.exact import ExactVectors, create_matrix

IDS = [3, 5, 8, 13]
MATRIX = np.array([[1, 0], [0.6, 0.8], [0, 1], [-1, 0]], dtype=np.float16)
EAST = np.array([1, 0], dtype=np.float32)
NORTH = np.array([0, 1], dtype=np.float32)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.npy"
    np.save(path, MATRIX)
    return path


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [id for id, _ in found]


def test_the_nearest_come_first(path: Path) -> None:
    found = ExactVectors(path, IDS).nearest(EAST, 3)
    assert ids(found) == [3, 5, 8]
    assert [score for _, score in found] == pytest.approx([1.0, 0.6, 0.0], abs=1e-3)


def test_the_nearest_of_many_come_in_their_order(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(5_000, 2)).astype(np.float16)
    np.save(tmp_path / "many.npy", rows)
    found = ExactVectors(tmp_path / "many.npy", range(5_000)).nearest(EAST, 200)
    assert [score for _, score in found] == sorted(rows[:, 0].tolist(), reverse=True)[:200]


def test_more_than_there_are_is_all_there_are(path: Path) -> None:
    assert ids(ExactVectors(path, IDS).nearest(NORTH, 99)) == [8, 5, 3, 13]


def test_only_allowed_rows_are_found(path: Path) -> None:
    allowed = np.array([False, True, False, True])
    assert ids(ExactVectors(path, IDS).nearest(EAST, 99, allowed)) == [5, 13]


def test_nothing_is_found_where_nothing_is_allowed(path: Path) -> None:
    assert ExactVectors(path, IDS).nearest(EAST, 2, np.zeros(4, dtype=bool)) == []


def test_a_matrix_larger_than_one_read_is_searched_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_ROWS_AT_ONCE", 3)
    assert ids(ExactVectors(path, IDS).nearest(-EAST, 4)) == [13, 8, 5, 3]


def test_vectors_are_found_by_number_in_the_order_asked_for(path: Path) -> None:
    assert ExactVectors(path, IDS).of([13, 3]).tolist() == [[-1, 0], [1, 0]]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_was_read_of_the_file_is_not_kept_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.npy"
    np.save(path, np.ones((20_000, 64), dtype=np.float16))
    vectors = ExactVectors(path, range(20_000))
    assert vectors.matrix[::100].any() and _resident(path) > 500
    found = vectors.nearest(np.ones(64, dtype=np.float32), 1)
    assert found[0][1] == 64 and _resident(path) == 0
    assert vectors.of(range(0, 20_000, 100)).all() and _resident(path) == 0


def _resident(path: Path) -> int:
    """Kilobytes of a mapped file that count as this process's memory."""
    _, _, mapped = Path("/proc/self/smaps").read_text().partition(f"{path}\n")
    return int(mapped.partition("Rss:")[2].split()[0])


def test_the_matrix_is_read_only(path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        ExactVectors(path, IDS).matrix[0, 0] = 2


@pytest.mark.parametrize("wrong", [[3, 5, 8], [3, 5, 8, 13, 21]])
def test_a_matrix_with_other_rows_is_refused(path: Path, wrong: list[int]) -> None:
    with pytest.raises(ValueError, match=rf"has shape \(4, 2\), for {len(wrong)} passages"):
        ExactVectors(path, wrong)


def test_what_is_no_matrix_is_refused(path: Path) -> None:
    np.save(path, np.zeros(4, dtype=np.float16))
    with pytest.raises(ValueError, match="has shape"):
        ExactVectors(path, IDS)


def test_a_file_that_is_cut_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises((ValueError, OSError)):
        ExactVectors(path, IDS)


def test_an_empty_matrix_finds_nothing(tmp_path: Path) -> None:
    create_matrix(tmp_path / "vectors.npy", 0, 2)
    empty = ExactVectors(tmp_path / "vectors.npy", [])
    assert empty.nearest(EAST, 5) == []
    assert empty.nearest(EAST, 5, np.zeros(0, dtype=bool)) == []


def test_a_new_matrix_is_zeros_until_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npy"
    matrix = create_matrix(path, 4, 2)
    assert not matrix.any()
    matrix[:] = MATRIX
    matrix.flush()
    assert np.array_equal(ExactVectors(path, IDS).matrix, MATRIX)
    assert np.load(path).dtype == np.float16

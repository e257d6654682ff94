from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.filters import Filter
from index.vectors import VectorStore

EAST = np.array([1, 0, 0], dtype=np.float32)
NORTH = np.array([0, 1, 0], dtype=np.float32)
UP = np.array([0, 0, 1], dtype=np.float32)
DAY = date(2024, 2, 29)
ROWS = [
    {"article": "a", "published": DAY.toordinal(), "site": "the lantern"},
    {"article": "b", "published": DAY.toordinal() + 1},
    {"article": "c"},
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    with VectorStore(tmp_path / "chroma", create=True) as store:
        store.add([1, 2, 3], np.stack([EAST, NORTH, UP]), ROWS)
        yield store


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [id for id, _ in found]


def test_the_nearest_come_first_with_their_cosines(store: VectorStore) -> None:
    found = store.nearest(np.array([0.6, 0.8, 0], dtype=np.float32), 3)
    assert ids(found) == [2, 1, 3]
    assert [score for _, score in found] == pytest.approx([0.8, 0.6, 0.0], abs=1e-6)


def test_more_than_there_are_is_all_there_are(store: VectorStore) -> None:
    assert set(ids(store.nearest(EAST, 50))) == {1, 2, 3}


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        pytest.param(Filter(since=DAY), {1, 2}, id="since"),
        pytest.param(Filter(until=DAY), {1}, id="until"),
        pytest.param(Filter(since=DAY, until=DAY), {1}, id="a day"),
        pytest.param(Filter(sites=("the lantern", "x")), {1}, id="site"),
        pytest.param(Filter(sites=("",)), set(), id="no site"),
        pytest.param(Filter(articles=("b", "c")), {2, 3}, id="articles"),
        pytest.param(Filter(since=DAY, articles=("b", "c")), {2}, id="both"),
        pytest.param(Filter(articles=("nobody",)), set(), id="nothing"),
    ],
)
def test_a_filter_holds(store: VectorStore, filter: Filter, found: set[int]) -> None:
    assert set(ids(store.nearest(EAST, 3, filter))) == found


def test_deleted_rows_are_not_found(store: VectorStore) -> None:
    store.delete([1, 3])
    assert ids(store.nearest(EAST, 3)) == [2]
    assert (list(store.ids()), store.count()) == ([2], 1)


def test_what_rows_are_filtered_by_can_be_replaced(store: VectorStore) -> None:
    store.update([3], [{"article": "c", "site": "the post"}])
    assert ids(store.nearest(EAST, 3, Filter(sites=("the post",)))) == [3]
    assert store.nearest(UP, 1)[0] == (3, pytest.approx(1.0))


def test_no_rows_are_no_error(store: VectorStore) -> None:
    store.add([], np.empty((0, 3), dtype=np.float32), [])
    store.delete([])
    assert store.count() == 3


def test_an_empty_store_finds_nothing(tmp_path: Path) -> None:
    with VectorStore(tmp_path / "empty", create=True) as empty:
        assert (empty.nearest(EAST, 5), list(empty.ids()), empty.count()) == ([], [], 0)


def test_a_closed_store_opens_again_elsewhere(store: VectorStore, tmp_path: Path) -> None:
    import shutil

    store.close()
    shutil.copytree(tmp_path / "chroma", tmp_path / "copy")
    with VectorStore(tmp_path / "copy") as again:
        assert again.nearest(NORTH, 1) == [(2, pytest.approx(1.0))]


def test_all_rows_are_in_the_graph_once_closed(store: VectorStore, tmp_path: Path) -> None:
    store.close()
    sizes = {file.name: file.stat().st_size for file in (tmp_path / "chroma").glob("*/*")}
    # 100 of Chroma's own make an empty one; ours must be written though they are three.
    assert sizes["length.bin"] > 0 and sizes["data_level0.bin"] > 0


def test_opening_does_not_change_the_graph(store: VectorStore, tmp_path: Path) -> None:
    def graph() -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in (tmp_path / "chroma").glob("*/*")}

    store.close()
    before = graph()
    with VectorStore(tmp_path / "chroma") as again:
        again.nearest(EAST, 1)
    assert before and graph() == before


def test_a_store_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="does not exist"):
        VectorStore(tmp_path / "nowhere")


def test_more_rows_than_chroma_takes_at_once_are_added_paged_and_deleted(tmp_path: Path) -> None:
    many = 6_000
    vectors = np.random.default_rng(0).normal(size=(many, 8)).astype(np.float32)
    with VectorStore(tmp_path / "many", create=True) as store:
        store.add(range(many), vectors, [{"article": "a"}] * many)
        assert store.count() == many
        assert sorted(store.ids()) == list(range(many))
        store.delete(range(5_900))
        assert sorted(store.ids()) == list(range(5_900, many))


def test_chroma_has_no_embedding_function_and_no_text(store: VectorStore) -> None:
    assert store._collection._embedding_function is None
    assert store._collection.get(include=["documents"])["documents"] == [None, None, None]


def test_a_store_is_closed_by_its_block(tmp_path: Path, article: Callable[..., object]) -> None:
    with closing(VectorStore(tmp_path / "chroma", create=True)) as store:
        store.add([1], EAST[None, :], [{"article": "a"}])
    with pytest.raises(Exception):  # noqa: B017 (Chroma raises what it likes)
        store.count()

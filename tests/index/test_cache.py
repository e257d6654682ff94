import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.cache import EmbeddingCache, cache_key

PAGE = 4096
KEYS = [cache_key("e", f"text {n}") for n in range(1200)]
VECTORS = np.arange(1200 * 8, dtype=np.float16).reshape(1200, 8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "embeddings.db"


@pytest.fixture
def cache(path: Path) -> Iterator[EmbeddingCache]:
    with closing(EmbeddingCache(path)) as cache:
        cache.put(KEYS, VECTORS)
        yield cache


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a cache with 1,200 vectors."""
    path = tmp_path_factory.mktemp("cache") / "embeddings.db"
    with closing(EmbeddingCache(path)) as cache:
        cache.put(KEYS, VECTORS)
    return path.read_bytes()


def test_what_was_put_is_known(cache: EmbeddingCache) -> None:
    found = cache.known(KEYS)
    assert np.array_equal(np.stack([found[key] for key in KEYS]), VECTORS)


def test_what_was_not_put_is_not_known(cache: EmbeddingCache) -> None:
    stranger = cache_key("e", "another text")
    assert list(cache.known([stranger, KEYS[3]])) == [KEYS[3]]


def test_no_keys_are_no_question(cache: EmbeddingCache) -> None:
    assert cache.known([]) == {}


def test_what_was_put_is_known_after_opening_again(cache: EmbeddingCache, path: Path) -> None:
    with closing(EmbeddingCache(path)) as again:
        assert len(again.known(KEYS)) == 1200


def test_putting_again_replaces(cache: EmbeddingCache) -> None:
    cache.put(KEYS[:1], np.full((1, 8), 7, dtype=np.float16))
    assert cache.known(KEYS[:1])[KEYS[0]].tolist() == [7.0] * 8


def test_a_key_is_of_one_encoder_and_one_text() -> None:
    keys = {cache_key(*pair) for pair in [("e", "a"), ("e", "b"), ("f", "a"), ("e\na", ""), ("e", "\ud800")]}
    assert len(keys) == 5
    assert cache_key("e", "a") == cache_key("e", "a")


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="emptied"),
        pytest.param(lambda data: b"no database" * 999, id="overwritten"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut"),
        pytest.param(lambda data: data[:PAGE] + bytes(len(data) - PAGE), id="all but its head zeroed"),
        pytest.param(lambda data: data[:100], id="a header only"),
    ],
)
def test_a_damaged_file_is_begun_anew(damage: Callable[[bytes], bytes], full: bytes, path: Path) -> None:
    path.write_bytes(damage(full))
    with closing(EmbeddingCache(path)) as cache:
        assert cache.known(KEYS) == {}
        cache.put(KEYS[:5], VECTORS[:5])
        assert len(cache.known(KEYS)) == 5


def test_a_vector_that_changed_on_the_disk_is_not_known(full: bytes, path: Path) -> None:
    position = full.index(VECTORS[700].tobytes())
    path.write_bytes(full[:position] + bytes([full[position] ^ 4]) + full[position + 1 :])
    with closing(EmbeddingCache(path)) as cache:
        assert set(KEYS) - cache.known(KEYS).keys() == {KEYS[700]}


def test_a_page_that_was_lost_costs_time_and_nothing_else(full: bytes, path: Path) -> None:
    pages = range(PAGE, len(full), PAGE)
    assert len(pages) > 10
    for at in pages:
        for file in path.parent.iterdir():
            file.unlink()
        path.write_bytes(full[:at] + bytes(PAGE) + full[at + PAGE :])
        with closing(EmbeddingCache(path)) as cache:
            known = cache.known(KEYS)
            assert all(np.array_equal(known[key], VECTORS[n]) for n, key in enumerate(KEYS) if key in known)
            cache.put(KEYS, VECTORS)
            assert len(cache.known(KEYS)) == 1200


def test_a_file_that_cannot_be_written_is_an_error(path: Path) -> None:
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        EmbeddingCache(path)
    shutil.rmtree(path)


def test_it_can_be_used_from_another_thread_than_it_was_opened_in(cache: EmbeddingCache) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as other:
        assert len(other.submit(cache.known, KEYS).result()) == 1200


def test_it_holds_no_text(cache: EmbeddingCache, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        columns = [name for _, name, *_ in db.execute("PRAGMA table_info(embeddings)")]
    assert columns == ["key", "vector", "crc"]

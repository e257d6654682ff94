"""An open library: following the pointer, pinning, closing, and falling back."""

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import Index, IndexSettings
from index import reading as module
from index.embed import Encoder
from index.errors import (
    ArticleNotFound,
    EncoderError,
    LibraryDamaged,
    LibraryError,
    LibraryMismatch,
    LibraryNotFound,
)

CATS = "# Cats\n\nCats sit on mats."
OLD, NEW = "# Dogs\n\nDogs run in parks.", "# Dogs\n\nDogs swim in lakes."


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer is looked at whenever a question comes in."""
    monkeypatch.setattr(module, "FOLLOW_SECONDS", 0.0)


@pytest.fixture(scope="module")
def two(module_library):
    """A library of two generations: in the first dogs run, in the second, which is current, they swim."""
    shelf = module_library({"cats.md": CATS, "dogs.md": OLD})
    shelf.write({"dogs.md": NEW})
    shelf.build()
    return shelf


@pytest.fixture
def damaged(two, tmp_path: Path):
    return two.copy(tmp_path / "copy")


@pytest.fixture
def opened(two) -> Iterator[Index]:
    with two.open() as index:
        yield index


def dogs(index: Index) -> str:
    """What dogs do, as the index has it."""
    return index.search("dogs")[0].passage.text.partition("Dogs ")[2].split()[-3]


# What an index says


def test_a_question_is_answered_with_exact_slices(opened: Index) -> None:
    for hit in opened.search("Where do dogs swim?"):
        text = opened.article(hit.passage.article_id).text
        assert text[hit.passage.start : hit.passage.end] == hit.passage.text


def test_an_article_is_found_by_its_id(opened: Index, two) -> None:
    article = opened.article(two.ids()["dogs.md"])
    assert (article.title, article.text, article.source) == (
        "Dogs",
        NEW,
        str(two.articles / "dogs.md"),
    )


def test_an_article_that_is_not_there_is_an_error(opened: Index) -> None:
    with pytest.raises(ArticleNotFound, match="'nobody'"):
        opened.article("nobody")


def test_articles_come_by_id(opened: Index) -> None:
    ids = [article.id for article in opened.articles()]
    assert ids == sorted(ids) and len(ids) == 2


def test_info_says_what_a_library_is(opened: Index, two) -> None:
    info = opened.info()
    assert (info.library, info.generation, info.articles, info.passages) == (str(two.path), "000002", 2, 2)
    assert (info.encoder, info.precision, info.roots) == ("bag-of-words", "float32", (str(two.articles),))
    assert info.runtime == two.encoder.runtime
    assert info.bytes > 100_000


# Opening


def test_no_library_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match="Make one with: byline index build --library"):
        Index.open(tmp_path / "nowhere")


def test_the_default_library_is_opened(two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_LIBRARY", str(two.path))
    with Index.open(encoder=two.encoder) as index:
        assert dogs(index) == "swim"


def test_a_library_of_another_encoder_is_refused(two, other_encoder: Encoder) -> None:
    with pytest.raises(LibraryMismatch, match=r"other weights of the encoder 'bag-of-words'\. Rebuild it"):
        two.open(encoder=other_encoder)


def test_settings_that_name_another_encoder_are_refused(two) -> None:
    with pytest.raises(LibraryMismatch, match=r"'bag-of-words', but the settings name 'other'\. Rebuild it"):
        Index.open(two.path, IndexSettings(encoder="other"))


def test_a_library_of_another_format_is_refused(damaged) -> None:
    manifest = damaged.generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    with pytest.raises(LibraryMismatch, match="byline index build"):
        damaged.open()


# Damage

HARM: dict[str, Callable[[Path], object]] = {
    "the catalog is gone": lambda g: (g / "articles.db").unlink(),
    "the vectors are empty": lambda g: (g / "vectors.npy").write_bytes(b""),
    "the words are gone": lambda g: shutil.rmtree(g / "tantivy"),
    "the graph is cut": lambda g: next(g.glob("chroma/*/data_level0.bin")).write_bytes(b"cut"),
    "chroma is gone": lambda g: shutil.rmtree(g / "chroma"),
    "the manifest is gone": lambda g: (g / "manifest.json").unlink(),
    "the manifest is cut": lambda g: (g / "manifest.json").write_text('{"made": '),
    "everything is gone": shutil.rmtree,
}


@pytest.mark.parametrize("harm", HARM)
def test_the_generation_before_a_damaged_one_answers(damaged, harm: str) -> None:
    HARM[harm](damaged.generation)
    with damaged.open() as index:
        assert (index.info().generation, dogs(index)) == ("000001", "run")


@pytest.mark.parametrize("harm", HARM)
def test_where_all_are_damaged_one_line_names_the_command(damaged, harm: str) -> None:
    for folder in (damaged.path / "generations").iterdir():
        HARM[harm](folder)
    with pytest.raises(LibraryDamaged) as caught:
        damaged.open()
    assert str(caught.value).endswith(f"Rebuild it with: byline index build --library {damaged.path}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"\xff\xfe\x00", b"000077\n", b"../000002", b"\x00" * 7, b"000001\n000002"]
)
def test_where_the_pointer_points_nowhere_the_newest_generation_answers(damaged, content: bytes) -> None:
    (damaged.path / "CURRENT").write_bytes(content)
    with damaged.open() as index:
        assert (index.info().generation, dogs(index)) == ("000002", "swim")


def test_without_a_pointer_the_newest_generation_answers(damaged) -> None:
    (damaged.path / "CURRENT").unlink()
    with damaged.open() as index:
        assert dogs(index) == "swim"


# Following


def test_a_new_generation_is_followed_within_two_seconds(library) -> None:
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        assert dogs(index) == "run"
        shelf.write({"dogs.md": NEW})
        shelf.build()
        built = time.monotonic()
        while dogs(index) == "run":
            assert time.monotonic() - built < 2
            time.sleep(0.05)


def test_the_pointer_is_not_looked_at_for_every_question(opened: Index, monkeypatch) -> None:
    opened.search("dogs")
    monkeypatch.setattr(opened._home, "current", lambda: pytest.fail("looked"))
    opened._looked = time.monotonic()
    opened.search("dogs")


def test_a_pinned_generation_stays_while_another_serves(library, following) -> None:
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        with index.pinned() as old:
            shelf.write({"dogs.md": NEW})
            shelf.build()
            assert dogs(index) == "swim"
            # Two more builds, each of which sweeps.
            for text in (OLD, NEW):
                shelf.write({"dogs.md": text})
                shelf.build()
            assert dogs(index) == "swim"
            assert old.name == "000001" and (shelf.path / "generations" / "000001").is_dir()
            (vector,) = old.encode(["dogs run"])
            (found,) = old.hits(old.nearest(vector, 5))
            assert found.passage.text == OLD == old.article(found.passage.article_id).text
            assert len(old.lexical.best("parks", 5)) == 1
        with pytest.raises(sqlite3.ProgrammingError):
            old.catalog.counts()
        leases = [path.name.partition(".")[0] for path in (shelf.path / "readers").iterdir()]
        assert leases == ["000004"]
        shelf.write({"dogs.md": OLD})
        shelf.build()
        assert "000001" not in shelf.generations


def test_a_generation_that_nobody_uses_is_closed_when_another_serves(library, following) -> None:
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        with index.pinned() as old:
            pass
        shelf.write({"dogs.md": NEW})
        shelf.build()
        assert old.catalog.counts() == (1, 1)
        assert dogs(index) == "swim"
        with pytest.raises(sqlite3.ProgrammingError):
            old.catalog.counts()


def test_a_new_generation_that_is_damaged_is_not_followed(library, following, caplog) -> None:
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        shelf.write({"dogs.md": NEW})
        shelf.build()
        (shelf.generation / "articles.db").write_bytes(b"")
        assert dogs(index) == "run"
        assert "The generation before it goes on answering." in caplog.text


def test_a_damaged_generation_is_not_tried_again_for_every_question(library, following, monkeypatch) -> None:
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        shelf.write({"dogs.md": NEW})
        shelf.build()
        whole = (shelf.generation / "vectors.npy").read_bytes()
        (shelf.generation / "vectors.npy").write_bytes(b"")
        assert dogs(index) == "run"
        (shelf.generation / "vectors.npy").write_bytes(whole)
        assert dogs(index) == "run"
        monkeypatch.setattr(index, "_refused_until", 0.0)
        assert dogs(index) == "swim"


def test_a_library_whose_generations_went_while_it_was_opened_is_opened_again(
    damaged, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidates = module.Library.candidates

    def overtaken(home: module.Library) -> list[str]:
        monkeypatch.setattr(module.Library, "candidates", candidates)
        found = candidates(home)
        for name in found:
            (home.generations / name).rename(home.generations / f"{int(name) + 10:06d}")
        home.publish("000012")
        return found

    monkeypatch.setattr(module.Library, "candidates", overtaken)
    with damaged.open() as index:
        assert index.info().generation == "000012"


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xfe", b"000099"])
def test_a_pointer_that_breaks_is_not_followed(damaged, following, content: bytes) -> None:
    with damaged.open() as index:
        (damaged.path / "CURRENT").write_bytes(content)
        assert dogs(index) == "swim"


def test_a_new_generation_of_an_encoder_that_is_not_here_is_not_followed(
    library, other_encoder: Encoder, following, monkeypatch, caplog
) -> None:
    def missing(name: str, threads: int) -> Encoder:
        raise EncoderError(f"{name!r} is not on this machine.")

    monkeypatch.setattr(module, "open_encoder", missing)
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        shelf.build(encoder=other_encoder)
        assert dogs(index) == "run"
        assert "'bag-of-words' is not on this machine. The generation before it" in caplog.text


def test_a_new_generation_of_another_encoder_is_followed_with_that_one(
    library, other_encoder: Encoder, following, monkeypatch
) -> None:
    monkeypatch.setattr(module, "open_encoder", lambda name, threads: other_encoder)
    shelf = library({"dogs.md": OLD})
    with shelf.open() as index:
        shelf.build(encoder=other_encoder)
        other_encoder.encoded = []
        assert dogs(index) == "run"
        assert other_encoder.encoded == ["dogs"]


# Closing


def test_a_closed_index_holds_nothing(damaged) -> None:
    index = damaged.open()
    assert len(list((damaged.path / "readers").iterdir())) == 1
    index.close()
    index.close()
    assert list((damaged.path / "readers").iterdir()) == []


def test_a_closed_index_answers_nothing(damaged) -> None:
    index = damaged.open()
    index.close()
    for ask in (lambda: index.search("dogs"), index.info, lambda: list(index.articles())):
        with pytest.raises(LibraryError, match=f"The library at {damaged.path} was closed"):
            ask()


def test_what_a_question_is_using_is_closed_after_it(damaged) -> None:
    index = damaged.open()
    with index.pinned() as snapshot:
        index.close()
        assert snapshot.catalog.counts() == (2, 2)
    with pytest.raises(sqlite3.ProgrammingError):
        snapshot.catalog.counts()
    assert list((damaged.path / "readers").iterdir()) == []


def test_a_library_can_be_opened_many_times_at_once(two) -> None:
    with two.open() as one, two.open() as other:
        one.close()
        assert dogs(other) == "swim"


# Threads


@pytest.mark.slow
def test_eight_threads_are_answered_from_whole_generations_while_builds_swap(library, following) -> None:
    def texts(version: int) -> dict[str, str]:
        return {f"{n}.md": f"# Animal {n}\n\nThe animal is in version{version}." for n in range(4)}

    shelf = library(texts(0))
    logging.disable()
    done, seen = threading.Event(), set()
    with shelf.open() as index:

        def ask(thread: int) -> int:
            asked = 0
            while not done.is_set():
                hits = index.search(f"animal {thread % 4}")
                versions = {hit.passage.text.rpartition("version")[2] for hit in hits}
                assert len(hits) == 4 and len(versions) == 1, [hit.passage.text for hit in hits]
                seen.update(versions)
                asked += 1
            return asked

        with ThreadPoolExecutor(8) as threads:
            asking = [threads.submit(ask, n) for n in range(8)]
            try:
                for version in range(1, 5):
                    shelf.write(texts(version))
                    shelf.build()
                time.sleep(0.3)
            finally:
                done.set()
            assert all(thread.result() > 0 for thread in asking)
        assert len(list((shelf.path / "readers").iterdir())) == 1
    logging.disable(logging.NOTSET)
    assert "4." in seen and len(seen) > 1

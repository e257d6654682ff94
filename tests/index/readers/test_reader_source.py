import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.readers import ENDINGS, read
from index.types import Failure

Writes = Callable[[str, str | bytes], Path]


def test_with_a_callback_a_file_that_cannot_be_used_is_a_failure(tmp_path: Path) -> None:
    failures: list[Failure] = []
    path = tmp_path / "gone.txt"
    assert list(read(path, on_failure=failures.append)) == []
    assert failures == [Failure(str(path), "does not exist")]


def test_without_one_it_is_an_error(write: Writes) -> None:
    path = write("photo.txt", b"\x89PNG\r\n\x1a\n")
    with pytest.raises(SourceError, match=r"photo.txt: is a binary file \(a PNG image\)$"):
        next(read(path))


def test_a_path_may_be_relative(write: Writes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("rome/trip.txt", "It rained.")
    monkeypatch.chdir(path.parent)
    assert next(read("trip.txt")).source == str(path)


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/my-trip-to-\xff\xfe.txt"
    try:
        Path(os.fsdecode(path)).write_text("It rained.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    article = next(read(os.fsdecode(path), root=tmp_path))
    assert "".join((article.id, article.title, article.source)).encode()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files are counted in /proc")
def test_reading_that_is_broken_off_leaves_no_file_open(write: Writes) -> None:
    path = write("a.jsonl", '{"text": "one"}\n{"text": "two"}\n')
    before = len(os.listdir("/proc/self/fd"))
    articles = read(path)
    next(articles)
    articles.close()  # type: ignore[attr-defined]
    assert len(os.listdir("/proc/self/fd")) == before


BEGINNINGS = st.sampled_from(
    [
        b"",
        b"---\n",
        b"<html>",
        b'{"text": "',
        b'{"id": ',
        b"\x1f\x8b\x08",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"# ",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"<rss><channel><item>",
        b"<feed><entry>",
        b"From: a\nDate: b\nReceived: c\n",
    ]
)
PIECES = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"<p>", b"</div>", b"\n---\n", b"date: 2023-02-30\n", b'"}\n', b"\\ud800", b"&#0;"]),
)
CONTENTS = st.builds(lambda first, more: first + b"".join(more), BEGINNINGS, st.lists(PIECES, max_size=8))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=CONTENTS)
@example(content=b'{"text": "\\ud800", "title": "\\udfff"}')
@example(content=b"---\n? [a]\n: b\n---\nIt rained.")
@example(content=b"<html><p>&#xD800;&#0;</p>")
def test_no_content_raises_anything_but_a_source_error(tmp_path: Path, content: bytes) -> None:
    for ending in (*ENDINGS, ".txt.gz", ".unknown", ""):
        path = tmp_path / f"a{ending}"
        path.write_bytes(content)
        with suppress(SourceError):
            for article in read(path, root=tmp_path):
                assert article.text.strip()
                assert article.title and article.id
                assert "\n" not in article.title
                assert "\0".join((article.text, article.title, article.id, *article.authors)).encode()

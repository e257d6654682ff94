"""Reading in a process of its own: the same articles, and one line for whatever happens to it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from index.errors import SourceError
from index.readers import apart, read
from index.readers.apart import is_risky, read_file_apart, read_page_apart
from index.types import Article, Failure

CATS = "---\ntitle: Cats 🐈\nauthor: Ada Lind\ndate: 2024-05-01\n---\n\nCats sit on mats.\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "cäts.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("cats.md", CATS)
        file.writestr("broken.jsonl", "{broken\n")
    return path


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch):
    """`program("…")` stands for the child."""

    def put(code: str) -> None:
        monkeypatch.setattr(apart, "_PROGRAM", (sys.executable, "-P", "-c", code))

    return put


@pytest.mark.parametrize(
    ("name", "head", "risky"),
    [
        ("a.pdf", b"", True),
        ("A.PDF.GZ", b"\x1f\x8b", True),
        ("a.txt", b"%PDF-1.7", True),
        ("a", b"PK\x03\x04", True),
        ("a.md", b"# Cats", False),
        ("a.html", b"<html>", False),
    ],
)
def test_what_is_read_apart(name: str, head: bytes, risky: bool) -> None:
    assert is_risky(name, head) == risky


def test_what_comes_back_is_what_is_read_here(archive: Path) -> None:
    here: list[Failure] = []
    there: list[Failure] = []
    expected = list(read(archive, root=archive.parent, on_failure=here.append))
    assert list(read_file_apart(archive, str(archive.parent), there.append)) == expected
    assert there == here and len(here) == len(expected) == 1
    assert isinstance(expected[0], Article) and expected[0].title == "Cats 🐈"


def test_a_page_is_read_apart_too(archive: Path) -> None:
    url = "https://quay.example/cats.zip"
    (article,) = read_page_apart(archive.read_bytes(), url, "application/zip", None, lambda failure: None)
    assert (article.text, article.source) == ("Cats sit on mats.", url)


def test_what_cannot_be_read_is_the_same_error(tmp_path: Path) -> None:
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n")
    failures: list[Failure] = []
    assert list(read_file_apart(tmp_path / "cut.pdf", str(tmp_path), failures.append)) == []
    assert [failure.reason for failure in failures] == ["is damaged: it cannot be opened as a PDF"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "makes its reader crash"),
        ("import os; os._exit(0)", "makes its reader crash"),
        ('print(\'{"article": {"id"\')', "makes its reader crash"),
        ("raise MemoryError", "needs more than 1 GB of memory"),
    ],
    ids=["a crash", "an early end", "half a line", "no memory"],
)
def test_a_child_that_ends_early_is_one_line(program, archive: Path, code: str, reason: str) -> None:
    program(code)
    with pytest.raises(SourceError, match=reason) as raised:
        list(read_file_apart(archive, "", lambda failure: None))
    assert raised.value.source == str(archive)


def test_a_child_that_hangs_is_ended(program, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program("import time; time.sleep(60)")
    monkeypatch.setattr(apart, "SECONDS", 0.5)
    with pytest.raises(SourceError, match=r"takes longer than 0\.5 seconds to read"):
        list(read_file_apart(archive, "", lambda failure: None))


def test_the_childs_memory_has_an_end() -> None:
    code = "from index.readers.apart import limit_memory; limit_memory(); bytearray(2 << 30)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "MemoryError" in done.stderr


def test_builds_read_risky_files_apart_and_go_on_after_a_crash(program, library, archive: Path) -> None:
    program("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    shelf = library()
    shelf.write({"cats.md": CATS, "cats.zip": archive.read_bytes()})
    report = shelf.build()
    assert (report.added, report.failed) == (1, 1)
    assert "makes its reader crash" in report.failures[0].reason

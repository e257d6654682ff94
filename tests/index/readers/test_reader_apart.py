"""Reading in a process of its own: the same articles, and one line for whatever happens to it."""

import gzip
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from index.errors import SourceError
from index.readers import apart, read
from index.readers.apart import dismiss, is_risky, read_file_apart, read_page_apart
from index.sources import FileSource
from index.types import Article, Failure

CATS = "---\ntitle: Cats 🐈\nauthor: Ada Lind\ndate: 2024-05-01\n---\n\nCats sit on mats.\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "cäts.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("cats.md", CATS)
        file.writestr("broken.jsonl", "{broken\n")
    return path


@pytest.fixture(autouse=True)
def no_worker_before_and_after():
    dismiss()
    yield
    dismiss()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch):
    """`program("…")` stands for the worker."""

    def put(code: str) -> None:
        monkeypatch.setattr(apart, "_PROGRAM", (sys.executable, "-P", "-c", code))

    return put


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The workers that are started from now on."""
    workers: list[object] = []

    class Counted(apart._Worker):
        def __init__(self) -> None:
            super().__init__()
            workers.append(self)

    monkeypatch.setattr(apart, "_Worker", Counted)
    return workers


@pytest.mark.parametrize(
    ("ending", "head", "risky"),
    [
        (".txt", b"%PDF-1.7", True),
        ("", b"PK\x03\x04", True),
        (".html", b"It rained.", True),
        (".txt", b"<!DOCTYPE html><html>", True),
        (".txt", b"<rss version='2.0'>", True),
        (".txt", b"From: a@b.example\nDate: 9 Mar 2023\nMessage-ID: <1>\n\nIt rained.", True),
        (".md", b"# Cats", False),
        (".txt", b"Cats", False),
        (".jsonl", b'{"text": "Cats"}', False),
    ],
)
def test_what_is_read_apart(ending: str, head: bytes, risky: bool) -> None:
    assert is_risky(head, ending) == risky


def test_what_is_packed_goes_by_what_is_in_it(tmp_path: Path, started: list[object]) -> None:
    for name in ("cats.txt.gz", "cats.pdf.gz"):
        (tmp_path / name).write_bytes(gzip.compress(b"%PDF-1.7\n"))
        assert list(FileSource(tmp_path / name, tmp_path).articles("", lambda failure: None)) == []
    assert len(started) == 1


def test_one_worker_reads_many_files(archive: Path, started: list[object]) -> None:
    for _ in range(5):
        assert len(list(read_file_apart(archive, "", lambda failure: None))) == 1
    assert len(started) == 1


def test_after_a_file_that_took_much_memory_there_is_another_worker(
    program, archive: Path, started: list[object]
) -> None:
    program('import sys; [print(\'{"end": true, "spent": true}\', flush=True) for line in sys.stdin]')
    for _ in range(2):
        assert list(read_file_apart(archive, "", lambda failure: None)) == []
    assert len(started) == 2


def test_a_worker_knows_how_much_memory_it_has_taken() -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system does not say it")
    code = (
        "from index.readers.worker import _taken\n"
        "before = _taken(); more = bytearray(200_000_000); print(_taken() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 200_000_000 <= int(done.stdout) < 210_000_000


def test_a_worker_that_is_gone_is_replaced(archive: Path, started: list) -> None:
    assert len(list(read_file_apart(archive, "", lambda failure: None))) == 1
    started[0]._process.kill()
    assert len(list(read_file_apart(archive, "", lambda failure: None))) == 1
    assert len(started) == 2


def test_a_worker_ends_with_the_program_that_started_it(archive: Path) -> None:
    code = (
        "import os, signal, sys, pathlib; from index.readers import apart\n"
        "print(len(list(apart.read_file_apart(pathlib.Path(sys.argv[1]), '', print))))\n"
        "print(apart._idle._process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, archive], capture_output=True, text=True, check=False)
    worker = int(done.stdout.split()[-1])
    for _ in range(100):
        if not Path(f"/proc/{worker}").exists() or "Z" in Path(f"/proc/{worker}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    pytest.fail("the worker is still there")


@pytest.mark.skipif(not hasattr(signal, "alarm"), reason="the system ends no process by itself")
def test_a_worker_that_hangs_ends_itself_where_nobody_is_left_to_end_it() -> None:
    hanging = (
        "from index.readers import worker; worker._ALONE = 1;"
        "worker._answer = lambda *_: any(iter(int, 1)); worker.main()"
    )
    with subprocess.Popen([sys.executable, "-P", "-c", hanging], stdin=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.write(b'{"size": 0}\n')
        process.stdin.flush()
        assert process.wait(20) == -signal.SIGALRM


def test_builds_leave_no_worker(library, archive: Path, started: list) -> None:
    shelf = library()
    shelf.write({"cats.zip": archive.read_bytes()})
    assert shelf.build().added == 1
    assert len(started) == 1 and started[0]._process.poll() is not None


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
    code = "from index.readers.worker import limit_memory; limit_memory(); bytearray(2 << 30)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "MemoryError" in done.stderr


def test_builds_read_risky_files_apart_and_go_on_after_a_crash(program, library, archive: Path) -> None:
    program("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    shelf = library()
    shelf.write({"cats.md": CATS, "cats.zip": archive.read_bytes()})
    report = shelf.build()
    assert (report.added, report.failed) == (1, 1)
    assert "makes its reader crash" in report.failures[0].reason

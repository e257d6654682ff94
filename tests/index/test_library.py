import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from index import library as module
from index.errors import LibraryBusy, LibraryDamaged, LibraryNotFound, LibraryUnwritable
from index.library import Library

Child = Callable[[str], AbstractContextManager[subprocess.Popen[str]]]


@pytest.fixture
def home(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


@pytest.fixture
def stocked(home: Library) -> Library:
    """Four sealed generations, the third of which is current, and a half-built one."""
    for name in ("000001", "000002", "000003", "000004", "000005"):
        (home.generations / name).mkdir(parents=True)
        (home.generations / name / "articles.db").write_text(name)
        if name != "000005":
            (home.generations / name / "manifest.json").write_text("{}")
    home.publish("000003")
    return home


@pytest.fixture
def child(home: Library) -> Child:
    """Another process that holds what a `with` statement on `home` gives, until its block ends."""

    @contextmanager
    def holding(what: str) -> Iterator[subprocess.Popen[str]]:
        program = (
            "import sys; from index.library import Library\n"
            f"home = Library({str(home.path)!r})\n"
            f"with home.{what}:\n"
            "    print('held', flush=True)\n"
            "    sys.stdin.read()"
        )
        command = [sys.executable, "-P", "-c", program]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None and process.stdout.readline() == "held\n"
                yield process
            finally:
                if process.poll() is None:
                    process.kill()

    return holding


def names(home: Library) -> list[str]:
    return sorted(path.name for path in home.generations.iterdir())


# The pointer


def test_making_the_object_touches_nothing(home: Library) -> None:
    assert not home.path.exists()


def test_a_path_with_a_tilde_is_in_the_users_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert Library("~/library").path == Path("/somewhere/library")


def test_without_a_pointer_nothing_is_current(home: Library) -> None:
    assert home.current() is None


def test_what_is_published_is_current(stocked: Library) -> None:
    stocked.publish("000004")
    assert stocked.current() == "000004"
    assert sorted(path.name for path in stocked.path.iterdir()) == ["CURRENT", "generations"]


def test_a_reader_sees_the_old_name_or_the_new_one(stocked: Library) -> None:
    seen, done = set(), threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(stocked.current())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(30):
        stocked.publish("000004")
        stocked.publish("000003")
    done.set()
    reader.join()
    assert seen == {"000003", "000004"}


@pytest.mark.parametrize("step", ["sync", "replace"])
def test_publishing_that_is_interrupted_leaves_the_old_pointer(
    stocked: Library, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*paths: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(module if step == "sync" else os, step, stop)
        stocked.publish("000004")
    assert stocked.current() == "000003"
    stocked.publish("000004")
    assert stocked.current() == "000004"


# What to read


def test_the_current_generation_is_tried_first_and_then_older_ones(stocked: Library) -> None:
    assert stocked.sealed() == ["000004", "000003", "000002", "000001"]
    assert stocked.candidates() == ["000003", "000002", "000001"]


def test_a_current_generation_that_is_not_sealed_is_not_tried(stocked: Library) -> None:
    (stocked.generations / "000003" / "manifest.json").unlink()
    assert stocked.candidates() == ["000002", "000001"]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\n", id="a blank line"),
        pytest.param(b"garbage", id="a word"),
        pytest.param(b"\x00" * 7, id="zeros"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(b"../../etc", id="a path"),
        pytest.param(b"000001\n000002\n", id="two names"),
        pytest.param(b"000009\n", id="a name that is not there"),
    ],
)
def test_a_pointer_to_nowhere_makes_every_sealed_generation_a_candidate(
    stocked: Library, content: bytes
) -> None:
    (stocked.path / "CURRENT").write_bytes(content)
    assert stocked.candidates() == ["000004", "000003", "000002", "000001"]
    stocked.sweep()
    assert names(stocked) == ["000004"]


def test_a_pointer_that_cannot_be_read_is_damage(stocked: Library) -> None:
    (stocked.path / "CURRENT").unlink()
    (stocked.path / "CURRENT").mkdir()
    with pytest.raises(LibraryDamaged, match=r"CURRENT cannot be read: .* byline index build --library"):
        stocked.current()


def test_no_library_is_not_found(home: Library) -> None:
    with pytest.raises(
        LibraryNotFound, match=f"no library at {home.path}. Make one with: byline index build"
    ):
        home.candidates()


def test_a_library_without_a_sealed_generation_is_damaged(stocked: Library) -> None:
    for name in stocked.sealed():
        (stocked.generations / name / "manifest.json").unlink()
    with pytest.raises(LibraryDamaged, match=f"Rebuild it with: byline index build --library {stocked.path}"):
        stocked.candidates()


# The lock


@pytest.mark.slow
def test_a_lock_that_another_process_holds_is_busy_at_once(home: Library, child: Child) -> None:
    with child("locked()") as process:
        began = time.monotonic()
        with pytest.raises(LibraryBusy, match=rf"\(process {process.pid}\)"), home.locked():
            pass
        assert time.monotonic() - began < 1


@pytest.mark.slow
def test_the_lock_of_a_process_that_was_killed_is_free(home: Library, child: Child) -> None:
    with child("locked()") as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (home.path / "lock.holder").exists()
    with home.locked():
        assert json.loads((home.path / "lock.holder").read_text()) == {"pid": os.getpid()}


def test_the_lock_is_busy_for_another_thread(home: Library) -> None:
    found: list[BaseException] = []

    def build() -> None:
        try:
            with Library(home.path).locked():
                pass
        except LibraryBusy as error:
            found.append(error)

    with home.locked():
        other = threading.Thread(target=build)
        other.start()
        other.join()
    assert [str(os.getpid()) in str(error) for error in found] == [True]


def test_a_lock_is_free_after_a_failure(home: Library) -> None:
    with pytest.raises(RuntimeError), home.locked():
        raise RuntimeError
    with home.locked():
        pass
    assert not (home.path / "lock.holder").exists()


@pytest.mark.parametrize("content", ["", "{}", "[1]", "garbage", '{"pid": null}'])
def test_a_holder_that_cannot_be_read_is_unknown(home: Library, content: str) -> None:
    with home.locked():
        (home.path / "lock.holder").write_text(content)
        with pytest.raises(LibraryBusy, match=r"\(process (unknown|None)\)"), Library(home.path).locked():
            pass


def test_a_place_that_is_no_folder_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryUnwritable, match="cannot be written: Not a directory"):
        with Library(tmp_path / "file" / "library").locked():
            pass


@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device", "articles.db"),
        RuntimeError("error returned from database: (code: 13) database or disk is full"),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
    ],
    ids=["the system's", "Chroma's", "Tantivy's"],
)
def test_a_full_disk_is_unwritable_whoever_says_so(home: Library, error: Exception) -> None:
    with pytest.raises(LibraryUnwritable, match=r"(?s)cannot be written: .*(full|space).* Free some space"):
        with home.locked():
            raise error


# Drafts, leases, sweeping


def test_a_draft_has_a_name_after_all_others(stocked: Library) -> None:
    assert stocked.draft() == stocked.generations / "000006"
    assert stocked.draft().name == "000007"


def test_the_first_draft_is_number_one(home: Library) -> None:
    with home.locked():
        assert home.draft().name == "000001"


def test_a_sweep_keeps_the_current_one_and_the_one_before(stocked: Library) -> None:
    stocked.sweep()
    assert names(stocked) == ["000002", "000003"]


def test_a_sweep_keeps_what_is_leased(stocked: Library) -> None:
    with stocked.lease("000001"), stocked.lease("000001"):
        stocked.sweep()
        assert names(stocked) == ["000001", "000002", "000003"]
    stocked.sweep()
    assert names(stocked) == ["000002", "000003"]


@pytest.mark.slow
def test_a_sweep_keeps_what_another_process_reads_until_it_dies(stocked: Library, child: Child) -> None:
    with child("lease('000001')") as process:
        stocked.sweep()
        assert names(stocked) == ["000001", "000002", "000003"]
        process.send_signal(signal.SIGKILL)
        process.wait()
    stocked.sweep()
    assert names(stocked) == ["000002", "000003"]
    assert list((stocked.path / "readers").iterdir()) == []


def test_a_lease_leaves_nothing_behind(stocked: Library) -> None:
    with stocked.lease("000003"):
        assert len(list((stocked.path / "readers").iterdir())) == 1
    assert list((stocked.path / "readers").iterdir()) == []


def test_a_lease_ends_in_whichever_thread_closes_it(stocked: Library) -> None:
    lease = stocked.lease("000001")
    opening = threading.Thread(target=lease.__enter__)
    opening.start()
    opening.join()
    stocked.sweep()
    assert "000001" in names(stocked)
    lease.__exit__(None, None, None)
    stocked.sweep()
    assert "000001" not in names(stocked)


def test_where_no_lease_can_be_written_reading_goes_on(stocked: Library) -> None:
    (stocked.path / "readers").write_text("in the way")
    with stocked.lease("000003"):
        pass

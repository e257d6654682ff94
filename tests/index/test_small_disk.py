"""A disk that is full, or that nothing can be written to: a real one of a few megabytes, with the command
line and the real encoder. Where the system lets nobody mount one, these tests are skipped.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ARTICLE = "# The {n}. lamp\n\nAda Lind lit lamp number {n} on Monday. It burned for {n} hours.\n"
SERVE = """
import sys
from index import Index
with Index.open(sys.argv[1]) as index:
    print("open", flush=True)
    for line in sys.stdin:
        print(len(index.search(line)), flush=True)
"""


class Disk:
    """A tmpfs, seen by the processes that `run` starts, and by this one below `place`."""

    def __init__(self, mounted: Path, holder: int) -> None:
        self.mounted = mounted
        self.holder = holder
        self.place = Path(f"/proc/{holder}/root{mounted}")
        self.library = mounted / "library"

    def command(self, *words: str | Path) -> list[str]:
        within = ["nsenter", "--target", str(self.holder), "--user", "--mount", "--preserve-credentials"]
        return [*within, *map(str, words)]

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False)

    def byline(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run(
            sys.executable, "-P", "-c", "from ui.cli import main; main()", *words, "--library", self.library
        )

    def fill(self) -> Path:
        """Takes all the room that is left."""
        filler = self.place / "filler"
        with filler.open("wb", buffering=0) as file:
            for block in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(bytes(block))
                except OSError:
                    continue
        return filler

    def left(self) -> list[str]:
        """The generations that are there, and the pointer."""
        library = self.place / "library"
        names = [path.name for path in (library / "generations").glob("*")]
        return sorted(names) + [path.read_text() for path in library.glob("CURRENT*")]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Disk]]:
    holders: list[subprocess.Popen[str]] = []

    def mount(megabytes: str) -> Disk:
        place = tmp_path / "disk"
        place.mkdir()
        script = f"mount -t tmpfs -o size={megabytes} tmpfs {place} && echo mounted && exec sleep 290"
        command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        holders.append(holder)
        assert holder.stdout is not None
        if holder.stdout.readline() != "mounted\n":
            pytest.skip("this system mounts no disk for a test")
        return Disk(place, holder.pid)

    try:
        yield mount
    except FileNotFoundError:
        pytest.skip("this system has no unshare")
    finally:
        for holder in holders:
            holder.kill()
            holder.wait()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(2, 12):
        (folder / f"{n}.md").write_text(ARTICLE.format(n=n))
    return folder


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("room", ["40k", "300k"])
def test_a_build_without_room_says_where_and_how_much_and_leaves_nothing(disk, articles, room: str) -> None:
    small = disk(room)
    said = one_line(small.byline("index", "build", articles))
    assert str(small.library) in said and "left" in said and "Free some space" in said
    assert small.left() == []


def test_what_a_build_needs_is_known_before_it_runs_into_the_wall(disk, tmp_path: Path) -> None:
    small = disk("6m")
    many = tmp_path / "book.txt"
    many.write_text("\n\n".join(f"Sentence number {n} is about lamp {n}." * 9 for n in range(20_000)))
    said = one_line(small.byline("index", "build", many))
    assert "needs at least" in said and small.left() == []


def test_on_a_full_disk_all_go_on_answering(disk, articles) -> None:
    small = disk("60m")
    assert small.byline("index", "build", articles).returncode == 0
    command = small.command(sys.executable, "-P", "-c", SERVE, small.library)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdin is not None and serving.stdout is not None
        assert serving.stdout.readline() == "open\n"
        filler = small.fill()
        (articles / "2.md").write_text("# Another\n\nNobody lit anything.\n")
        said = one_line(small.byline("index", "build"))
        assert str(small.library) in said and "Free some space" in said
        assert small.left() == ["000001", "000001\n"]
        for _ in range(3):
            print("Who lit the lamp?", file=serving.stdin, flush=True)
            assert int(serving.stdout.readline()) > 0
        asked = small.byline("ask", "Who lit lamp number 7?")
        assert asked.returncode == 0 and "Ada Lind lit lamp number 7 on Monday." in asked.stdout
        assert "exact search answers" in asked.stderr and asked.stderr.count("\n") == 1
        serving.stdin.close()
    filler.unlink()
    assert small.byline("index", "build").returncode == 0
    assert small.byline("index", "verify").returncode == 0


def test_where_nothing_can_be_written_questions_are_answered_and_builds_refused(disk, articles) -> None:
    small = disk("60m")
    assert small.byline("index", "build", articles).returncode == 0
    assert small.run("mount", "-o", "remount,ro", small.mounted).returncode == 0
    asked = small.byline("ask", "Who lit lamp number 7?")
    assert asked.returncode == 0 and "Ada Lind lit lamp number 7 on Monday." in asked.stdout
    assert "exact search answers" in asked.stderr and asked.stderr.count("\n") == 1
    said = one_line(small.byline("index", "build"))
    assert str(small.library) in said and "Read-only" in said
    assert small.byline("index", "list").returncode == 0
    assert os.access(articles, os.W_OK)

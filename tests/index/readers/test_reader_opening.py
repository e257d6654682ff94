import gzip
import os
import socket
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import SourceError
from index.readers import read
from index.readers.opening import LARGEST, opened
from index.types import Article

Writes = Callable[[str, str | bytes], Path]


def reason(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        list(read(path))
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_a_path_that_does_not_exist(tmp_path: Path, write: Writes) -> None:
    assert reason(tmp_path / "gone.txt") == "does not exist"
    assert reason(write("a.txt", "It rained.") / "b.txt") == "does not exist"
    assert reason(Path("a\0b.txt")) == "does not exist"


def test_a_link_that_leads_nowhere_or_in_circles(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    (tmp_path / "round.txt").symlink_to("round.txt")
    assert reason(tmp_path / "gone.txt") == "does not exist"
    assert reason(tmp_path / "round.txt") == "cannot be read: too many levels of symbolic links"


def test_a_folder(tmp_path: Path) -> None:
    assert reason(tmp_path) == "is a folder"


@pytest.mark.timeout(10)
def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt") == "is a named pipe, not a file"


def test_a_device_is_refused() -> None:
    assert reason(Path("/dev/zero")) == "is a device, not a file"


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the address of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")
        assert reason(tmp_path / "s.txt") == "is a socket, not a file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(write: Writes) -> None:
    path = write("secret.txt", "It rained.")
    path.chmod(0)
    assert reason(path) == "cannot be read: permission denied"


@pytest.mark.parametrize("ending", ["txt", "md", "html", "jsonl", "txt.gz"])
def test_an_empty_file(write: Writes, ending: str) -> None:
    empty = gzip.compress(b"") if ending.endswith(".gz") else b""
    assert reason(write(f"empty.{ending}", empty)) == "is empty"


@pytest.mark.parametrize("ending", ["txt", "md", "html", "jsonl"])
def test_a_blank_file(write: Writes, ending: str) -> None:
    assert reason(write(f"blank.{ending}", "\ufeff \r\n\t\n")) == "has no text"


def test_bytes_in_no_known_encoding(write: Writes) -> None:
    noise = bytes(range(128, 256)) * 8
    assert reason(write("noise.txt", noise)) == "is not text in any known encoding; save it as UTF-8"


@pytest.mark.parametrize("name", ["trip.md.gz", "trip.md", "TRIP.MD.GZ"])
def test_gzip_is_seen_through(article: Callable[[str, bytes], Article], name: str) -> None:
    found = article(name, gzip.compress(b"---\ntitle: Rome\n---\nIt rained."))
    assert (found.title, found.text) == ("Rome", "It rained.")


def test_gzip_in_several_parts(article: Callable[[str, bytes], Article]) -> None:
    assert article("a.txt.gz", gzip.compress(b"It ") + gzip.compress(b"rained.")).text == "It rained."


def test_a_name_in_gz_without_gzip_in_it(article: Callable[[str, str], Article]) -> None:
    assert article("trip.txt.gz", "It rained.").text == "It rained."


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(b"It rained. " * 1000)[:-20], id="cut off"),
        pytest.param(gzip.compress(b"It rained. " * 1000)[:-8] + b"\0" * 8, id="wrong checksum"),
        pytest.param(gzip.compress(b"It rained.")[:10] + b"\xff" * 40, id="corrupt"),
        pytest.param(gzip.compress(b"It rained.") + b"trailing", id="followed by something else"),
        pytest.param(b"\x1f\x8b", id="nothing but its magic number"),
    ],
)
def test_damaged_gzip(write: Writes, content: bytes) -> None:
    assert reason(write("a.txt.gz", content)) == "is damaged: its gzip data is cut off or corrupt"


def test_gzip_within_gzip(write: Writes) -> None:
    twice = gzip.compress(gzip.compress(b"It rained."))
    assert reason(write("a.txt.gz", twice)) == "is gzip within gzip; decompress it once"


@pytest.mark.parametrize(("name", "limit"), [("bomb.txt.gz", 200), ("bomb.html.gz", 20)])
def test_a_gzip_bomb_is_not_unpacked(write: Writes, name: str, limit: int) -> None:
    packer = zlib.compressobj(1, wbits=31)
    block = b"It rained. " * 100_000
    packed = [packer.compress(block) for _ in range(LARGEST // len(block) + 1)]
    bomb = b"".join([*packed, packer.flush()])
    assert reason(write(name, bomb)) == f"is larger than {limit} MB; split it"


def test_what_goes_wrong_while_reading_is_a_source_error(write: Writes) -> None:
    with pytest.raises(SourceError, match="cannot be read: input/output error"):
        with opened(write("a.txt", "It rained."), "a.txt"):
            raise OSError(5, "Input/output error")

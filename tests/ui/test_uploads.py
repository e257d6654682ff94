"""Files that people add: names made safe, never outside, never in place of another."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ui import uploads
from ui.uploads import Refused, is_added, keep, safe_name


async def content(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def kept(library: Path, name: str, *pieces: bytes) -> Path:
    return asyncio.run(keep(library, name, content(*pieces)))


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("notes.md", "notes.md"),
        ("../../etc/notes.md", "notes.md"),
        ("C:\\Users\\me\\notes.md", "notes.md"),
        ("..\\..\\notes.md", "notes.md"),
        (".hidden.md", "hidden.md"),
        ("con.md", "_con.md"),
        ("a\x00b\n.md", "a b.md"),
        ('what? "this": <that>|*.md', "what this that.md"),
        ("\u202egpj.md", "gpj.md"),
        ("Cafe\u0301.md", "Café.md"),
        ("archive.jsonl.gz", "archive.jsonl.gz"),
        ("UPPER.HTML", "UPPER.HTML"),
    ],
)
def test_a_name_is_made_safe(given: str, safe: str) -> None:
    assert " ".join(safe_name(given).split()) == safe


@pytest.mark.parametrize("given", ["", ".", "..", "/", ".md", "program.exe", "notes", "x.md/", "x.gz"])
def test_a_name_that_says_nothing_readable_is_refused(given: str) -> None:
    with pytest.raises(Refused):
        safe_name(given)


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("é" * 400 + ".jsonl.gz")
    assert name.endswith("é.jsonl.gz") and len(name.encode()) <= uploads.MAX_NAME


def test_a_file_is_kept_below_the_library_whatever_it_is_called(tmp_path: Path) -> None:
    place = kept(tmp_path, "../../notes.md", b"It ", b"rained.")
    assert place == tmp_path / "added" / "notes.md"
    assert place.read_bytes() == b"It rained."
    assert is_added(tmp_path, str(place)) and not is_added(tmp_path, str(tmp_path / "added-not" / "x.md"))


def test_another_file_of_that_name_gets_a_number_and_the_same_one_stays_once(tmp_path: Path) -> None:
    names = [kept(tmp_path, "a.jsonl.gz", each).name for each in (b"one", b"two", b"one", b"two", b"three")]
    assert names == ["a.jsonl.gz", "a-2.jsonl.gz", "a.jsonl.gz", "a-2.jsonl.gz", "a-3.jsonl.gz"]


@pytest.mark.parametrize(
    "pieces", [(), (b"",), (b"12345", b"67890", b"1")], ids=["none", "empty", "too long"]
)
def test_what_is_not_taken_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOAD", 10)
    with pytest.raises(Refused):
        kept(tmp_path, "a.md", *pieces)
    assert list((tmp_path / "added").iterdir()) == []


def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"It rai"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(keep(tmp_path, "a.md", breaking()))
    assert list((tmp_path / "added").iterdir()) == []

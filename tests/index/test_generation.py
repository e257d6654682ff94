import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index import generation
from index.embed import Encoder
from index.errors import LibraryDamaged, LibraryMismatch
from index.generation import FORMAT, Made, Manifest, checksums, sync_tree
from index.settings import IndexSettings

MADE = Made(FORMAT, "bag", "1234", 8, 1, 205)
HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chroma" / "segment").mkdir(parents=True)
    (tmp_path / "tantivy").mkdir()
    (tmp_path / "articles.db").write_text("hello")
    (tmp_path / "chroma" / "chroma.sqlite3").write_text("changes")
    (tmp_path / "chroma" / "segment" / "length.bin").write_text("graph")
    (tmp_path / "tantivy" / ".tantivy-writer.lock").write_text("")
    (tmp_path / "tantivy" / "meta.json").write_text("{}")
    return tmp_path


@pytest.fixture
def sealed(folder: Path) -> Manifest:
    manifest = Manifest(MADE, "0.1.0", "2026-11-23T12:00:00+00:00", "float32", 1, 2, 3, checksums(folder))
    manifest.write(folder)
    return manifest


def test_a_manifest_reads_as_it_was_written(folder: Path, sealed: Manifest) -> None:
    assert Manifest.read(folder) == sealed


def test_checksums_cover_what_never_changes(folder: Path, sealed: Manifest) -> None:
    found = checksums(folder)
    assert sorted(found) == ["articles.db", "chroma/segment/length.bin", "tantivy/meta.json"]
    assert found["articles.db"] == HELLO_SHA256


def test_a_whole_generation_passes(folder: Path, sealed: Manifest) -> None:
    sealed.check(folder)


def test_what_chroma_changes_and_files_that_were_added_do_not_matter(folder: Path, sealed: Manifest) -> None:
    (folder / "chroma" / "chroma.sqlite3").write_text("changed")
    (folder / "chroma" / "chroma.sqlite3-wal").write_text("new")
    (folder / "tantivy" / ".tantivy-meta.lock").write_text("new")
    sealed.check(folder)


@pytest.mark.parametrize("name", ["articles.db", "chroma/segment/length.bin", "tantivy/meta.json"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(lambda path: path.unlink(), "is missing", id="removed"),
        pytest.param(lambda path: path.write_bytes(b""), "has changed since it was sealed", id="emptied"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-1]), "has changed", id="cut"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes() + b" "), "has changed", id="grown"),
    ],
)
def test_a_file_that_is_not_what_was_sealed_is_named(
    folder: Path, sealed: Manifest, name: str, damage: Callable[[Path], None], message: str
) -> None:
    damage(folder / name)
    with pytest.raises(LibraryDamaged, match=f"{folder / name} {message}"):
        sealed.check(folder)


def test_chromas_own_file_has_to_be_there(folder: Path, sealed: Manifest) -> None:
    (folder / "chroma" / "chroma.sqlite3").unlink()
    with pytest.raises(LibraryDamaged, match=r"chroma\.sqlite3 is missing"):
        sealed.check(folder)


def test_a_file_that_the_disk_does_not_give_back_is_damage(folder: Path, sealed: Manifest) -> None:
    (folder / "articles.db").unlink()
    (folder / "articles.db").symlink_to(folder / "nowhere")
    with pytest.raises(LibraryDamaged, match=r"articles\.db cannot be read: No such file"):
        sealed.check(folder)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut"),
        pytest.param("[]", id="a list"),
        pytest.param("{}", id="nothing in it"),
        pytest.param('{"made": 1}', id="made is a number"),
        pytest.param("\x00" * 99, id="zeros"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_damage(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(LibraryDamaged, match=r"manifest\.json cannot be read"):
        Manifest.read(folder)


def test_a_manifest_that_is_not_utf8_is_damage(folder: Path) -> None:
    (folder / "manifest.json").write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryDamaged, match=r"manifest\.json cannot be read"):
        Manifest.read(folder)


def test_a_manifest_that_is_missing_is_damage(folder: Path) -> None:
    with pytest.raises(LibraryDamaged, match=r"manifest\.json cannot be read"):
        Manifest.read(folder)


@pytest.mark.parametrize("format", [FORMAT + 1, FORMAT - 1, "1", None])
def test_another_format_is_a_mismatch_that_names_the_command(
    folder: Path, sealed: Manifest, format: object
) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    values["made"]["format"] = format
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(LibraryMismatch, match=rf"has format {format!r}.*byline index build"):
        Manifest.read(folder)


def test_a_manifest_without_a_field_is_damage(folder: Path, sealed: Manifest) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    del values["made"]["dimensions"]
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(LibraryDamaged, match="dimensions"):
        Manifest.read(folder)


def test_a_manifest_appears_whole_or_not_at_all(
    folder: Path, sealed: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(generation, "sync", stop)
    with pytest.raises(KeyboardInterrupt):
        replace(sealed, articles=99).write(folder)
    assert Manifest.read(folder) == sealed


def test_made_changes_with_what_makes_an_index(encoder: Encoder, other_encoder: Encoder) -> None:
    settings = IndexSettings()
    made = Made.by(encoder, settings)
    assert made == Made.by(encoder, IndexSettings(threads=3))
    assert made != Made.by(other_encoder, settings)
    assert made != Made.by(encoder, IndexSettings(passage_tokens=100))


def test_made_changes_with_the_chunker(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Made.by(encoder, IndexSettings())
    monkeypatch.setattr("index.chunk.VERSION", 999)
    assert Made.by(encoder, IndexSettings()) != before


def test_every_file_and_every_folder_is_put_on_the_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced = []
    monkeypatch.setattr(generation, "sync", synced.append)
    sync_tree(folder)
    assert set(synced) == {folder, *folder.rglob("*")}

"""A library of another encoder: built, served, rebuilt, and what there is when it cannot be exported."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index import exported
from index.embed import TransformerEncoder
from index.exported import REFUSAL, REFUSED, find, folder_name
from index.library import Library
from index.model_files import fingerprint
from index.pipeline import build
from index.reading import Index
from index.seal import check
from index.settings import IndexSettings
from index.types import Report
from index.upkeep import prune

pytestmark = pytest.mark.slow

ARTICLE = "# The mat\n\nThe cat sat on the mat on Thursday. The dog came down before morning.\n"
QUESTION = "Where did the cat sit?"
SLOW = "is served by sentence-transformers, which takes seconds to load, as it was not exported: "

IN_A_CHILD = exported._in_a_child

PROGRAM = """
import sys
from {module} import {function}
{call}
print([name for name in ("torch", "transformers", "sentence_transformers") if name in sys.modules])
"""


@dataclass
class Home:
    """A folder with an article, a model, and the library of both."""

    path: Path
    model: Path

    @property
    def library(self) -> Path:
        return self.path / "library"

    @property
    def settings(self) -> IndexSettings:
        return IndexSettings(encoder=str(self.model), passage_tokens=32)

    @property
    def export(self) -> Path:
        return self.library / "encoders" / folder_name(fingerprint(self.model))

    def build(self) -> Report:
        return build(self.path / "articles", library=self.library, settings=self.settings)

    @property
    def runtime(self) -> str:
        """What answers a question now."""
        with Index.open(self.library, self.settings) as index:
            assert index.search(QUESTION)
            return index.info().runtime


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exports and checks take the same way as in children, and less time."""

    def export_here(encoder: TransformerEncoder, target: Path) -> tuple[int, str]:
        from index.export import export

        export(encoder.name, encoder.folder, encoder.fingerprint, target)
        return 0, ""

    monkeypatch.setattr("index.exported._in_a_child", export_here)
    monkeypatch.setattr("index.pipeline.check_apart", check)


@pytest.fixture
def home(tmp_path: Path, model: Callable[..., Path]) -> Home:
    (tmp_path / "home" / "articles").mkdir(parents=True)
    (tmp_path / "home" / "articles" / "mat.md").write_text(ARTICLE)
    return Home(tmp_path / "home", model("mean"))


def run(home: Home, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(home.path)}
    environment |= {"BYLINE_ENCODER": str(home.model), "BYLINE_PASSAGE_TOKENS": "32"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def heavy(home: Home, module: str, function: str, call: str) -> str:
    """What a process has imported of torch and the like when it has done that."""
    program = PROGRAM.format(module=module, function=function, call=call)
    done = run(home, sys.executable, "-P", "-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_library_of_another_encoder_is_built_and_served_without_torch(home: Home) -> None:
    """By the real command, and in processes of their own."""
    byline = str(Path(sys.executable).with_name("byline"))
    library = ("--library", str(home.library))
    built = run(home, byline, "index", "build", *library, str(home.path / "articles"))
    assert (built.returncode, built.stderr) == (0, "")
    files = ["encoder.onnx", "export.json", "tokenizer.json", "weights"]
    assert sorted(path.name for path in home.export.iterdir()) == files
    assert heavy(home, "index", "build", f"build(library={str(home.library)!r})") == "[]"
    shutil.move(home.model, home.path / "moved")
    asked = f"assert ask({QUESTION!r}, library={str(home.library)!r}).hits"
    assert heavy(home, "qa", "ask", asked) == "[]"
    said = run(home, byline, "index", "info", *library).stdout
    assert ["runtime", "ONNX", "Runtime"] in [line.split() for line in said.splitlines()]


def test_what_goes_wrong_in_the_child_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    code, why = IN_A_CHILD(TransformerEncoder("tiny", tmp_path), tmp_path)
    assert code == 1
    assert why.startswith(
        "EncoderError: 'tiny' is not a sentence-transformers model that is on this machine."
    )


def test_both_forms_are_one_encoder(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one encoded, the other finds in the cache, and the library need not be made anew."""
    assert (home.build().notes, home.runtime) == ((), "ONNX Runtime")
    shutil.rmtree(home.library / "encoders")
    with monkeypatch.context() as patch:
        patch.setattr("index.exported.find_spec", lambda name: None)
        report = home.build()
        assert (report.remade, report.unchanged) == ("", 1)
        why = 'the package onnx is missing. Run: pip install "byline[encoders]", and build again.'
        assert report.notes == (f"The encoder {str(home.model)!r} {SLOW}{why}",)
        assert home.runtime == "sentence-transformers"
        shutil.rmtree(home.library / "generations")
        report = home.build()
        assert (report.added, report.passages, report.encoded) == (1, 1, 0)
    assert (home.build().notes, home.runtime) == ((), "ONNX Runtime")


def test_what_is_refused_is_said_and_not_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Path] = []

    def refuse(encoder: Any, target: Path) -> tuple[int, str]:
        tried.append(target)
        return REFUSAL, "its export gives other vectors."

    monkeypatch.setattr("index.exported._in_a_child", refuse)
    note = f"The encoder {str(home.model)!r} {SLOW}its export gives other vectors."
    assert [home.build().notes, home.build().notes] == [(note,), (note,)]
    assert len(tried) == 1
    assert [path.name for path in home.export.iterdir()] == [REFUSED]
    monkeypatch.setattr("index.exported.version", lambda name: "another")
    home.build()
    assert len(tried) == 2


def test_an_export_that_was_interrupted_or_damaged_is_made_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoders = home.library / "encoders"

    def stop(encoder: Any, target: Path) -> tuple[int, str]:
        (target / "encoder.onnx").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("index.exported._in_a_child", stop)
        with pytest.raises(KeyboardInterrupt):
            home.build()
        assert list(encoders.iterdir()) == []
        patch.setattr("index.exported.shutil.rmtree", lambda *path, **how: None)  # as if it had been killed
        with pytest.raises(KeyboardInterrupt):
            home.build()
        (left,) = encoders.iterdir()
        assert find(encoders, fingerprint(home.model)) is None
    home.build()
    assert not left.exists()
    assert list(encoders.iterdir()) == [home.export]
    with (home.export / "weights").open("r+b") as file:
        file.write(b"damage")
    assert find(encoders, fingerprint(home.model)) is None
    home.build()
    assert home.runtime == "ONNX Runtime"


def test_exports_that_no_generation_needs_are_cleared_away(
    library: Callable[..., Any], other_encoder: Any
) -> None:
    shelf = library({"one.md": "The cat sat on the mat."})
    home = Library(shelf.path)
    mine, wanted = folder_name(shelf.encoder.fingerprint), folder_name("next")
    for name in (mine, wanted, folder_name("older"), f"{wanted}.77"):
        (home.encoders / name).mkdir(parents=True)
    home.sweep_encoders(used="next")
    assert {path.name for path in home.encoders.iterdir()} == {mine, wanted}
    shelf.build(encoder=other_encoder)
    assert (home.encoders / mine).is_dir(), "the generation before may be gone back to"
    prune(shelf.path, encoder=other_encoder)
    assert not (home.encoders / mine).exists()

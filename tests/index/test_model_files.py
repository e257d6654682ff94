from collections.abc import Callable
from pathlib import Path

import pytest

from index.embed import open_encoder
from index.errors import EncoderError
from index.model_files import fingerprint, model_folder

FILES = {
    "modules.json": "[]",
    "config.json": "{}",
    "model.safetensors": "weights",
    "1_Pooling/config.json": '{"pooling_mode": "mean"}',
    "README.md": "A model.",
}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "model" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "model"


def _write(name: str, content: str) -> Callable[[Path], object]:
    def write(model: Path) -> None:
        (model / name).parent.mkdir(exist_ok=True)
        (model / name).write_text(content)

    return write


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (_write("model.safetensors", "other weights"), False),
        (_write("1_Pooling/config.json", '{"pooling_mode": "cls"}'), False),
        (_write("2_Dense/model.safetensors", "more weights"), False),
        (_write("vocab.txt", "[PAD]"), False),
        (lambda model: (model / "config.json").rename(model / "tokenizer.json"), False),
        (_write("README.md", "Another description."), True),
        (_write("pytorch_model.bin", "the same weights"), True),
        (_write("onnx/config.json", "{}"), True),
    ],
    ids=["weights", "pooling", "a layer", "words", "a name", "readme", "a copy", "for other software"],
)
def test_a_fingerprint_is_of_what_vectors_depend_on(
    change: Callable[[Path], object], same: bool, model: Path
) -> None:
    before = fingerprint(model)
    change(model)
    assert (fingerprint(model) == before) == same


def test_weights_that_are_not_safetensors_count_too(model: Path) -> None:
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    before = fingerprint(model)
    (model / "pytorch_model.bin").write_text("other weights")
    assert fingerprint(model) != before


def test_a_model_is_the_same_wherever_it_lies(model: Path, tmp_path: Path) -> None:
    before = fingerprint(model)
    assert fingerprint(model.rename(tmp_path / "moved")) == before


def test_a_folder_is_named_by_its_path(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(model.parent)
    assert model_folder(str(model)) == model
    assert model_folder("model") == Path("model")
    assert open_encoder("model").name == "model"


@pytest.mark.parametrize("name", ["nobody/no-such-model", "no-such-model", "/nowhere/at/all", "a b", ""])
def test_what_is_not_here_is_one_sentence(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EncoderError, match="is not a sentence-transformers model that is on this machine"):
        model_folder(name)


@pytest.mark.parametrize("home", ["SENTENCE_TRANSFORMERS_HOME"])
def test_a_downloaded_model_is_found_by_its_name(
    home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the hub's own client lays models down, with and without the organisation."""
    monkeypatch.setenv(home, str(tmp_path))
    stored = tmp_path / "models--sentence-transformers--tiny"
    snapshot = stored / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text("0" * 40)
    (snapshot / "modules.json").write_text("[]")
    assert model_folder("tiny") == snapshot
    assert model_folder("sentence-transformers/tiny") == snapshot

"""Models with the modules that models have, exported, and compared with themselves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embed import TransformerEncoder
from index.exported import About, ExportedEncoder, digest
from index.model_files import fingerprint

pytestmark = pytest.mark.slow

LONG = "The barriers came down on Thursday morning, before the town was awake. " * 9
TEXTS = ["Cats sit.", LONG, "What did it cost?", "我爱你 🐈", "e\u0301 \ud800"]

Make = Callable[..., Path]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "export").mkdir()
    return tmp_path / "export"


def exported(folder: Path, target: Path) -> ExportedEncoder:
    from index.export import export

    export(str(folder), folder, fingerprint(folder), target)
    about = About.read(target)
    assert about is not None
    return ExportedEncoder(target, about, threads=1)


def original(folder: Path) -> Any:
    """In sentence-transformers, in float32."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def agree(found: Any, expected: Any) -> bool:
    expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    return bool(np.einsum("ij,ij->i", found, expected).min() > 0.999)


def cases() -> Iterator[Any]:
    def dense() -> list[Any]:
        from sentence_transformers.sentence_transformer.modules import Dense, Normalize

        return [Dense(32, 24), Normalize()]

    def none() -> list[Any]:
        return []

    yield pytest.param("mean", none, 32, id="mean")
    yield pytest.param("cls", none, 32, id="the first token")
    yield pytest.param("max", none, 32, id="maximum")
    yield pytest.param("mean", dense, 24, id="mean, a dense layer, normalised")


@pytest.mark.parametrize(("pooling", "more", "dimensions"), cases())
def test_an_export_agrees_with_the_model(
    pooling: str, more: Callable[[], list[Any]], dimensions: int, model: Make, target: Path
) -> None:
    folder = model(pooling, *more())
    ours = exported(folder, target)
    storable = [text.replace("\ud800", "\ufffd") for text in TEXTS]
    expected = original(folder).encode(storable)
    assert ours.dimensions == expected.shape[1] == dimensions
    assert agree(ours.encode(TEXTS), expected)
    assert agree(np.concatenate([ours.encode([text]) for text in TEXTS]), expected)
    assert ours.encode([]).shape == (0, dimensions)


def test_questions_and_passages_are_read_with_the_models_own_words_before_them(
    model: Make, target: Path
) -> None:
    folder = model("mean", prompts={"query": "query: ", "document": "passage: "})
    ours, theirs = exported(folder, target), original(folder)
    assert agree(ours.encode(["Cats sit."]), theirs.encode(["passage: Cats sit."]))
    assert agree(ours.encode_questions(["Cats sit."]), theirs.encode(["query: Cats sit."]))
    assert not agree(ours.encode(["Cats sit."]), theirs.encode(["Cats sit."]))
    slow = TransformerEncoder(str(folder), folder)
    assert agree(slow.encode_questions(["Cats sit."]), theirs.encode(["query: Cats sit."]))
    assert agree(slow.encode(["Cats sit."]), theirs.encode(["passage: Cats sit."]))


def test_what_gives_other_vectors_is_refused(model: Make, target: Path) -> None:
    """A model that leaves its prompt out when pooling: an export does not know where the prompt ends."""
    from index.export import Refused

    folder = model("cls", prompts={"query": "the dog sat on mat "}, include_prompt=False)
    with pytest.raises(Refused, match=r"gives other vectors \(cosine -?0\.\d+, and 0\.999 is asked"):
        exported(folder, target)
    assert About.read(target) is None


def test_an_export_that_changed_on_the_disk_is_none(target: Path) -> None:
    (target / "encoder.onnx").write_bytes(b"graph")
    files = {"encoder.onnx": digest(target / "encoder.onnx")}
    about = About(1, "tiny", "f", 32, 64, "", "", files)
    about.write(target)
    assert About.read(target) == about
    (target / "encoder.onnx").write_bytes(b"other")
    assert About.read(target) is None

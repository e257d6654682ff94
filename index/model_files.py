"""The files of a sentence-transformers model: where its name leads, and what they are. Loads no model."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from .errors import EncoderError

ORGANISATION = "sentence-transformers"
"""Whose models may be named without their organisation."""

_MARKS = ("modules.json", "config.json")
"""One of them is in the folder of every model that sentence-transformers loads."""
_READ = {".json", ".txt", ".model", ".safetensors", ".bin"}
"""Endings of what it reads: settings, vocabularies, weights."""
_OTHER_FORMS = {"onnx", "openvino"}
"""Folders with the same weights for other software."""


def model_folder(name: str) -> Path:
    """The folder of that path, or of that name among the models that were downloaded before; EncoderError
    where there is none. Nothing is downloaded."""
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = _downloaded(name) or folder
    if not any((folder / mark).is_file() for mark in _MARKS):
        raise no_model(name)
    return folder


def no_model(name: str) -> EncoderError:
    """What a person is told who named something else."""
    return EncoderError(
        f"{name!r} is not a sentence-transformers model that is on this machine.",
        "Name the folder of one as the encoder, or leave the setting out for the bundled one.",
    )


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and contents of all files that a model's vectors depend on.

    It is the same whatever precision the model is loaded in, and whatever runs it.
    """
    whole = hashlib.sha256()
    for path in _files(folder):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder).as_posix()}\n{content}\n".encode())
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """In a fixed order. Where the weights are there as safetensors, copies of them are not read."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _OTHER_FORMS and name[0] != ".")
        safe = any(name.endswith(".safetensors") for name in names)
        for name in sorted(names):
            ending = Path(name).suffix
            if ending in _READ and not (safe and ending == ".bin"):
                yield Path(parent, name)


def _downloaded(name: str) -> Path | None:
    from huggingface_hub import snapshot_download

    home = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
    for full in (name,) if "/" in name else (f"{ORGANISATION}/{name}", name):
        try:
            return Path(snapshot_download(full, cache_dir=home, local_files_only=True))
        except (OSError, ValueError):  # not there; not a name that a model can have
            continue
    return None

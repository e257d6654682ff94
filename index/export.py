"""Exports a sentence-transformers model to ONNX, and checks it; the only importer of onnx.

    python -P -m index.export NAME FOLDER FINGERPRINT TARGET

The whole model is traced, from token ids to the sentence's vector, so that it may have any modules. What
comes out is compared with the model itself in float32. exported.py runs this in a process of its own: it
takes the memory of a model several times, and tracing can crash.
"""

import sys
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from .embed import load_model, max_tokens_of, tokenizer_of, unit
from .exported import ABOUT, FORMAT, GRAPH, REFUSAL, TOKENIZER, WEIGHTS, About, ExportedEncoder, digest

COSINE = 0.999
"""Of an export's vectors with the original's, at least."""

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OPSET = 17
_SENTENCE = "The barriers came down on Thursday morning, before the town was awake. "
TEXTS = (
    "a",
    "What did it cost?",
    _SENTENCE,
    "Ob's regnet? 我爱你。 🐈 50 %",
    _SENTENCE * 8 + "Nobody had seen the end come, they said.",
    _SENTENCE * 18,
    _SENTENCE * 120,
)
"""What both are given: a word, a passage of 250 word pieces, more than most models read."""


class Refused(Exception):
    """This model cannot be exported, however often it is tried. `str()` is one line for a person."""


class FromTokens(torch.nn.Module):
    """Token ids, mask and, where the model reads them, segments, all int64 (batch, sequence) -> vectors."""

    def __init__(self, model: torch.nn.Module, inputs: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self.inputs = tuple(inputs)

    def forward(self, *tensors: torch.Tensor) -> Any:
        return self.model(dict(zip(self.inputs, tensors, strict=True)))["sentence_embedding"]


def export(name: str, folder: Path, fingerprint: str, target: Path) -> None:
    """Writes the export of the model in `folder` to `target`, an empty folder. Refused where it cannot be
    traced, or its vectors are others; EncoderError where it cannot be loaded."""
    model = load_model(name, folder, "cpu", torch_dtype=torch.float32, attn_implementation="eager")
    (target / TOKENIZER).write_text(tokenizer_of(name, model), encoding="utf-8")
    _write_graph(model, target)
    about = About(
        format=FORMAT,
        encoder=name,
        fingerprint=fingerprint,
        dimensions=int(model.get_embedding_dimension()),
        max_tokens=max_tokens_of(model),
        question_prompt=_prompt(model, "query"),
        passage_prompt=_prompt(model, "document", "passage", "corpus"),
        files={path.name: digest(path) for path in sorted(target.iterdir()) if path.name != ABOUT},
    )
    check(model, ExportedEncoder(target, about))
    about.write(target)


def check(model: Any, exported: ExportedEncoder) -> None:
    """Refused unless the export agrees with the model on TEXTS, in one padded batch and each alone, read as
    passages and as questions."""
    for ours, theirs in (
        (exported.encode, model.encode_document),
        (exported.encode_questions, model.encode_query),
    ):
        expected = unit(np.asarray(theirs(list(TEXTS), show_progress_bar=False), dtype=np.float32))
        try:
            found = np.stack([ours(TEXTS), np.concatenate([ours([text]) for text in TEXTS])])
        except Exception as error:
            raise Refused(f"its export cannot be run ({_first_line(error)}).") from error
        least = float(np.einsum("kij,ij->ki", found, expected).min())
        if not least >= COSINE:
            raise Refused(f"its export gives other vectors (cosine {least:.4f}, and {COSINE} is asked).")


def _write_graph(model: Any, target: Path) -> None:
    """Traces the model on two sentences of different lengths, so that there is something to mask."""
    features = model.preprocess(["Cats sit.", _SENTENCE])
    inputs = [name for name in _INPUTS if name in features]
    with tempfile.TemporaryDirectory(dir=target) as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the tracer, at every shape that becomes a constant
        traced = Path(folder) / GRAPH
        try:
            torch.onnx.export(
                FromTokens(model, inputs).eval(),  # its mode, not the model's, is what counts
                tuple(features[name] for name in inputs),
                str(traced),
                input_names=inputs,
                output_names=["vectors"],
                dynamic_axes={name: {0: "batch", 1: "sequence"} for name in inputs}
                | {"vectors": {0: "batch"}},
                opset_version=_OPSET,
                do_constant_folding=False,
                dynamo=False,
            )
        except OSError:
            raise
        except Exception as error:
            raise Refused(f"it cannot be traced ({_first_line(error)}).") from error
        onnx.save_model(
            onnx.load(traced),
            str(target / GRAPH),
            save_as_external_data=True,
            location=WEIGHTS,
        )


def _prompt(model: Any, *names: str) -> str:
    """The first of these that the model has, as its `encode_query` and `encode_document` choose."""
    for name in names:
        if name in model.prompts:
            return str(model.prompts[name] or "")
    return str(model.prompts.get(model.default_prompt_name) or "")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


if __name__ == "__main__":
    name, folder, fingerprint, target = sys.argv[1:]
    try:
        export(name, Path(folder), fingerprint, Path(target))
    except Refused as problem:
        print(problem, file=sys.stderr)
        sys.exit(REFUSAL)
    except Exception as error:
        sys.exit(_first_line(error))

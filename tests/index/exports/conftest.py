"""Small models to be exported: a BERT of two layers and random weights, and modules on top of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

WORDS = "the a cat cats dog sat on mat barriers came down thursday morning before town query passage : . , ?"


@pytest.fixture(scope="session")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Word pieces of its own, and room for 64 of them."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("bert")
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *WORDS.split(), *letters[1:], *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(pieces), max_position_embeddings=64, **sizes)).save_pretrained(folder)
    return folder


@pytest.fixture
def model(bert: Path, tmp_path: Path) -> Callable[..., Path]:
    """`model("cls", Normalize())` is the folder of one: pooled that way, with these modules after it."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    def make(pooling: str, *more: Any, **options: Any) -> Path:
        include = options.pop("include_prompt", True)
        first = [Transformer(str(bert), max_seq_length=64), Pooling(32, pooling, include_prompt=include)]
        SentenceTransformer(modules=[*first, *more], device="cpu", **options).save(str(tmp_path / "model"))
        return tmp_path / "model"

    return make

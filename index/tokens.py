"""The encoder's word pieces: where they lie in a text, and as ids for a model."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Encoding, Tokenizer

SPECIAL_TOKENS = 2
"""[CLS] before and [SEP] after, which every input carries besides its word pieces."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text, character for character, without the halves of surrogate pairs, which are not UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


class TokenCounter:
    """How many word pieces lie between two indices of one text, found without tokenizing again."""

    def __init__(self, offsets: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in offsets]

    def count(self, start: int, end: int) -> int:
        """Word pieces that begin in `text[start:end]`."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def cut(self, start: int, tokens: int) -> int | None:
        """The index at which the piece after `tokens` word pieces from `start` begins; None at the end."""
        at = bisect_left(self._starts, start) + tokens
        return self._starts[at] if at < len(self._starts) else None


class WordPieces:
    """A `tokenizer.json`, read twice: as it counts (whole texts) and as a model is fed (cut).

    The file's own truncation and padding are replaced: the bundled one says 128, its encoder reads 256.
    """

    def __init__(self, source: Path | str, max_tokens: int) -> None:
        """`source`: the file's path, or its JSON. `max_tokens` includes the special ones."""
        self._plain = _tokenizer(source)
        self._plain.no_truncation()
        self._plain.no_padding()
        self._model = _tokenizer(source)
        self._model.enable_truncation(max_tokens)
        self._model.no_padding()
        self.max_tokens = max_tokens

    def counter(self, text: str) -> TokenCounter:
        return TokenCounter(self._plain.encode(encodable(text), add_special_tokens=False).offsets)

    def counts(self, texts: Sequence[str]) -> list[int]:
        """How many word pieces each text has. All at once: other threads run meanwhile."""
        found = self._plain.encode_batch_fast([encodable(text) for text in texts], add_special_tokens=False)
        return [len(each.ids) for each in found]

    def first(self, text: str, tokens: int) -> str:
        """The beginning of `text` that is at most `tokens` word pieces long."""
        cut = self.counter(text).cut(0, tokens)
        return text if cut is None else text[:cut].rstrip()

    def encoded(self, texts: Sequence[str]) -> list[Encoding]:
        """Each text as a model is fed it: special tokens added, cut at the limit, not padded."""
        return self._model.encode_batch([encodable(text) for text in texts])


def _tokenizer(source: Path | str) -> Tokenizer:
    return Tokenizer.from_file(str(source)) if isinstance(source, Path) else Tokenizer.from_str(source)

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.embed import bundled_folder
from index.tokens import TokenCounter, WordPieces

TEXT = "Cats sit. Embeddings!"
# Its word pieces begin at: cats 0, sit 5, "." 8, em 10, ##bed 12, ##ding 15, ##s 19, "!" 20


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        pytest.param(0, 21, 8, id="all"),
        pytest.param(0, 9, 3, id="a sentence"),
        pytest.param(9, 21, 5, id="from the space"),
        pytest.param(11, 21, 4, id="from inside a word"),
        pytest.param(5, 5, 0, id="nothing"),
        pytest.param(4, 5, 0, id="a space"),
    ],
)
def test_word_pieces_are_counted_between_two_indices(
    start: int, end: int, count: int, pieces: WordPieces
) -> None:
    assert pieces.counter(TEXT).count(start, end) == count


@pytest.mark.parametrize(
    ("start", "tokens", "cut"),
    [(0, 1, 5), (0, 3, 10), (5, 2, 10), (4, 1, 8), (0, 7, 20), (0, 8, None), (10, 5, None), (0, 99, None)],
)
def test_a_cut_is_where_the_next_piece_begins(
    start: int, tokens: int, cut: int | None, pieces: WordPieces
) -> None:
    assert pieces.counter(TEXT).cut(start, tokens) == cut


def test_pieces_that_share_a_character_are_counted_together() -> None:
    # Three pieces of one Korean syllable, then one more of the next.
    counter = TokenCounter([(0, 1), (0, 1), (0, 1), (1, 2)])
    assert (counter.count(0, 1), counter.count(1, 2), counter.cut(0, 3)) == (3, 1, 1)


def test_the_beginning_of_a_text_is_whole_words(pieces: WordPieces) -> None:
    assert pieces.first("Cats sit. Dogs run.", 2) == "Cats sit"
    assert pieces.first("Cats sit. Dogs run.", 3) == "Cats sit."
    assert pieces.first("Cats sit.", 40) == "Cats sit."


def test_halves_of_surrogate_pairs_count_as_characters(pieces: WordPieces) -> None:
    # "a" at 0 and "b" at 4: the half itself is dropped, as is whatever is no text.
    assert pieces.counter("a \ud800 b").cut(0, 1) == 4
    assert len(pieces.encoded(["a \udfff b"])) == 1


def test_the_files_own_limit_of_128_is_not_kept(pieces: WordPieces) -> None:
    own = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    assert own.truncation["max_length"] == 128
    (encoding,) = pieces.encoded(["cat " * 400])
    assert len(encoding.ids) == 256
    assert pieces.counter("cat " * 400).count(0, 1600) == 400


def test_nothing_is_padded_although_the_file_says_so(pieces: WordPieces) -> None:
    assert Tokenizer.from_file(str(bundled_folder() / "tokenizer.json")).padding
    short, long = pieces.encoded(["cat", "cat cat cat"])
    assert (short.ids, short.type_ids) == ([101, 4937, 102], [0, 0, 0])
    assert long.ids == [101, 4937, 4937, 4937, 102]


def test_a_tokenizer_is_read_from_its_json_too(pieces: WordPieces) -> None:
    json = (bundled_folder() / "tokenizer.json").read_text(encoding="utf-8")
    assert WordPieces(json, 8).encoded(["cat"])[0].ids == pieces.encoded(["cat"])[0].ids


def test_a_tokenizer_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="No such file"):
        WordPieces(tmp_path / "tokenizer.json", 8)

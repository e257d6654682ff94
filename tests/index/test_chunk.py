import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.chunk import CHARACTERS_PER_TOKEN, OVERLAP_PART, split
from index.embed import bundled_folder
from index.sentences import sentences
from index.tokens import WordPieces
from index.types import Article, Passage

# fmt: off
FRAGMENTS = st.sampled_from([
    "The cat sat on the mat. ", "The cat sat on the mat. " * 9, "Yes. ", "a" * 250, "word " * 90, "a\tb",
    "\n", "\n\n", "\n\n\n \n", "\r\n\r\n", "# Heading\n\n", "- item\n", "1. first\n", "| a | b |\n", "\t",
    "我爱你。", "没有标点的很长的一句话" * 9, "👩‍👩‍👧‍👦" * 40, "🇫🇷🇩🇪" * 60, "e\u0301\u0302" * 90, "\u0301 ",
    "مرحبا بكم في المكتبة. ", "שלום עולם" * 20, "한국어 문장입니다. ", "हिन्दी में लिखा। " * 9, "ไม่มีช่องว่าง",
    "\ud800", "\udfff", "\u200b", "\u200d", "\u2028", "\u00a0", "\ufdfa" * 30, "İ½ﬃ", "0123456789" * 40,
])
# fmt: on
UGLY = st.lists(FRAGMENTS | st.text(st.characters(), max_size=12), max_size=14).map("".join)
GRAPHEME = regex.compile(r"\X")
VISIBLE = regex.compile(r"[^\s\x1c-\x1f]+")  # as str.isspace has it
LIMITS = st.sampled_from([16, 17, 40, 205])

REPEATED = "It was said again. " * 400
HEADINGS = "\n\n".join(f"# Heading number {n}" for n in range(60))
ITEMS = "\n".join(f"- item {n}, of some length" for n in range(200))
TABLE = {
    "repeated sentences": REPEATED,
    "repeated paragraphs": "Same words here.\n\n" * 300,
    "CRLF": "One line.\r\nAnother one.\r\n\r\n" * 200,
    "Chinese": "我爱你，你也爱我。" * 400,
    "Chinese without marks": "没有标点的一句话" * 800,
    "one sentence of 50,000 characters": "word " * 10_000,
    "one word of 50,000 characters": "a" * 50_000,
    "families": "👩‍👩‍👧‍👦" * 1_000,
    "flags": "x" + "🇫🇷🇩🇪" * 1_000,
    "combining marks": "e\u0301\u0302\u0303" * 2_000,
    "right to left": "مرحبا بكم في المكتبة الكبيرة. " * 200,
    "tabs": "one\ttwo\tthree\t" * 500,
    "headings only": HEADINGS,
    "a list": ITEMS,
    "empty paragraphs": "\n\n \n\t\n\n" * 200 + "One." + "\n\n" * 300 + "Two.",
    "lone surrogates": "a \ud800 b. \udfff c. " * 300,
    "Korean": "한국어는 아름답다. " * 300,
    "one wide character": "\ufdfa" * 3_000,
    "short": "Cats sit.",
}


def of(text: str) -> Article:
    return Article("a", "A title", text, "a.md")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """The model's own, to count by without the code under test."""
    tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


class Facts:
    """What must be true of the passages of every text."""

    def __init__(self, text: str, passages: list[Passage], limit: int, tokenizer: Tokenizer) -> None:
        self.text, self.passages, self.limit = text, passages, limit
        self.borders = sorted({p.start for p in passages} | {p.end for p in passages})
        storable = regex.sub("[\ud800-\udfff]", "\ufffd", text)
        self.starts = [start for start, _ in tokenizer.encode(storable, add_special_tokens=False).offsets]

    def tokens(self, start: int, end: int) -> int:
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def too_long(self, start: int, end: int) -> bool:
        return end - start > self.limit * CHARACTERS_PER_TOKEN or self.tokens(start, end) > self.limit

    def has_border_inside(self, start: int, end: int) -> bool:
        after = bisect_right(self.borders, start)
        return after < len(self.borders) and self.borders[after] < end

    def check(self) -> None:
        self.slices_equal_their_texts()
        self.each_begins_and_ends_after_the_last_one()
        self.little_stands_twice()
        self.every_character_is_in_one()
        self.none_is_too_long()
        self.none_begins_or_ends_inside_a_sentence_that_fits()
        self.no_grapheme_is_torn()

    def slices_equal_their_texts(self) -> None:
        assert [p.text for p in self.passages] == [self.text[p.start : p.end] for p in self.passages]
        assert all(p.text == p.text.strip() != "" for p in self.passages)

    def each_begins_and_ends_after_the_last_one(self) -> None:
        assert all(a.start < b.start and a.end < b.end for a, b in itertools.pairwise(self.passages))

    def little_stands_twice(self) -> None:
        shared = [
            self.tokens(b.start, a.end) for a, b in itertools.pairwise(self.passages) if b.start < a.end
        ]
        assert [tokens for tokens in shared if tokens > self.limit * OVERLAP_PART] == []

    def every_character_is_in_one(self) -> None:
        left = list(self.text)
        for p in self.passages:
            left[p.start : p.end] = " " * (p.end - p.start)
        assert "".join(left).strip() == ""

    def none_is_too_long(self) -> None:
        assert [p for p in self.passages if self.too_long(p.start, p.end)] == []

    def none_begins_or_ends_inside_a_sentence_that_fits(self) -> None:
        whole = [span for span in sentences(self.text) if not self.too_long(*span)]
        assert [span for span in whole if self.has_border_inside(*span)] == []

    def no_grapheme_is_torn(self) -> None:
        # White space at a passage's border is no part of it, even with a mark upon it.
        clusters = [
            visible
            for cluster in GRAPHEME.finditer(self.text)
            for visible in VISIBLE.finditer(self.text, cluster.start(), cluster.end())
            if visible.end() - visible.start() <= 64
        ]
        assert [found for found in clusters if self.has_border_inside(*found.span())] == []


@settings(max_examples=250, deadline=None)
@given(text=UGLY, limit=LIMITS)
def test_facts_hold_for_whatever_is_written(
    text: str, limit: int, pieces: WordPieces, tokenizer: Tokenizer
) -> None:
    Facts(text, split(of(text), pieces, limit), limit, tokenizer).check()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("limit", [16, 205])
@pytest.mark.parametrize("name", TABLE)
def test_facts_hold_for_ugly_texts(name: str, limit: int, pieces: WordPieces, tokenizer: Tokenizer) -> None:
    Facts(TABLE[name], split(of(TABLE[name]), pieces, limit), limit, tokenizer).check()


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(st.from_regex(r"[a-zA-Z]{1,30}[.,?]?", fullmatch=True), min_size=1, max_size=300),
    limit=st.sampled_from([32, 64, 205]),
)
def test_the_encoder_sees_no_more_word_pieces_than_were_counted(
    words: list[str], limit: int, pieces: WordPieces, tokenizer: Tokenizer
) -> None:
    for passage in split(of(" ".join(words)), pieces, limit):
        assert len(tokenizer.encode(passage.text, add_special_tokens=False).ids) <= limit


def texts(text: str, pieces: WordPieces, limit: int) -> list[str]:
    return [passage.text for passage in split(of(text), pieces, limit)]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \r\n"])
def test_blank_text_has_no_passages(text: str, pieces: WordPieces) -> None:
    assert texts(text, pieces, 16) == []


def test_a_short_article_is_one_passage(pieces: WordPieces) -> None:
    text = "# Cats\n\nCats sit.\n\n- one\n- two"
    assert texts(text, pieces, 205) == [text]


def test_as_many_sentences_as_fit_make_a_passage(pieces: WordPieces) -> None:
    # "cats", "sit" and "." are three word pieces: five sentences are 15 of 16.
    text = " ".join(["Cats sit."] * 6)
    assert texts(text, pieces, 16) == [" ".join(["Cats sit."] * 5), "Cats sit."]


def test_a_passage_of_just_the_limit_is_whole(pieces: WordPieces) -> None:
    # Five times three, and "Go" without a mark: 16.
    text = " ".join(["Cats sit."] * 5) + "\n\nGo"
    assert texts(text, pieces, 16) == [text]
    assert len(texts(text + ".", pieces, 16)) == 2


def test_a_nearly_full_passage_ends_where_a_paragraph_ends(pieces: WordPieces) -> None:
    # 15 of 17 in the first paragraph; "Go." would fit, the sentence after it does not.
    first = " ".join(["Cats sit."] * 5)
    assert texts(f"{first}\n\nGo. Dogs run.", pieces, 17) == [first, "Go. Dogs run."]


def test_a_passage_with_room_goes_on_into_the_next_paragraph(pieces: WordPieces) -> None:
    # 6 of 17 in the first paragraph, and three sentences of the second: 15.
    second = " ".join(["Dogs run."] * 3)
    assert texts(f"Cats sit. Cats sit.\n\n{second} Dogs run.", pieces, 17) == [
        f"Cats sit. Cats sit.\n\n{second}",
        "Dogs run.",
    ]


def test_a_heading_goes_with_what_follows_it(pieces: WordPieces) -> None:
    # 12 and 2 of 16; the sentence below the heading has 5.
    first = " ".join(["Cats sit."] * 4)
    assert texts(f"{first}\n\nOld dogs\n\nDogs run and run.", pieces, 16) == [
        first,
        "Old dogs\n\nDogs run and run.",
    ]


def test_a_sentence_longer_than_a_passage_is_cut_at_spaces(pieces: WordPieces) -> None:
    text = " ".join(["cat"] * 40)
    assert texts(text, pieces, 16) == [" ".join(["cat"] * n) for n in (16, 16, 8)]


def test_no_word_is_cut_where_there_is_a_space(pieces: WordPieces) -> None:
    # "embeddings" has four word pieces: after one "cat" and three of them there is room for three pieces.
    text = "cat" + " embeddings" * 10
    assert texts(text, pieces, 16) == [
        "cat embeddings embeddings embeddings",
        "embeddings embeddings embeddings embeddings",
        "embeddings embeddings embeddings",
    ]


def test_a_word_longer_than_a_passage_is_cut_by_characters(pieces: WordPieces) -> None:
    # One unknown piece to the tokenizer, so that characters are what limits it: 16 x 12.
    assert [len(text) for text in texts("a" * 500, pieces, 16)] == [192, 192, 116]


def test_what_follows_an_overlong_sentence_begins_a_unit_of_its_own(pieces: WordPieces) -> None:
    text = " ".join(["cat"] * 20) + ". Dogs run."
    assert texts(text, pieces, 16) == [" ".join(["cat"] * 16), "cat cat cat cat. Dogs run."]


def test_a_passage_begins_with_the_short_sentence_before_it(pieces: WordPieces) -> None:
    # Seven sentences of four are 28; "Yes." is 2 of 30, less than a sixth, and stands twice.
    first = " ".join(["Old cats sit."] * 7)
    assert texts(f"{first} Yes. Dogs run and run.", pieces, 30) == [
        f"{first} Yes.",
        "Yes. Dogs run and run.",
    ]


def test_equal_sentences_keep_their_own_places(pieces: WordPieces) -> None:
    passages = split(of(REPEATED), pieces, 16)
    assert [p.start for p in passages] == list(range(0, len(REPEATED.rstrip()), passages[1].start))


def test_the_language_chooses_where_sentences_end(pieces: WordPieces) -> None:
    german = Article("a", "T", "Das war am 3. Mai. " * 20, "a.md", language="de")
    assert all(p.text.startswith("Das") for p in split(german, pieces, 16))


def test_the_article_is_named(article: Callable[..., Article], pieces: WordPieces) -> None:
    assert split(article("Cats sit.", id="x"), pieces, 16) == [Passage("x", 0, 9, "Cats sit.")]

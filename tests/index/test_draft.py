"""A generation while it is written."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.draft import TITLE_TOKENS, Draft, dense_text
from index.embed import BUNDLED_MAX_TOKENS
from index.exact import ExactVectors
from index.generation import FORMAT, Made
from index.seal import check
from index.settings import IndexSettings
from index.tokens import SPECIAL_TOKENS, WordPieces
from index.types import Article

MADE = Made(FORMAT, "bag", "1234", 4, 1, IndexSettings().passage_tokens)


@pytest.fixture
def draft(tmp_path: Path, pieces: WordPieces) -> Iterator[Draft]:
    (tmp_path / "draft").mkdir()
    draft = Draft(tmp_path / "draft", None, MADE, pieces)
    yield draft
    draft.discard()


def new_passages(draft: Draft) -> list[int]:
    """The numbers of those that have come."""
    return [id for id, _ in draft.catalog.keys_between(draft.first_new, draft.catalog.last_passage_id())]


def vectors(draft: Draft) -> np.ndarray:
    """One vector for each new passage, each its own."""
    rows = np.random.default_rng(0).normal(size=(len(new_passages(draft)), MADE.dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)


def finished(draft: Draft) -> Path:
    draft.settle()
    draft.store(new_passages(draft), vectors(draft))
    draft.close()
    return draft.folder


@pytest.mark.parametrize(
    ("header", "published", "expected"),
    [
        ("Cats", date(2024, 2, 29), "Cats\n2024-02-29\nThey sit."),
        ("Cats", None, "Cats\nThey sit."),
        ("", date(2024, 2, 29), "2024-02-29\nThey sit."),
        ("", None, "They sit."),
    ],
)
def test_title_and_date_stand_above_a_passage(
    article: Callable[..., Article], header: str, published: date | None, expected: str
) -> None:
    made = article("They sit. They eat.", published=published)
    assert dense_text(made, header, "They sit.") == expected


def test_the_longest_passage_fits_below_the_longest_title(
    draft: Draft, article: Callable[..., Article], pieces: WordPieces
) -> None:
    made = article("cat " * 2_000, title="A very long title " * 40, published=date(2024, 12, 31))
    draft.put(made, "key", "/a")
    draft.settle()
    texts = draft.dense_texts(new_passages(draft))
    assert texts[0].startswith("A very long title") and texts[0].count("cat") > 150
    lengths = [pieces.counter(text).count(0, len(text)) + SPECIAL_TOKENS for text in texts]
    assert max(lengths) <= BUNDLED_MAX_TOKENS
    assert max(lengths) > IndexSettings().passage_tokens + TITLE_TOKENS


def test_stores_hold_the_same_passages(draft: Draft, article: Callable[..., Article]) -> None:
    draft.put(article("Cats sit.", id="a"), "a", "/a")
    draft.put(article("Dogs run.", id="b"), "b", "/a")
    check(finished(draft))


def test_an_article_that_is_put_twice_is_there_once(draft: Draft, article: Callable[..., Article]) -> None:
    draft.put(article("Cats sit.", id="a"), "a", "/a")
    draft.put(article("Cats run.", id="a"), "a", "/a")
    check(finished(draft))
    assert ExactVectors(draft.folder / "vectors.npy", [2]).matrix.shape == (1, 4)


def test_an_article_that_is_put_and_removed_is_not_there(
    draft: Draft, article: Callable[..., Article]
) -> None:
    draft.put(article("Cats sit.", id="a"), "a", "/a")
    draft.remove("a")
    draft.remove("nobody")
    check(finished(draft))
    assert ExactVectors(draft.folder / "vectors.npy", []).matrix.shape == (0, 4)


def test_vectors_may_come_in_any_order(draft: Draft, article: Callable[..., Article]) -> None:
    for id in "abc":
        draft.put(article(f"Word {id}.", id=id), id, "/a")
    draft.settle()
    rows = vectors(draft)
    draft.store([3, 1], rows[[2, 0]])
    draft.store([2], rows[[1]])
    draft.close()
    assert np.array_equal(ExactVectors(draft.folder / "vectors.npy", [1, 2, 3]).matrix, rows)
    check(draft.folder)


def test_a_draft_can_be_let_go_of_at_any_time(draft: Draft, article: Callable[..., Article]) -> None:
    draft.put(article("Cats sit."), "a", "/a")
    draft.discard()
    draft.discard()


def test_a_chroma_that_is_copied_is_not_the_one_it_was_copied_from(library) -> None:
    shelf = library({f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(8)})
    first = shelf.generation
    before = {path.name: path.read_bytes() for path in first.glob("chroma/*/*")}
    shelf.write({"3.md": "# N3\n\nThe word is other."})
    shelf.build()
    assert shelf.generation != first
    assert {path.name: path.read_bytes() for path in first.glob("chroma/*/*")} == before
    check(first)


def test_a_generation_is_copied_while_it_is_being_read(library) -> None:
    shelf = library({f"{n}.md": f"# N{n}\n\nThe word is word{n}." for n in range(8)})
    with shelf.open() as index, index.pinned() as snapshot:
        shelf.write({"3.md": "# N3\n\nThe word is other."})
        shelf.build()
        (vector,) = snapshot.encode(["word3"])
        assert len(snapshot.nearest(vector, 99)) == 8
        check(shelf.generation)

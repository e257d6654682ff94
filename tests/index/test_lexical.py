import math
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.filters import Filter
from index.lexical import LexicalIndex

DAY = date(2024, 2, 29)
SYNTAX = [
    "it's 5:30? AND OR (foo: -bar)",
    "AND OR NOT",
    "title:cats body:(",
    '"unclosed phrase',
    "[a TO z] {1 TO *} ^2 ~3 *",
    "\\",
    "cats\x00dogs",
    "🐈‍⬛ “–”",
    "\ud83d",
    "a" * 100_000,
    "cats " * 5_000,
]


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., LexicalIndex]:
    """An index of these texts, numbered from 1; a text may come with a title and a row."""

    def make(*texts: str | tuple[str, str, dict[str, str | int]]) -> LexicalIndex:
        index = LexicalIndex(tmp_path / "tantivy", create=True)
        for id, text in enumerate(texts, start=1):
            body, title, row = text if isinstance(text, tuple) else (text, "", {"article": f"a{id}"})
            index.add(id, body, title, row)
        index.commit()
        return index

    return make


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [id for id, _ in found]


def test_passages_are_found_by_their_words(made: Callable[..., LexicalIndex]) -> None:
    assert ids(made("Cats sit.", "Dogs run.").best("dogs", 5)) == [2]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        pytest.param("The minister resigned.", "RESIGNS", id="case and ending"),
        pytest.param("Zoë’s café in Trois-Clochers.", "cafe zoe", id="accents"),
        pytest.param("A cafe.", "Café", id="an accent in the question"),
        pytest.param("It opened at 5.40.", "5.40?", id="a number"),
        pytest.param("The turbine-maker.", "turbine", id="a hyphen"),
        pytest.param("林曉雯開了一家麵館。", "麵館", id="Chinese"),
        pytest.param("東京タワーは高い。", "タワー", id="Japanese"),
        pytest.param("한국어는 아름답다.", "한국어", id="Korean"),
        pytest.param("Das Mädchen singt.", "Madchen", id="German"),
    ],
)
def test_words_are_the_same_however_they_are_written(
    made: Callable[..., LexicalIndex], text: str, question: str
) -> None:
    assert ids(made("Nothing of the kind.", text).best(question, 5)) == [2]


@pytest.mark.parametrize("question", ["", "   ", "the of and", "?!", "zebra", "狗", "AND OR NOT"])
def test_a_question_without_a_known_word_finds_nothing(
    made: Callable[..., LexicalIndex], question: str
) -> None:
    assert made("The cat and the dog.").best(question, 5) == []


@pytest.mark.parametrize("question", SYNTAX, ids=[f"{question[:12]!a}" for question in SYNTAX])
def test_nothing_in_a_question_is_syntax(made: Callable[..., LexicalIndex], question: str) -> None:
    assert isinstance(made("Cats sit.").best(question, 5), list)


def test_words_beside_syntax_are_found(made: Callable[..., LexicalIndex]) -> None:
    index = made("Nothing.", "At 5:30 the bar called foo opens.")
    assert ids(index.best("it's 5:30? AND OR (foo: -bar)", 5)) == [2]


def test_a_title_counts_and_the_passage_counts_more(made: Callable[..., LexicalIndex]) -> None:
    index = made(
        ("They sit.", "Cats", {"article": "a"}),
        ("Cats sit.", "They", {"article": "b"}),
        ("They sit.", "They", {"article": "c"}),
    )
    assert ids(index.best("cats", 5)) == [2, 1]


def test_rare_words_weigh_more(made: Callable[..., LexicalIndex]) -> None:
    index = made("Cats sit here.", "Cats run here.", "Cats eat here.", "Dogs zigzag here.")
    assert ids(index.best("cats zigzag", 1)) == [4]


def test_rarity_is_bm25s(made: Callable[..., LexicalIndex]) -> None:
    index = made("Cats sit.", "Cats run.", "Dogs run.", "Dogs eat.")
    # ln(1 + (4 - 2 + 0.5) / (2 + 0.5)) = ln 2; and ln(1 + 4.5 / 0.5) = ln 10 for a word that nowhere stands.
    assert index.rarity("cat") == pytest.approx(math.log(2))
    assert index.rarity("zebra") == pytest.approx(math.log(10))


def test_terms_are_words_as_they_are_indexed(made: Callable[..., LexicalIndex]) -> None:
    assert made("x").terms("The Cafés, resigning! 5.40") == ["cafe", "resign", "5", "40"]


def test_no_more_are_found_than_are_asked_for(made: Callable[..., LexicalIndex]) -> None:
    index = made(*["Cats sit."] * 20)
    assert len(index.best("cats", 7)) == 7
    assert len(index.best("cats", 500)) == 20


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        pytest.param(Filter(since=DAY), {1, 2}, id="since"),
        pytest.param(Filter(until=DAY), {1}, id="until, and without a date"),
        pytest.param(Filter(since=DAY, until=DAY), {1}, id="a day"),
        pytest.param(Filter(since=date.min), {1, 2}, id="any date"),
        pytest.param(Filter(sites=("the lantern", "x")), {1}, id="site"),
        pytest.param(Filter(sites=("",)), set(), id="no site"),
        pytest.param(Filter(sites=("lantern",)), set(), id="a part of a site"),
        pytest.param(Filter(articles=("b", "c/é 3")), {2, 3}, id="articles"),
        pytest.param(Filter(since=DAY, articles=("b", "c/é 3")), {2}, id="both"),
    ],
)
def test_a_filter_holds(made: Callable[..., LexicalIndex], filter: Filter, found: set[int]) -> None:
    index = made(
        ("Cats.", "", {"article": "a", "published": DAY.toordinal(), "site": "the lantern"}),
        ("Cats.", "", {"article": "b", "published": DAY.toordinal() + 1}),
        ("Cats.", "", {"article": "c/é 3"}),
    )
    assert set(ids(index.best("cats", 5, filter))) == found


def test_a_deleted_article_is_not_found(made: Callable[..., LexicalIndex]) -> None:
    index = made("Cats sit.", "Cats run.")
    index.delete_article("a1")
    index.commit()
    assert ids(index.best("cats", 5)) == [2]
    assert (list(index.ids()), index.count()) == ([2], 1)


def test_an_article_that_is_deleted_and_added_is_there_once(made: Callable[..., LexicalIndex]) -> None:
    index = made("Cats sit.")
    index.delete_article("a1")
    index.add(9, "Cats run.", "", {"article": "a1"})
    index.commit()
    assert list(index.ids()) == [9]


def test_what_is_not_committed_is_not_seen(made: Callable[..., LexicalIndex]) -> None:
    index = made("Cats sit.")
    index.add(2, "Cats run.", "", {"article": "b"})
    assert ids(index.best("cats", 5)) == [1]
    index.commit()
    assert set(ids(index.best("cats", 5))) == {1, 2}


def test_nothing_is_written_after_a_writer_was_given_up(tmp_path: Path) -> None:
    for number in range(30):
        folder = tmp_path / str(number)
        index = LexicalIndex(folder, create=True)
        for id in range(100):
            index.add(id, f"It rained {id} times.", "Rain", {"article": "a"})
        index.discard()
        shutil.rmtree(folder)  # fails where a file is made meanwhile
        assert not folder.exists()


def test_an_index_opens_again(made: Callable[..., LexicalIndex], tmp_path: Path) -> None:
    made("Cats sit.", "The café.")
    again = LexicalIndex(tmp_path / "tantivy")
    assert (ids(again.best("cat", 5)), ids(again.best("CAFES", 5))) == ([1], [2])


def test_an_index_opens_where_its_lock_cannot_be_written(
    made: Callable[..., LexicalIndex], tmp_path: Path
) -> None:
    made("Cats sit.")
    lock = tmp_path / "tantivy" / ".tantivy-meta.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    assert ids(LexicalIndex(tmp_path / "tantivy").best("cats", 5)) == [1]


def test_an_empty_index_finds_nothing(made: Callable[..., LexicalIndex]) -> None:
    index = made()
    assert (index.best("cats", 5), list(index.ids()), index.count()) == ([], [], 0)


def test_threads_search_one_index(made: Callable[..., LexicalIndex]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    index = made("Cats sit.", "Dogs run.")
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: ids(index.best("dogs", 5)), range(200)))
    assert found == [[2]] * 200


def test_an_index_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="DoesNotExist"):
        LexicalIndex(tmp_path / "nowhere")

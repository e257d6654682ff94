"""Copies of one article, and passages of them folded into one."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from index.catalog import text_digest
from index.duplicates import Candidate, copies, shingles, signature, similarity
from index.fold import folded
from index.readers import read
from index.types import Article, Hit

REPORT = " ".join(f"word{n}" for n in range(100))


def candidate(id: str, text: str, title: str = "Title", first: str = "", url: str | None = None) -> Candidate:
    return Candidate(id, title, text, signature(text), first or id, url)


def found(*candidates: Candidate) -> dict[str, str]:
    texts = {each.id: each.text_digest for each in candidates}  # the text stands for its digest here
    return copies(candidates, texts.__getitem__)


def test_shingles_are_runs_of_five_words() -> None:
    assert shingles("One two THREE, four-five six") == {
        "one two three four five",
        "two three four five six",
    }


@pytest.mark.parametrize(("text", "expected"), [("", {""}), ("One", {"one"}), ("a b c d", {"a b c d"})])
def test_a_short_text_is_one_shingle(text: str, expected: set[str]) -> None:
    assert shingles(text) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("abcd", "abcd", 1.0), ("abc", "bcd", 0.5), ("ab", "cd", 0.0), ("", "", 0.0)],
)
def test_similarity_is_jaccards(one: str, other: str, expected: float) -> None:
    assert similarity(frozenset(one), frozenset(other)) == expected


def test_a_signature_is_the_same_everywhere_and_of_64_numbers() -> None:
    assert signature("Cats sit.") == signature("cats SIT") != signature("Dogs run.")
    assert len(signature("Cats sit.")) == 64 * 4


def test_the_first_of_two_equal_texts_is_the_original() -> None:
    assert found(candidate("b", REPORT, first="2024"), candidate("a", REPORT, first="2025")) == {"a": "b"}


def test_an_updated_report_is_a_copy() -> None:
    # 97 of 105 runs are shared: .92.
    assert found(candidate("a", REPORT), candidate("b", REPORT + " and then some more was said")) == {
        "b": "a"
    }


def test_another_day_of_the_same_story_is_no_copy() -> None:
    half = " ".join(f"word{n}" for n in range(50)) + " " + " ".join(f"other{n}" for n in range(50))
    assert found(candidate("a", REPORT), candidate("b", half)) == {}


def test_every_copy_names_the_original_itself() -> None:
    assert found(*(candidate(id, REPORT) for id in "abc")) == {"b": "a", "c": "a"}


def test_a_notice_under_many_titles_is_no_copy() -> None:
    titles = ("Sign 1", "Sign 2", "Sign 3", "Sign 4")
    assert found(*(candidate(title, "Sign up to read on.", title) for title in titles)) == {}
    assert len(found(*(candidate(title, "Sign up to read on.", title) for title in titles[:3]))) == 2


@pytest.mark.parametrize(
    ("one", "other", "folded"),
    [
        pytest.param("A lighthouse opens", "Parliament debates fishing", False, id="neither is told"),
        pytest.param("Word30 and word31", "All of word50", True, id="both are told"),
        pytest.param("A lighthouse opens in Hull", "Lighthouse opens at Hull", True, id="titles alike"),
    ],
)
def test_one_text_under_two_titles_is_a_notice_unless_it_tells_what_they_say(
    one: str, other: str, folded: bool
) -> None:
    pair = candidate("a", REPORT, one), candidate("b", REPORT, other)
    assert found(*pair) == ({"b": "a"} if folded else {})


@pytest.mark.parametrize(
    ("url", "folded"),
    [("http://www.quay.example/lamp/", True), ("https://quay.example/other", False), (None, False)],
)
def test_the_beginning_of_a_page_is_a_copy_of_the_page(url: str | None, folded: bool) -> None:
    whole = candidate("a", REPORT, url="https://www.quay.example/lamp")
    beginning = candidate("b", REPORT[:200], url=url)
    assert found(whole, beginning) == ({"b": "a"} if folded else {})


def test_one_address_over_two_texts_makes_no_copy() -> None:
    other = " ".join(f"other{n}" for n in range(100))
    url = "https://quay.example"
    assert found(candidate("a", REPORT, url=url), candidate("b", other, url=url)) == {}


NEWS = Path(__file__).parents[3] / "shared" / "eval" / "realtimeqa"
JUDGED = Path(__file__).with_name("copies_of_news.tsv")


def test_pairs_judged_by_hand_are_told_apart() -> None:
    """Ids of news articles, and whether they are one report (benchmarks/duplicates.py has the figures)."""
    if not NEWS.is_dir():
        pytest.skip("the evaluation data are not at hand")
    judged = [line.split("\t") for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    wanted = {id for pair in judged for id in pair[:2]}
    articles: dict[str, Article] = {}
    seen: Counter[str] = Counter()
    for part in ("dev", "train"):
        for article in read(NEWS / f"{part}.articles.jsonl.gz"):
            seen[article.id] += 1
            id = article.id if seen[article.id] == 1 else f"{article.id}~{seen[article.id]}"
            if id in wanted:
                articles[id] = article
    candidates = [
        Candidate(id, each.title, text_digest(each.text), signature(each.text), str(each.published), each.url)
        for id, each in articles.items()
    ]
    folded = copies(candidates, lambda id: articles[id].text)
    told = [(judgement, folded.get(one, one) == folded.get(other, other)) for one, other, judgement in judged]
    assert len(told) > 150
    assert ("different", True) not in told
    assert told.count(("same", True)) >= 0.85 * sum(judgement == "same" for judgement, _ in told)


# Folding


@pytest.fixture
def hit(article: Callable[..., Article]) -> Callable[[str, str], Hit]:
    def make(id: str, text: str) -> Hit:
        return Hit(article(text, id=id).passage(0, len(text)), 0.5)

    return make


GROUP = {"a": ("a", "b"), "b": ("a", "b")}


def ids(hits: list[Hit]) -> list[tuple[str, tuple[str, ...]]]:
    return [(hit.passage.article_id, hit.copies) for hit in hits]


def test_a_passage_of_a_copy_is_folded_into_the_better_one(hit) -> None:
    hits = [hit("a", REPORT), hit("c", REPORT), hit("b", REPORT)]
    assert ids(folded(hits, GROUP, 9)) == [("a", ("b",)), ("c", ())]


def test_a_passage_that_only_the_copy_has_stays(hit) -> None:
    hits = [hit("a", REPORT), hit("b", "Another passage that the copy alone has, at its end.")]
    assert ids(folded(hits, GROUP, 9)) == [("a", ("b",)), ("b", ("a",))]


def test_passages_of_one_article_are_not_folded(hit) -> None:
    hits = [hit("a", REPORT), hit("a", REPORT)]
    assert len(folded(hits, GROUP, 9)) == 2


def test_folded_passages_do_not_count(hit) -> None:
    hits = [hit("a", REPORT), hit("b", REPORT), hit("c", "Cats."), hit("d", "Dogs.")]
    assert [id for id, _ in ids(folded(hits, GROUP, 2))] == ["a", "c"]

"""The two retrievers, their fusion, and what a search gives back."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date

import pytest
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import QueryBundle

from index import Index
from index.filters import Filter
from index.search import (
    DENSE_PART,
    DenseRetriever,
    HybridRetriever,
    LexicalRetriever,
    blended,
    fused,
)

HARD = "it's 5:30? AND OR (foo: -bar)"
ARTICLES = [
    {
        "id": "tide",
        "title": "Sea power",
        "text": "The turbine turned at last.\n\nA “first”, said Zoë 👩‍🔧.",
        "url": "https://news.example/tide",
        "site": "The Harbour Post",
        "published": "2025-03-14",
    },
    {"id": "bar", "title": "Nightlife", "text": "At 5:30 a bar called foo opens.", "published": "2024-01-01"},
    {"id": "cats", "title": "Cats", "text": "Cats sit on mats. Cats purr."},
    {
        "id": "long",
        "title": "Long",
        "text": "\n\n".join(f"Item {n} costs {n} pounds." * 9 for n in range(30)),
    },
]


@pytest.fixture(scope="module")
def index(module_library) -> Iterator[Index]:
    shelf = module_library({"all.jsonl": "\n".join(map(json.dumps, ARTICLES))})
    with shelf.open() as index:
        yield index


def ids(index: Index, question, **restrictions) -> list[str]:
    """The articles that are found, best first."""
    found = (hit.passage.article_id for hit in index.search(question, **restrictions))
    return list(dict.fromkeys(found))


# Fusion


@pytest.mark.parametrize(
    ("dense", "lexical", "expected"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param(
            # Cosines are scaled to 1, .5 and 0, BM25 scores to .5 and 1.
            [(1, 0.9), (2, 0.5), (3, 0.1)],
            [(2, 8.0), (1, 4.0)],
            [(2, 0.4 * 0.5 + 0.6), (1, 0.4 + 0.6 * 0.5), (3, 0.0)],
            id="cosine and BM25",
        ),
        pytest.param([(1, 0.9), (2, 0.1)], [], [(1, 0.4), (2, 0.0)], id="no word is known"),
        pytest.param([(1, 0.3), (2, 0.3)], [(2, 5.0)], [(2, 0.6), (1, 0.0)], id="equal cosines"),
        pytest.param([(1, 0.0), (2, 0.0)], [], [(1, 0.0), (2, 0.0)], id="ties keep their order"),
    ],
)
def test_scores_are_blended(dense, lexical, expected) -> None:
    assert DENSE_PART == 0.4
    found = blended(dense, lexical)
    assert [id for id, _ in found] == [id for id, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected])


def test_one_wording_is_blended(index: Index) -> None:
    with index.pinned() as snapshot:
        (dense,) = DenseRetriever(snapshot, 50).ranked(["Cats purr"])
        (lexical,) = LexicalRetriever(snapshot, 50).ranked(["Cats purr"])
        assert len(lexical) == 1 and lexical[0][0] == dense[0][0]
        assert fused(snapshot, ["Cats purr"], 50, None) == blended(dense, lexical)


def test_what_only_the_words_found_is_given_its_cosine(index: Index) -> None:
    with index.pinned() as snapshot:
        (vector,) = snapshot.encode(["turbine item"])
        (lexical,) = LexicalRetriever(snapshot, 3).ranked(["turbine item"])
        near = snapshot.nearest(vector, 3)
        others = {id for id, _ in lexical} - {id for id, _ in near}
        assert others
        cosines = dict(snapshot.exact.nearest(vector, 99))
        everything = [*near, *((id, cosines[id]) for id, _ in lexical if id in others)]
        ranked = dict(fused(snapshot, ["turbine item"], 3, None))
    assert ranked == pytest.approx(dict(blended(everything, lexical)), abs=1e-5)


@pytest.mark.parametrize("weights", [None, (1.0, 1.0), (1.0, 0.3)])
def test_the_score_of_several_wordings_is_their_mean_by_weight(
    index: Index, weights: tuple[float, ...] | None
) -> None:
    wordings = ["Cats purr", "turbine"]
    with index.pinned() as snapshot:
        one, other = (dict(fused(snapshot, [wording], 50, None)) for wording in wordings)
        both = fused(snapshot, wordings, 50, None, weights)
    first, second = weights or (1, 1)
    expected = {
        id: (first * one.get(id, 0) + second * other.get(id, 0)) / (first + second) for id in one | other
    }
    assert max(expected.values()) <= 1
    assert dict(both) == pytest.approx(expected)
    assert [score for _, score in both] == sorted(expected.values(), reverse=True)


def test_a_filter_does_not_change_scores_of_words(index: Index) -> None:
    with index.pinned() as snapshot:
        free = dict(snapshot.lexical.best("Cats purr turbine item", 99))
        for filter in (
            Filter(articles=tuple(str(article["id"]) for article in ARTICLES)),
            Filter(sites=("the harbour post",), since=date(2025, 1, 1)),
        ):
            found = dict(snapshot.lexical.best("Cats purr turbine item", 99, filter))
            assert found and found == pytest.approx({id: free[id] for id in found})


# Searching


def test_the_best_passage_comes_first(index: Index) -> None:
    assert ids(index, "When did the turbine turn?")[0] == "tide"
    assert ids(index, "Item 17 costs")[0] == "long"


def test_a_question_full_of_syntax_is_a_question(index: Index) -> None:
    assert ids(index, HARD)[0] == "bar"


@pytest.mark.parametrize(
    "question", ["", " ", "?", "the", "\x00", "\ud800", "🐈‍⬛", "我", "a" * 20_000, "cats\n" * 3_000]
)
def test_any_string_is_a_question(index: Index, question: str) -> None:
    assert len(index.search(question, k=3)) == 3


@pytest.mark.parametrize(("k", "found"), [(-1, 0), (0, 0), (1, 1), (2, 2)])
def test_no_more_is_found_than_is_asked_for(index: Index, k: int, found: int) -> None:
    assert len(index.search("cats", k=k)) == found


def test_more_than_there_are_is_all_there_are(index: Index) -> None:
    with index.pinned() as snapshot:
        (_, passages) = snapshot.catalog.counts()
    hits = index.search("cats", k=10_000)
    assert len(hits) == passages > 10
    assert len({(hit.passage.article_id, hit.passage.start) for hit in hits}) == passages


def test_scores_fall(index: Index) -> None:
    scores = [hit.score for hit in index.search("Item 17 costs 17 pounds", k=50)]
    assert scores == sorted(scores, reverse=True) and scores[0] > scores[-1] >= 0


def test_several_wordings_are_fused(index: Index) -> None:
    assert set(ids(index, ["turbine", "cats purr"], k=2)) == {"tide", "cats"}


def test_a_wording_given_twice_counts_once(index: Index) -> None:
    assert index.search(["cats", "cats"]) == index.search("cats") == index.search(["cats"])
    assert index.search(["cats", "turbine", "cats"]) == index.search(["cats", "turbine"])


def test_no_wording_finds_nothing(index: Index) -> None:
    assert index.search([]) == []


@pytest.mark.parametrize(
    ("restriction", "found"),
    [
        ({"since": date(2025, 1, 1)}, {"tide"}),
        ({"until": date(2025, 1, 1)}, {"bar"}),
        ({"since": date(2024, 1, 1), "until": date(2025, 3, 14)}, {"tide", "bar"}),
        ({"sites": ["the harbour post"]}, {"tide"}),
        ({"sites": ["THE HARBOUR POST", "x"], "since": date(2026, 1, 1)}, set()),
        ({"articles": ["cats", "bar"]}, {"cats", "bar"}),
        ({"articles": []}, set()),
        ({"sites": []}, set()),
        ({"since": date(2025, 1, 1), "until": date(2024, 1, 1)}, set()),
    ],
    ids=str,
)
def test_restrictions_hold(index: Index, restriction, found: set[str]) -> None:
    assert set(ids(index, "cats turbine bar", k=100, **restriction)) == found


def test_an_empty_library_finds_nothing(library) -> None:
    shelf = library({"a.md": "Cats sit."})
    (shelf.articles / "a.md").unlink()
    shelf.build()
    with shelf.open() as index:
        assert index.search("cats") == index.search("cats", sites=["x"]) == []
        assert index.search("cats", since=date(2020, 1, 1)) == list(index.articles()) == []
        assert index.as_retriever().retrieve("cats") == []


def test_copies_of_one_report_are_one_hit_that_names_the_others(library) -> None:
    report = "The bridge over the Tern was closed on Thursday morning after cracks were found in it. " * 3
    shelf = library({"a.md": f"# Bridge\n\n{report}", "b.md": f"# The bridge\n\n{report}", "c.md": "Cats."})
    with shelf.open() as index:
        hits = index.search("bridge over the Tern", k=10)
        about = [hit for hit in hits if "bridge" in hit.passage.text]
        assert len(about) == 1
        assert {about[0].passage.article_id, *about[0].copies} == {shelf.ids()["a.md"], shelf.ids()["b.md"]}


# LlamaIndex


def test_the_retriever_is_llamaindexs(index: Index) -> None:
    retriever = index.as_retriever(k=2)
    assert isinstance(retriever, BaseRetriever) and isinstance(retriever, HybridRetriever)
    nodes = retriever.retrieve(HARD)
    assert len(nodes) == 2
    assert nodes[0].node.metadata["article_id"] == "bar"


def test_nodes_carry_exact_spans(index: Index) -> None:
    nodes = index.as_retriever(k=100).retrieve("Who said first? Item 3")
    assert len(nodes) > 10 and len({each.node.node_id for each in nodes}) == len(nodes)
    for each in nodes:
        article = index.article(each.node.metadata["article_id"])
        start, end = each.node.start_char_idx, each.node.end_char_idx
        assert article.text[start:end] == each.node.text
        assert each.node.node_id == f"{article.id}:{start}-{end}"


def test_nodes_say_whose_they_are(index: Index) -> None:
    (each,) = index.as_retriever(k=1).retrieve("turbine")
    assert each.node.metadata == {
        "article_id": "tide",
        "title": "Sea power",
        "url": "https://news.example/tide",
        "site": "The Harbour Post",
        "published": "2025-03-14",
    }


def test_the_retriever_finds_what_search_finds(index: Index) -> None:
    nodes = index.as_retriever(k=5).retrieve("Item 17 costs")
    hits = index.search("Item 17 costs", k=5)
    assert [(n.node.text, n.score) for n in nodes] == [(hit.passage.text, hit.score) for hit in hits]


def test_the_retriever_is_restricted(index: Index) -> None:
    retriever = index.as_retriever(k=9, since=date(2024, 1, 1), articles=["bar", "cats"])
    assert [each.node.metadata["article_id"] for each in retriever.retrieve("cats")] == ["bar"]


def test_further_wordings_come_with_the_query_bundle(index: Index) -> None:
    bundle = QueryBundle("turbine", custom_embedding_strs=["cats purr"])
    found = index.as_retriever(k=2).retrieve(bundle)
    assert {each.node.metadata["article_id"] for each in found} == {"tide", "cats"}


def test_the_retriever_works_in_asynchronous_pipelines(index: Index) -> None:
    (each,) = asyncio.run(index.as_retriever(k=1).aretrieve("turbine"))
    assert each.node.metadata["article_id"] == "tide"


def test_each_of_the_two_is_a_retriever_by_itself(index: Index) -> None:
    with index.pinned() as snapshot:
        for retriever in (DenseRetriever(snapshot, 3), LexicalRetriever(snapshot, 3)):
            nodes = retriever.retrieve("cats purr")
            assert nodes[0].node.metadata["article_id"] == "cats"
            assert nodes[0].score is not None and nodes[0].score > 0.3


def test_a_retriever_follows_the_library(library, monkeypatch) -> None:
    monkeypatch.setattr("index.reading.FOLLOW_SECONDS", 0.0)
    shelf = library({"a.md": "Cats sit."})
    with shelf.open() as index:
        retriever = index.as_retriever(k=1)
        shelf.write({"a.md": "Cats run."})
        shelf.build()
        assert [each.node.text for each in retriever.retrieve("cats")] == ["Cats run."]


@pytest.mark.slow
def test_the_real_encoder_finds_what_was_meant(module_library, bundled) -> None:
    text = {
        "a.md": "# France\n\nTwo diplomats were expelled.",
        "b.md": "# Lakes\n\nThe country has many lakes.",
    }
    shelf = module_library({"x.md": "Unrelated."})
    shelf.write(text)
    shelf.build(encoder=bundled)
    with shelf.open(encoder=bundled) as index:
        found = index.search("Who was made to leave?", k=1)
    assert found[0].passage.text.endswith("Two diplomats were expelled.")

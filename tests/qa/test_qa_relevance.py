"""What is measured of a sentence, and how sentences and hits are ordered by it."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from index.reading import Index
from index.types import Hit
from qa.evidence import Sentence, evidence
from qa.relevance import FEATURES, WEIGHTS, Scored, features, reranked, scored

QUESTION = "Who lit the harbour lamp on Monday?"


@pytest.fixture
def index(harbour: Any) -> Iterator[Index]:
    with harbour.open() as index:
        yield index


@pytest.fixture
def found(index: Index) -> list[Sentence]:
    with index.pinned() as snapshot:
        return evidence(snapshot, index.search(QUESTION))


def measured(index: Index, question: str, found: list[Sentence]) -> dict[str, dict[str, float]]:
    """The features by name, of each sentence by its words."""
    with index.pinned() as snapshot:
        rows = features(snapshot, question, found)
    return {
        sentence.text: dict(zip(FEATURES, map(float, row), strict=True))
        for sentence, row in zip(found, rows, strict=True)
    }


def test_each_feature_has_a_name_and_a_weight() -> None:
    assert len(WEIGHTS) == len(FEATURES) == len(set(FEATURES))
    assert all(map(math.isfinite, WEIGHTS))


@pytest.mark.parametrize("question", [QUESTION, "?", "the of and", "Ελλάδα 光 👩‍🔧", "lamp " * 500])
def test_there_is_a_row_a_sentence_and_a_column_a_feature(
    index: Index, found: list[Sentence], question: str
) -> None:
    with index.pinned() as snapshot:
        rows = features(snapshot, question, found)
    assert rows.shape == (len(found), len(FEATURES))
    assert np.isfinite(rows).all()
    assert (rows >= -1).all()


@pytest.mark.parametrize("name", ["words in sentence", "words in context", "kind of answer", "rank"])
def test_these_features_are_from_0_to_1(index: Index, found: list[Sentence], name: str) -> None:
    values = [row[name] for row in measured(index, QUESTION, found).values()]
    assert min(values) >= 0 and max(values) <= 1
    assert len(set(values)) > 1


@pytest.mark.parametrize("name", ["sentence similarity", "context similarity"])
def test_similarities_are_cosines(index: Index, found: list[Sentence], name: str) -> None:
    values = [row[name] for row in measured(index, QUESTION, found).values()]
    assert min(values) >= -1.0001 and max(values) <= 1.0001
    assert len(set(values)) > 1


def test_the_features_of_one_sentence_are_what_their_names_say(index: Index, found: list[Sentence]) -> None:
    rows = measured(index, QUESTION, found)
    lit = rows["Ada Lind lit the harbour lamp on Monday."]
    # lit, harbour, lamp, Monday: all four words that say what is asked about
    assert lit["words in sentence"] == pytest.approx(1)
    assert lit["words in context"] == pytest.approx(1)
    assert (lit["bias"], lit["kind of answer"], lit["no kind asked"], lit["rank"]) == (1, 1, 0, 1)
    assert lit["length"] == pytest.approx(math.log(1 + 8))
    burned = rows["It burned for nine hours."]
    assert burned["words in sentence"] == 0
    assert burned["words in context"] == pytest.approx(1)
    assert burned["kind of answer"] == 0
    assert burned["context similarity"] > burned["sentence similarity"]
    assert rows["It stopped after two minutes."]["rank"] == 1 / 2


@pytest.mark.parametrize(
    ("words", "asks"), [("Is it lit?", 1), ("“Is it lit?”", 1), ("It is lit.", 0), ("Is it? No.", 0)]
)
def test_a_sentence_that_asks_is_known_by_its_end(
    index: Index, article: Callable[..., Any], sentence: Callable[..., Sentence], words: str, asks: int
) -> None:
    assert measured(index, QUESTION, [sentence(article(words), words)])[words]["is a question"] == asks


def test_a_question_word_that_asks_for_no_kind_is_told_apart(index: Index, found: list[Sentence]) -> None:
    rows = measured(index, "Why was the lamp lit?", found)
    assert {row["no kind asked"] for row in rows.values()} == {1}
    assert {row["kind of answer"] for row in rows.values()} == {0}


def test_sentences_are_ordered_by_their_chances(index: Index, found: list[Sentence]) -> None:
    with index.pinned() as snapshot:
        weighed = scored(snapshot, QUESTION, found)
        rows = features(snapshot, QUESTION, found)
    assert sorted(weighed.ranked, key=lambda item: -item[1]) == weighed.ranked
    assert {id(sentence) for sentence, _ in weighed.ranked} == {id(sentence) for sentence in found}
    # the logistic model, worked out again from its parts
    expected = {
        sentence: 1 / (1 + math.exp(-float(row @ WEIGHTS))) for sentence, row in zip(found, rows, strict=True)
    }
    for sentence, chance in weighed.ranked:
        assert 0 < chance < 1
        assert chance == pytest.approx(expected[sentence])
    assert weighed.confidence == weighed.ranked[0][1]


def test_the_sentence_that_answers_comes_first(index: Index, found: list[Sentence]) -> None:
    with index.pinned() as snapshot:
        assert (
            scored(snapshot, QUESTION, found).ranked[0][0].text == "Ada Lind lit the harbour lamp on Monday."
        )


def test_nothing_found_is_no_confidence(index: Index) -> None:
    with index.pinned() as snapshot:
        assert scored(snapshot, QUESTION, []) == Scored([])
    assert Scored([]).confidence == 0


def test_hits_are_ordered_by_the_likeliest_sentence_of_each(
    article: Callable[..., Any], sentence: Callable[..., Sentence]
) -> None:
    text = "One. Two. Three. Four."
    lamp = article(text)
    hits = [
        Hit(lamp.passage(0, 9), 0.9, ("copy",)),
        Hit(lamp.passage(10, 16), 0.8),
        Hit(lamp.passage(17, 22), 0.7),
    ]
    weighed = Scored(
        [
            (sentence(lamp, "Four.", rank=2), 0.6),
            (sentence(lamp, "Two.", rank=0), 0.5),
            (sentence(lamp, "One.", rank=0), 0.1),
        ]
    )
    assert reranked(hits, weighed) == (
        Hit(lamp.passage(17, 22), 0.6),
        Hit(lamp.passage(0, 9), 0.5, ("copy",)),
        Hit(lamp.passage(10, 16), 0.0),
    )


def test_hits_that_are_as_likely_keep_their_order(article: Callable[..., Any]) -> None:
    lamp = article("One. Two.")
    hits = [Hit(lamp.passage(0, 4), 0.9), Hit(lamp.passage(5, 9), 0.8)]
    assert [hit.passage.text for hit in reranked(hits, Scored([]))] == ["One.", "Two."]

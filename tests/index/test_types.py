from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import index
from index.types import Article, Passage, Report


def test_a_passage_is_a_slice_of_its_article(article: Callable[..., Article]) -> None:
    passage = article("Cats sit. 🐈‍⬛ Dogs run.", id="x").passage(10, 13)
    assert passage == Passage("x", 10, 13, "🐈‍⬛")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(0, 0, id="empty"),
        pytest.param(3, 2, id="backwards"),
        pytest.param(-1, 2, id="before the beginning"),
        pytest.param(0, 10, id="beyond the end"),
        pytest.param(9, 10, id="from the end"),
    ],
)
def test_a_passage_outside_its_article_is_refused(
    article: Callable[..., Article], start: int, end: int
) -> None:
    with pytest.raises(ValueError, match=rf"passage {start}:{end} .*'a', which has 9 characters"):
        article("Cats sit.").passage(start, end)


def test_the_whole_article_is_a_passage(article: Callable[..., Article]) -> None:
    assert article("Cats sit.").passage(0, 9).text == "Cats sit."


def test_nouns_are_frozen(article: Callable[..., Article]) -> None:
    with pytest.raises(FrozenInstanceError):
        article("Cats sit.").text = "Dogs run."  # type: ignore[misc]


def test_a_report_of_nothing_counts_nothing() -> None:
    report = Report()
    assert (report.added, report.stale, report.passages, report.failures) == (0, 0, 0, ())


def test_every_public_name_is_there() -> None:
    assert {name: getattr(index, name) is not None for name in index.__all__} == dict.fromkeys(
        index.__all__, True
    )


def test_no_public_name_is_a_modules_too() -> None:
    # `from index import x` would give the function or the module, whichever was imported first.
    modules = {path.stem for path in Path(index.__file__).parent.iterdir()}
    assert modules.isdisjoint(index.__all__)


def test_dir_lists_the_public_names() -> None:
    assert dir(index) == sorted(index.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = index.nothing

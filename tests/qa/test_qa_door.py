"""`ask`, the one-call function."""

from pathlib import Path
from typing import Any

import pytest

from index.errors import LibraryNotFound
from index.reading import Index
from qa import Assistant, QuestionError, Settings, Turn, ask

QUESTION = "Who lit the harbour lamp?"


@pytest.fixture(autouse=True)
def quick(harbour: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries are opened with the encoder that made this one."""
    monkeypatch.setattr("index.reading.open_encoder", lambda name, threads: harbour.encoder)


def test_it_answers_from_the_library_that_is_named(harbour: Any, assistant: Assistant) -> None:
    settings = Settings(abstain_below=0)
    for library in (harbour.path, str(harbour.path)):
        answer = ask(QUESTION, library=library, settings=settings)
        assert answer.text == assistant.ask(QUESTION).text
        assert answer.citations == assistant.ask(QUESTION).citations


def test_it_asks_the_persons_own_library_by_default(harbour: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_LIBRARY", str(harbour.path))
    assert ask(QUESTION).citations[0].title == "The harbour lamp"


def test_it_takes_the_turns_before(harbour: Any) -> None:
    history = [Turn("Who wound the station clock?", "Bo Sand.")]
    answer = ask("And what did it cost?", library=harbour.path, history=history)
    assert answer.citations[0].title == "The station clock"


def test_it_reads_the_settings_where_none_are_given(harbour: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_ABSTAIN_BELOW", "1")
    assert ask(QUESTION, library=harbour.path).abstained
    assert not ask(QUESTION, library=harbour.path, settings=Settings(abstain_below=0)).abstained


@pytest.mark.parametrize("question", [QUESTION, ""], ids=["an answer", "an error"])
def test_it_closes_the_library_again(harbour: Any, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Index] = []
    close = Index.close
    monkeypatch.setattr(Index, "close", lambda index: (closed.append(index), close(index)))
    try:
        ask(question, library=harbour.path)
    except QuestionError:
        assert question == ""
    assert len(closed) == 1
    assert not any((harbour.path / "readers").iterdir())


def test_it_says_how_to_make_a_library_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        LibraryNotFound, match=rf"There is no library at {tmp_path}/none\. Make one with: byline"
    ):
        ask(QUESTION, library=tmp_path / "none")


def test_only_the_question_is_given_by_position(harbour: Any) -> None:
    with pytest.raises(TypeError):
        ask(QUESTION, harbour.path)  # type: ignore[misc]

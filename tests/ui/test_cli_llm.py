"""Models on the command line: asked, checked, listed; and what leaves the machine, said once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qa.models import PROVIDERS
from tests.servers.scripted import Reply, quoting, served
from ui.cli import main

ARTICLE = "The harbour lamp\n\nAda Lind lit the harbour lamp on Monday. It burned for nine hours.\n"
Run = Callable[..., Result]


@pytest.fixture
def run(library: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    shelf = library({"lamp.txt": ARTICLE})
    monkeypatch.setenv("BYLINE_LIBRARY", str(shelf.path))
    monkeypatch.setattr("index.reading.open_encoder", lambda name, threads: shelf.encoder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return lambda *words, **given: CliRunner().invoke(main, words, **given)


def test_a_model_is_asked_by_name(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(answering=quoting) as server:
        monkeypatch.setenv("BYLINE_LLM_URL", server.url)
        done = run("ask", "--llm", "ollama/m", "Who lit the harbour lamp?")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Ada Lind lit the harbour lamp on Monday. [1]\n\n[1] The harbour lamp")
    assert done.stderr == ""


def test_the_environment_chooses_and_an_empty_name_takes_it_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(answering=quoting) as server:
        monkeypatch.setenv("BYLINE_LLM_URL", server.url)
        monkeypatch.setenv("BYLINE_LLM", "ollama/m")
        assert json.loads(run("ask", "--json", "Who lit it?").stdout)["writer"] == "ollama/m"
        assert json.loads(run("ask", "--json", "--llm", "", "Who lit it?").stdout)["writer"] == "extractive"


def test_what_leaves_the_machine_is_said_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.privacy.stays_here", lambda endpoint: False)
    with served(answering=quoting) as server:
        monkeypatch.setenv("BYLINE_LLM_URL", server.url)
        first, second = (run("ask", "--llm", "ollama/m", "Who lit the harbour lamp?") for _ in range(2))
        other = run("ask", "--llm", "ollama/other", "Who lit the harbour lamp?")
    assert "Note: Questions, and passages of your articles, are sent to 127.0.0.1" in first.stderr
    assert "are sent to" not in first.stdout
    assert second.stderr == ""
    assert "(ollama/other)" in other.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ask", "--llm", "llama", "Who?"), "Error: llm is 'llama'; it must be a provider and its model"),
        (
            ("ask", "--llm", "openai/x", "Who?"),
            "Error: openai/x needs a key. Set OPENAI_API_KEY in the environ",
        ),
        (
            ("llm", "check", "--llm", "anthropic/x"),
            "Error: anthropic/x needs a key. Set ANTHROPIC_API_KEY in",
        ),
        (("llm", "check"), "Error: No model is chosen. Name one: byline llm check --llm ollama/llama3.2"),
    ],
)
def test_what_is_missing_is_one_line(
    run: Run, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert done.stderr.startswith(said) and done.stderr.count("\n") == 1


def test_a_check_reports(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Reply(["ready"])) as server:
        monkeypatch.setenv("BYLINE_LLM_URL", server.url)
        done = run("llm", "check", "--llm", "ollama/m")
        found = json.loads(run("llm", "check", "--llm", "ollama/m", "--json").stdout)
    assert "answers: ready" in done.stdout and "nothing is sent away" in done.stdout
    assert found["said"] == "ready"


def test_a_check_that_fails_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.models.retrying.PAUSES", (0.01,))
    monkeypatch.setenv("BYLINE_LLM_URL", "http://127.0.0.1:9")
    done = run("llm", "check", "--llm", "ollama/m")
    assert done.exit_code == 1
    assert done.stderr == "Error: ollama/m at 127.0.0.1:9 cannot be reached. Start it with: ollama serve\n"


def test_what_can_be_chosen_is_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Reply()) as server:
        monkeypatch.setenv("BYLINE_LLM_URL", server.url)
        assert "ollama/llama3.2\n" in run("llm", "list").stdout
    done = run("llm", "list")
    assert done.exit_code == 0 and "No model is served" in done.stderr
    assert PROVIDERS["ollama"].url not in done.stderr


def test_an_evaluation_counts_what_the_model_cites(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"question": "Who lit the harbour lamp?", "answers": ["Ada Lind"]}\n', encoding="utf-8"
    )
    with served(answering=quoting) as server:
        monkeypatch.setenv("BYLINE_LLM_URL", server.url)
        done = run("eval", "--llm", "ollama/m", str(questions))
        found = json.loads(run("eval", "--llm", "ollama/m", str(questions), "--json").stdout)
    assert "sentences of the model with a citation    100.0 %" in done.stdout
    assert found["cited"] == 1 and found["support"] > 0.9
    assert found["each"][0]["claims"] == 1

"""Providers: what is missing is named, what leaves the machine is said, what is served here can be chosen."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from index.errors import SettingsError
from qa import Assistant, Settings
from qa.models import PROVIDERS, Endpoint, check_ready, key_of, opened
from qa.models.checking import checked
from qa.models.choices import choices
from qa.models.failures import ModelFailed
from qa.models.privacy import statement, stays_here
from tests.servers.scripted import Reply, quoting, served


def endpoint(llm: str, url: str = "") -> Endpoint:
    found = Settings(llm=llm, llm_url=url, llm_seconds=5).endpoint
    assert found
    return found


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("llm", "variable"), [("openai/x", "OPENAI_API_KEY"), ("anthropic/x", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_is_one_sentence_with_its_variable(llm: str, variable: str) -> None:
    with pytest.raises(SettingsError, match=rf"{llm} needs a key\. Set {variable} in the environment\."):
        check_ready(endpoint(llm))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_missing_extra_is_one_sentence_with_its_installation(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        PROVIDERS, provider, replace(PROVIDERS[provider], module="llama_index.llms.nothing.here")
    )
    with pytest.raises(
        SettingsError, match=rf'Install them with: pip install "byline\[{PROVIDERS[provider].extra}\]"'
    ):
        check_ready(endpoint(f"{provider}/x"))


def test_opening_an_assistant_says_so_at_once(tmp_path: Any, harbour: Any) -> None:
    with pytest.raises(SettingsError, match="needs a key"):
        Assistant.open(harbour.path, Settings(llm="openai/x"))
    with pytest.raises(SettingsError, match=r"prompts: .*is no folder"):
        Assistant.open(harbour.path, Settings(prompts=str(tmp_path / "none")))


def test_a_providers_key_goes_to_its_own_address_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "theirs")
    assert key_of(endpoint("openai/x")) == "theirs"
    assert key_of(endpoint("openai/x", "http://127.0.0.1:1/v1")) == ""
    assert key_of(endpoint("anthropic/x")) == ""
    monkeypatch.setenv("BYLINE_LLM_KEY", "ours")
    assert key_of(endpoint("openai/x", "http://127.0.0.1:1/v1")) == "ours"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_provider_makes_an_llm_of_llama_index(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from llama_index.core.llms import LLM

    monkeypatch.setenv("BYLINE_LLM_KEY", "k")
    llm = opened(endpoint(f"{provider}/x"))
    assert isinstance(llm, LLM)
    assert llm.metadata.context_window == 8192
    assert opened(endpoint(f"{provider}/x")) is llm


def test_claude_is_asked_at_its_own_address_with_its_own_key(
    harbour: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(answering=quoting) as server:
        url = server.url + "/v1"
        monkeypatch.setitem(PROVIDERS, "anthropic", replace(PROVIDERS["anthropic"], url=url))
        monkeypatch.setenv("ANTHROPIC_API_KEY", "claude's")
        with Assistant(harbour.open(), Settings(llm="anthropic/claude")) as assistant:
            assert assistant.ask("Who lit the harbour lamp?").citations
        assert server.requests[0].headers["authorization"] == "Bearer claude's"
        assert server.requests[0].path == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:11434", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:8000/v1", True),
        ("http://localhost:1234/v1", True),
        ("http://192.168.1.5:11434", False),
        ("http://0.0.0.0:1", False),
        ("https://api.openai.com/v1", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://127.0.0.1@example.com/", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(url: str, here: bool) -> None:
    asked = endpoint("openai/x", url)
    assert stays_here(asked) is here
    assert bool(statement(asked)) is not here


def test_what_leaves_the_machine_is_one_sentence() -> None:
    assert statement(endpoint("openai/gpt")) == (
        "Questions, and passages of your articles, are sent to api.openai.com (openai/gpt)."
    )


def test_the_models_that_are_served_here_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(Reply()) as server:
        monkeypatch.setitem(PROVIDERS, "ollama", replace(PROVIDERS["ollama"], url=server.url))
        assert [choice.llm for choice in choices(Settings())] == ["", "ollama/llama3.2", "ollama/qwen3:4b"]
    with served(Reply()) as server:
        found = choices(Settings(llm="openai/llama3.2", llm_url=f"{server.url}/v1"))
        assert [choice.llm for choice in found if "openai" in choice.llm] == [
            "openai/llama3.2",
            "openai/qwen3:4b",
        ]


def test_without_any_there_is_one_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROVIDERS, "ollama", replace(PROVIDERS["ollama"], url="http://127.0.0.1:9"))
    assert [choice.llm for choice in choices(Settings())] == [""]
    assert [choice.llm for choice in choices(Settings(llm="openai/x"))] == [""], "it has no key"


@pytest.mark.parametrize(("llm", "path"), [("openai/m", "/v1"), ("ollama/m", "")])
def test_a_tiny_call_reports(llm: str, path: str) -> None:
    with served(Reply(["rea", "dy\n"])) as server:
        found = checked(endpoint(llm, server.url + path))
    assert (found.llm, found.said, found.statement) == (llm, "ready", "")
    assert 0 < found.first <= found.seconds
    assert (found.tokens_in, found.tokens_out) == (100, 2)


def test_a_tiny_call_that_fails_says_why() -> None:
    with served(Reply(status=401)) as server, pytest.raises(ModelFailed, match=r"refuses the key \(401\)"):
        checked(endpoint("openai/m", server.url + "/v1"))


def test_no_client_is_imported_before_a_model_is_asked() -> None:
    program = (
        "import sys, qa.writers.llm, qa.models.choices; from qa import Settings;"
        "Settings(llm='openai/x', llm_url='http://127.0.0.1:9').check_ready();"
        "print(sorted({'openai', 'ollama', 'anthropic'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

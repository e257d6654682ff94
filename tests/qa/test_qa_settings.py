"""Where the settings of asking come from, and what is refused."""

import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest

from index.errors import SettingsError
from index.settings import IndexSettings
from qa import Settings
from qa.writers import WRITERS

# field -> (three values that differ from the default and from one another)
VALUES: dict[str, tuple[Any, Any, Any]] = {
    "abstain_below": (0.011, 0.012, 0.013),
    "hits": (91, 92, 93),
    "read": (94, 95, 96),
    "sentences": (97, 98, 99),
    "question_characters": (11, 12, 13),
    "llm_context": (9001, 9002, 9003),
    "llm_answer": (101, 102, 103),
    "llm_seconds": (1.5, 2.5, 3.5),
}


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_toml(text: str) -> None:
    Path("byline.toml").write_text(text, encoding="utf-8")


def test_every_setting_is_tried_here() -> None:
    assert {field.name for field in fields(Settings)} == {
        *VALUES,
        "writer",
        "index",
        "llm",
        "llm_url",
        "prompts",
    }


def test_defaults_hold_where_nothing_is_said() -> None:
    assert Settings.load() == Settings()


@pytest.mark.parametrize("name", VALUES)
def test_argument_before_environment_before_file_before_default(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, environment, argument = VALUES[name]
    assert getattr(Settings(), name) not in VALUES[name]
    write_toml(f"[qa]\n{name} = {file}\n")
    assert getattr(Settings.load(), name) == file
    monkeypatch.setenv(f"BYLINE_{name.upper()}", str(environment))
    assert getattr(Settings.load(), name) == environment
    assert getattr(Settings.load(**{name: None}), name) == environment
    assert getattr(Settings.load(**{name: argument}), name) == argument


def test_a_writer_is_chosen_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WRITERS, "other", WRITERS["extractive"])
    write_toml("[qa]\nwriter = 'other'\n")
    assert Settings.load().writer == "other"
    monkeypatch.setenv("BYLINE_WRITER", "extractive")
    assert Settings.load().writer == "extractive"


def test_the_index_has_its_own_section_and_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml("[qa]\nhits = 3\n[index]\nthreads = 2\n")
    assert Settings.load() == Settings(hits=3, index=IndexSettings(threads=2))
    monkeypatch.setenv("BYLINE_THREADS", "1")
    assert Settings.load().index == IndexSettings(threads=1)


def test_index_settings_that_are_given_win_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_THREADS", "1")
    assert Settings.load(index=IndexSettings(threads=3)).index == IndexSettings(threads=3)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("writer", "poet", r"writer is 'poet'; it must be one of extractive\b"),
        ("abstain_below", -0.1, "abstain_below is -0.1; it must be from 0 to 1"),
        ("abstain_below", 1.1, "abstain_below is 1.1; it must be from 0 to 1"),
        ("abstain_below", float("nan"), "abstain_below is nan; it must be from 0 to 1"),
        ("hits", 0, "hits is 0; it must be 1 or more"),
        ("read", 0, "read is 0; it must be 1 or more"),
        ("sentences", -1, "sentences is -1; it must be 1 or more"),
        ("question_characters", 0, "question_characters is 0; it must be 1 or more"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"), [("abstain_below", 0), ("abstain_below", 1), ("hits", 1), ("sentences", 1)]
)
def test_the_limits_themselves_can_be_used(name: str, value: int) -> None:
    assert getattr(Settings(**{name: value}), name) == value


@pytest.mark.parametrize("name", ["hits", "abstain_below"])
def test_a_value_of_the_wrong_type_is_named_with_its_source(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(f"[qa]\n{name} = 'many'\n")
    with pytest.raises(
        SettingsError, match=rf"^qa\.{name} in byline\.toml is 'many'; it must be a value like"
    ):
        Settings.load()
    monkeypatch.setenv(f"BYLINE_{name.upper()}", "few")
    with pytest.raises(SettingsError, match=rf"^BYLINE_{name.upper()} in the environment is 'few'"):
        Settings.load()


@pytest.mark.parametrize("section", ["qa", "index"])
def test_a_setting_that_is_not_known_is_named_with_its_file(section: str) -> None:
    write_toml(f"[{section}]\nhitz = 3\n")
    with pytest.raises(SettingsError, match=rf"byline\.toml has no setting {section}\.hitz"):
        Settings.load()


def test_a_file_that_is_not_toml_is_named() -> None:
    write_toml("[qa\n")
    with pytest.raises(SettingsError, match=r"^byline\.toml cannot be read as TOML: .*line 1"):
        Settings.load()


def test_making_settings_opens_no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_ENCODER", "no-such/encoder")
    assert Settings.load().index.encoder == "no-such/encoder"


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().hits = 3  # type: ignore[misc]


# The model that writes


@pytest.mark.parametrize("name", ["llm", "llm_url", "prompts"])
def test_a_text_comes_from_the_environment_or_the_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file, environment = {
        "llm": ("ollama/a", "openai/b/c"),
        "llm_url": ("http://a.example", "https://b.example/v1"),
        "prompts": ("a", "b"),
    }[name]
    write_toml(f"[qa]\n{name} = '{file}'\n")
    assert getattr(Settings.load(), name) == file
    monkeypatch.setenv(f"BYLINE_{name.upper()}", environment)
    assert getattr(Settings.load(), name) == environment
    assert getattr(Settings.load(**{name: ""}), name) == ""


@pytest.mark.parametrize("llm", ["llama3.2", "nobody/llama3.2", "ollama/", "/m"])
def test_a_model_without_its_provider_is_refused_with_those_that_there_are(llm: str) -> None:
    with pytest.raises(
        SettingsError, match=r"such as ollama/llama3\.2\. The providers are ollama, openai, anthro"
    ):
        Settings(llm=llm)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"llm_url": "localhost:8000"},
            "llm_url is 'localhost:8000'; it must begin with http:// or https://",
        ),
        ({"llm_seconds": 0.0}, "llm_seconds is 0.0; it must be more than 0"),
        ({"llm_answer": 0}, "llm_answer is 0; it must be 1 or more"),
        ({"llm_context": 1500}, "llm_context is 1500; with llm_answer 800 it must be 1,800 or more"),
    ],
)
def test_a_value_that_no_model_can_work_with_is_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        Settings(**given)


def test_an_endpoint_has_the_providers_address_unless_another_is_named() -> None:
    assert Settings().endpoint is None
    ours, theirs = (
        Settings(llm="ollama/a:b").endpoint,
        Settings(llm="openai/x/y", llm_url="http://h/v1/").endpoint,
    )
    assert ours and theirs
    assert (ours.provider, ours.model, ours.url) == ("ollama", "a:b", "http://127.0.0.1:11434")
    assert (theirs.provider, theirs.model, theirs.url) == ("openai", "x/y", "http://h/v1")

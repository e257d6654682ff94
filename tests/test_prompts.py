"""The prompts: each can be loaded, and what is wrong is named."""

from string import Template

import pytest

import prompts


def variables(name: str) -> list[str]:
    return Template(prompts.text(name)).get_identifiers()


def test_there_are_prompts() -> None:
    assert "no-answer" in prompts.names()
    assert prompts.names() == sorted(prompts.names())


@pytest.mark.parametrize("name", prompts.names())
def test_each_prompt_loads_with_its_variables(name: str) -> None:
    assert Template(prompts.text(name)).is_valid()
    loaded = prompts.load(name, **{variable: f"<{variable}>" for variable in variables(name)})
    assert loaded == loaded.strip() != ""
    assert "$" not in loaded
    assert all(f"<{variable}>" in loaded for variable in variables(name))


def test_what_is_filled_in_is_taken_as_it_is() -> None:
    assert prompts.load("no-answer", nearest="It cost $5, or $nearest.").endswith("It cost $5, or $nearest.")


@pytest.mark.parametrize("name", prompts.names())
def test_a_missing_variable_is_named(name: str) -> None:
    for missing in variables(name):
        given = {variable: "" for variable in variables(name) if variable != missing}
        with pytest.raises(LookupError, match=rf"prompt '{name}' needs \${missing}, which was not given"):
            prompts.load(name, **given)


@pytest.mark.parametrize("name", ["nonsense", "", "no-answer.md"])
def test_an_unknown_prompt_is_named_along_with_those_that_there_are(name: str) -> None:
    with pytest.raises(LookupError, match=rf"there is no prompt '{name}'; there are .*no-answer"):
        prompts.load(name)

"""The prompts: each can be loaded, and what is wrong is named."""

import ast
from pathlib import Path
from string import Template

import pytest

import prompts

ROOT = Path(__file__).parents[1]


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


@pytest.mark.parametrize("name", prompts.names())
def test_each_prompt_has_the_variables_that_it_is_said_to_be_given(name: str) -> None:
    assert set(variables(name)) == set(prompts.VARIABLES[name])


def test_every_caller_gives_a_prompt_its_variables() -> None:
    """Each `prompts.load("name", …, a=…, b=…)` in the code, against the table."""
    given: dict[str, set[str]] = {}
    for path in (ROOT / "qa").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "prompts.load":
                assert isinstance(call.args[0], ast.Constant)
                assert len(call.args) == 2, f"{path} loads it without the folder of one's own prompts"
                given.setdefault(call.args[0].value, set()).update(word.arg or "**" for word in call.keywords)
    assert given == {name: set(needed) for name, needed in prompts.VARIABLES.items()}


def test_a_file_of_ones_own_takes_the_place_of_that_name_only(tmp_path: Path) -> None:
    (tmp_path / "no-answer.md").write_text("Nothing. $nearest\n", encoding="utf-8")
    assert prompts.load("no-answer", str(tmp_path), nearest="This:") == "Nothing. This:"
    assert prompts.text("check", str(tmp_path)) == prompts.text("check")
    prompts.check(str(tmp_path))


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (
            "answer.md",
            "Obey $nobody",
            r"answer\.md has \$nobody, which is not given; its variables are: \$boundary",
        ),
        ("anwser.md", "x", r"anwser\.md is the name of no prompt; there are answer, "),
        ("answer.md", "It costs $5", r"answer\.md has a \$ that begins no variable; write \$\$"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, file: str, content: str, said: str) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(LookupError, match=said):
        prompts.check(str(tmp_path))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"nowhere' is no folder"):
        prompts.check(str(tmp_path / "nowhere"))

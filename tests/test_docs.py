"""The README: it names every command and every setting, and what it shows works."""

import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click
import pytest
from llama_index.core.base.base_retriever import BaseRetriever

import seeds
from index import Index, build
from index.embed import Encoder
from index.seal import check
from index.settings import IndexSettings
from qa import Answer, Settings
from ui.cli import main
from ui.settings import ServeSettings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = {"index": IndexSettings, "qa": Settings, "serve": ServeSettings}
NOTES = (
    "<title>Notes</title><article><h1>Notes</h1><p>The lamp burned for nine hours on Monday night, and the "
    "keeper slept in his chair until the morning came.</p></article>"
)


def blocks(language: str) -> list[str]:
    """The fenced blocks of that language; test_docs_doors.py has those that ask a server."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [block for block in found if "127.0.0.1" not in block or language != "python"]


def commands(group: click.Group, path: str = "byline") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(main))
TABLED = {
    " ".join(word for word in re.split(r"[\s]+", row[0]) if word.islower() and word.isalpha()): row
    for row in re.findall(r"^\| `(byline [^`]+)` \| (.*) \|$", README, re.MULTILINE)
}
SHOWN = [
    re.sub(r"^(\.venv/bin/)?byline ", "", line)
    for block in blocks("console")
    for line in re.findall(r"^\$ ((?:\.venv/bin/)?byline .*)$", block, re.MULTILINE)
]


# Commands


@pytest.mark.parametrize("command", COMMANDS)
def test_the_table_names_every_command(command: str) -> None:
    assert command in TABLED


def test_the_table_names_only_commands_that_there_are() -> None:
    assert set(TABLED) - {"byline"} <= set(COMMANDS)


@pytest.mark.parametrize("command", TABLED)
def test_every_option_that_the_table_names_is_there(command: str) -> None:
    parameters = (COMMANDS[command] if command in COMMANDS else main).params
    known = {option for parameter in parameters for option in (*parameter.opts, *parameter.secondary_opts)}
    assert set(re.findall(r"--[\w-]+", " ".join(TABLED[command]))) <= known


def test_command_lines_are_shown() -> None:
    assert len(SHOWN) >= 5


@pytest.mark.parametrize("line", SHOWN)
def test_every_command_line_that_is_shown_can_be_parsed(line: str) -> None:
    words = shlex.split(line)
    command: click.Command = main
    context = main.make_context("byline", list(words))
    while isinstance(command, click.Group):
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"there is no command {name!r}"
        command = found
    made = command.make_context(command.name, words, parent=context)
    assert made.command is command


@pytest.mark.parametrize(
    "line", ["ask", "ask 'Who?' --nonsense", "index build --dry-run=5", "serve --port many"]
)
def test_a_command_line_that_is_wrong_cannot_be_parsed(line: str) -> None:
    with pytest.raises(click.UsageError):
        test_every_command_line_that_is_shown_can_be_parsed(line)


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_every_exit_code_is_explained(code: int) -> None:
    (sentence,) = re.findall(r"Exit codes: [^.]*\.", README)
    assert re.search(rf"\b{code} \w", sentence)


@pytest.mark.parametrize("target", ["chat", "test", "check", "wheel"])
def test_every_make_target_that_is_named_is_there(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


# Settings


def stated() -> dict[tuple[str, str], tuple[str, str]]:
    """(section, name) -> (variable, default), as the table has them."""
    rows = re.findall(r"^\| `\[(\w+)\] (\w+)` \| `(\w+)` \| (.*?) \| .+ \|$", README, re.MULTILINE)
    return {(section, name): (variable, default.strip("`")) for section, name, variable, default in rows}


def existing() -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (section, field.name): (f"BYLINE_{field.name.upper()}", str(field.default))
        for section, cls in SETTINGS.items()
        for field in fields(cls)
        if field.default is not MISSING
    }


@pytest.mark.parametrize("setting", existing(), ids=".".join)
def test_the_table_has_every_setting_with_its_variable_and_default(setting: tuple[str, str]) -> None:
    assert stated()[setting] == existing()[setting]


def test_the_table_has_only_settings_that_there_are() -> None:
    assert set(stated()) <= set(existing())


def test_every_variable_that_the_code_reads_is_named() -> None:
    sources = [path for package in ("index", "qa", "ui") for path in (ROOT / package).rglob("*.py")]
    read = {
        name
        for path in sources
        for name in re.findall(r"\"(BYLINE_[A-Z_]+)\"", path.read_text(encoding="utf-8"))
    }
    assert {"BYLINE_LIBRARY", "BYLINE_CONFIG"} <= read
    assert [name for name in sorted(read) if name not in README] == []


# Python


@pytest.fixture
def shop(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with `articles/` (the samples), `notes.html`, and `library/` made of the articles."""
    shutil.copytree(seeds.articles_dir(), tmp_path / "articles")
    (tmp_path / "notes.html").write_text(NOTES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for module in ("index.pipeline", "index.reading"):
        monkeypatch.setattr(f"{module}.open_encoder", lambda name, threads: encoder)
    monkeypatch.setattr("index.pipeline.check_apart", check)
    build("articles/", library="library/")
    return tmp_path


def test_there_are_examples_in_python() -> None:
    assert len(blocks("python")) >= 2
    named = " ".join(blocks("python"))
    assert all(
        name in named
        for name in ("ask(", "Assistant.open(", ".reply(", ".search(", "as_retriever(", "build(", "read(")
    )


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_an_example_in_python_works_as_it_stands(shop: Path, number: int) -> None:
    names: dict[str, Any] = {}
    exec(compile(blocks("python")[number], f"README.md example {number + 1}", "exec"), names)
    if "answer" in names:
        assert names["answer"].citations
        assert names["hits"]
        with Index.open("library/") as index:
            sites = {index.article(hit.passage.article_id).site for hit in names["hits"]}
        assert sites == {"The Continental Post"}
        assert isinstance(names["retriever"], BaseRetriever)
    else:
        assert names["report"].articles == len(seeds.articles())
        assert [article.title for article in names["articles"]] == ["Notes"]


def test_the_names_of_an_answer_that_are_told_are_there() -> None:
    (told,) = re.findall(r"An `Answer` has (.*?) and more", README, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", told)) <= {field.name for field in fields(Answer)}


# Links


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_inside_the_repository_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()

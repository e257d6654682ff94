"""The command line: what each command prints, its exit codes, and one line for each bad input."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

import index.embed
from index.embed import Encoder
from index.library import Library
from index.pipeline import build as build_library
from index.reading import Index, Info
from index.seal import check
from index.settings import BUNDLED_ENCODER
from index.types import Hit, Passage, Report
from qa import Answer, Assistant, Citation, Settings, Usage
from ui.cli import main

LAMP = (
    "---\ntitle: The harbour lamp\ndate: 2024-05-01\nsite: The Quay\nurl: https://quay.example/lamp\n---\n\n"
    "🌊 Ada Lind lit the *harbour* lamp on Monday. It burned for nine hours.\n"
)
CLOCK = (
    "---\ntitle: The station clock\n---\n\nBo Sand wound the station clock on Friday. It cost 70 crowns.\n"
)
QUESTION = "Who lit the harbour lamp?"
NOWHERE = Path("/proc/byline")
"""No folder can be made there, not even by root."""

Run = Callable[..., Result]


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command and group, with the words that call it."""
    yield path, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two articles in `articles/`."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "lamp.md").write_text(LAMP, encoding="utf-8")
    (folder / "clock.md").write_text(CLOCK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(home: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("ask", "Who?")` in this process, with a quick encoder in place of the bundled one. The library
    is `library` in the working folder."""
    real = index.embed.open_encoder

    def quick(name: str, threads: int = 0) -> Encoder:
        return encoder if name in (BUNDLED_ENCODER, encoder.name) else real(name, threads)

    monkeypatch.setattr("index.pipeline.open_encoder", quick)
    monkeypatch.setattr("index.reading.open_encoder", quick)
    monkeypatch.setattr("index.pipeline.check_apart", check)
    monkeypatch.setenv("BYLINE_LIBRARY", str(home / "library"))
    return lambda *args, **options: CliRunner().invoke(main, [str(arg) for arg in args], **options)


@pytest.fixture
def built(run: Run) -> Run:
    """`run`, with a library of the two articles."""
    assert run("index", "build", "articles").exit_code == 0
    return run


def script(*args: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """The command as it is installed, in a process of its own."""
    command = [str(Path(sys.executable).with_name("byline")), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def assert_one_line(result: Result, code: int, said: str) -> None:
    """Ended with that code, and one line on standard error that says so; nothing on standard output."""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    assert said in lines[0]
    assert result.stdout == ""
    assert result.exit_code == code
    assert result.exception is None or isinstance(result.exception, SystemExit)


# Help


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    about = (COMMANDS[path].help or "").splitlines()[0]
    assert about.endswith(".") and " " in about
    assert about[:40] in result.stdout
    assert CliRunner().invoke(main, [*path, "-h"]).stdout == result.stdout


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_of_every_command_has_help(path: tuple[str, ...]) -> None:
    options = [option for option in COMMANDS[path].params if isinstance(option, click.Option)]
    unexplained = [option.name for option in options if not option.help]
    assert unexplained == []


def test_the_commands_that_were_promised_are_there() -> None:
    assert {("index", "build"), ("index", "info"), ("ask",), ("serve",)} <= COMMANDS.keys()


@pytest.mark.parametrize(
    "path", [p for p, c in COMMANDS.items() if not isinstance(c, click.Group) and p[0] != "llm"], ids=" ".join
)
def test_every_command_about_articles_takes_a_library(path: tuple[str, ...]) -> None:
    (option,) = [option for option in COMMANDS[path].params if option.name == "library"]
    assert option.opts == ["--library"]
    assert option.envvar == "BYLINE_LIBRARY"


def test_the_version_is_the_packages() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert result.stdout == f"byline, version {version('byline')}\n"


# Building


def test_build_says_what_it_did_and_where(run: Run, home: Path) -> None:
    result = run("index", "build", "articles")
    assert result.exit_code == 0
    done, held = result.stdout.splitlines()
    assert done.startswith("Done in ") and done.endswith(" s. 2 added.")
    assert held == f"2 articles, 2 passages (2 encoded now) in {home / 'library'}"
    assert result.stderr == ""


def test_build_without_a_path_repeats_those_of_before(built: Run, home: Path) -> None:
    (home / "articles" / "lamp.md").unlink()
    (home / "articles" / "new.txt").write_text("Cy Orr rang the bell.", encoding="utf-8")
    result = built("index", "build")
    assert result.exit_code == 0
    assert "1 added, 1 removed, 1 unchanged." in result.stdout
    assert "Nothing to do: the library is in step. 2 unchanged." in built("index", "build").stdout


def test_a_dry_run_writes_nothing(run: Run, built: Run, home: Path) -> None:
    (home / "articles" / "lamp.md").unlink()
    before = sorted(path for path in (home / "library").rglob("*"))
    result = run("index", "build", "--dry-run")
    assert result.stdout == "Would be: 1 removed, 1 unchanged. Nothing was written.\n"
    assert sorted(path for path in (home / "library").rglob("*")) == before
    assert run("index", "build", "--dry-run", "--library", "other", "articles").exit_code == 0
    assert not (home / "other").exists()


def test_build_prints_its_report_as_json(run: Run, home: Path) -> None:
    (home / "empty.md").touch()
    result = run("index", "build", "--json", "articles", "empty.md")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert list(report) == [field.name for field in fields(Report)]
    assert (report["added"], report["failed"], report["articles"]) == (2, 1, 2)
    assert report["failures"] == [{"source": str(home / "empty.md"), "reason": "is empty"}]
    assert result.stderr == ""


def test_the_librarys_folder_may_be_named_in_either_way(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", "build", "articles", "--library", "named")
    assert (home / "named" / "CURRENT").is_file()
    monkeypatch.setenv("BYLINE_LIBRARY", "by-variable")
    run("index", "build", "articles")
    assert (home / "by-variable" / "CURRENT").is_file()
    monkeypatch.delenv("BYLINE_LIBRARY")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    run("index", "build", "articles")
    assert (home / "data" / "byline" / "library" / "CURRENT").is_file()


# What a library holds


def test_info_says_what_the_library_holds(built: Run, home: Path, encoder: Encoder) -> None:
    result = built("index", "info")
    assert result.exit_code == 0
    said = {line.split()[0]: " ".join(line.split()[1:]) for line in result.stdout.splitlines()}
    assert said["library"] == str(home / "library")
    assert (said["articles"], said["passages"], said["encoder"]) == ("2", "2", encoder.name)
    assert said["roots"] == str(home / "articles")
    assert said["bytes"].endswith("B")
    assert said["byline"] == version("byline")


def test_info_lists_each_root_on_a_line(built: Run, home: Path) -> None:
    built("index", "build", "articles/lamp.md", "articles/clock.md")
    lines = built("index", "info").stdout.splitlines()
    roots = [line.split()[-1] for line in lines if "articles/" in line or line.endswith("articles")]
    assert {str(home / "articles/lamp.md"), str(home / "articles/clock.md")} <= set(roots)
    assert len(roots) == len(set(roots))


def test_info_prints_json(built: Run, home: Path) -> None:
    said = json.loads(built("index", "info", "--json").stdout)
    assert list(said) == [field.name for field in fields(Info)]
    assert (said["articles"], said["roots"]) == (2, [str(home / "articles")])
    assert said["bytes"] > 1000


# Patterns and standard input


def test_what_is_excluded_goes_and_info_shows_the_patterns_beside_the_root(built: Run, home: Path) -> None:
    patterns = ("--exclude", "clock*", "--exclude", "a b", "--include", "*.md")
    dry = built("index", "build", "articles", *patterns, "--dry-run")
    assert dry.stdout == "Would be: 1 removed, 1 unchanged. Nothing was written.\n"
    result = built("index", "build", "articles", *patterns)
    assert (result.exit_code, "1 removed, 1 unchanged." in result.stdout) == (0, True)
    assert result.stderr == (
        "Note: The pattern 'a b' matched nothing: it is for names, or for paths below the folder.\n"
    )
    assert built("index", "build").stdout.startswith("Nothing to do")
    (line,) = [line for line in built("index", "info").stdout.splitlines() if line.startswith("roots")]
    assert line.split(maxsplit=1)[1] == f"{home}/articles --include '*.md' --exclude 'clock*' --exclude 'a b'"
    assert json.loads(built("index", "info", "--json").stdout)["patterns"] == {
        f"{home}/articles": {"include": ["*.md"], "exclude": ["clock*", "a b"]}
    }


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("index", "build", "--exclude", "a"),
            "Name the folder that the patterns are for: byline index build",
        ),
        (("index", "build", "articles", "--include", ""), "A pattern is empty."),
        (("index", "watch", "articles", "--include", "/"), "A pattern is empty."),
    ],
)
def test_patterns_for_nothing_are_wrong_usage_in_one_line(
    built: Run, args: tuple[str, ...], said: str
) -> None:
    assert_one_line(built(*args), 2, said)


def test_build_reads_standard_input_and_remove_takes_it_out(built: Run) -> None:
    result = built("index", "build", "-", input="# The fog\n\nThe fog came in on Tuesday morning.\n")
    assert (result.exit_code, "1 added." in result.stdout) == (0, True)
    assert "The fog" in built("ask", "When did the fog come in?").stdout
    assert "2 unchanged" in built("index", "build").stdout
    assert built("index", "remove", "-").stdout.startswith("Removed 1 article.")


def test_nothing_on_standard_input_is_one_line(run: Run) -> None:
    said = "Error: standard input: is empty. Pipe an article to it: curl … | byline index build -"
    assert_one_line(run("index", "build", "-", input=""), 1, said)


# Asking


def test_ask_prints_the_answer_and_its_sources(built: Run) -> None:
    result = built("ask", QUESTION)
    assert result.exit_code == 0
    assert "🌊 Ada Lind lit the *harbour* lamp on Monday. [1]\n" in result.stdout
    assert (
        "[1] The harbour lamp, The Quay, 1 May 2024\n"
        "    https://quay.example/lamp#:~:text=%F0%9F%8C%8A%20Ada%20Lind%20lit"
    ) in result.stdout


def test_ask_prints_the_whole_answer_as_json(built: Run, home: Path, encoder: Encoder) -> None:
    result = built("ask", QUESTION, "--json")
    answer = json.loads(result.stdout)
    assert list(answer) == [field.name for field in fields(Answer)]
    assert answer["question"] == QUESTION
    for citation in answer["citations"]:
        assert list(citation) == [field.name for field in fields(Citation)]
    for hit in answer["hits"]:
        assert list(hit) == [field.name for field in fields(Hit)]
        assert list(hit["passage"]) == [field.name for field in fields(Passage)]
    assert list(answer["usage"]) == [field.name for field in fields(Usage)]

    first = answer["citations"][0]
    assert (first["marker"], first["published"], first["start"]) == (1, "2024-05-01", 0)
    with Assistant(Index.open(home / "library", encoder=encoder), Settings()) as assistant:
        for citation in answer["citations"]:
            article = assistant.index.article(citation["article_id"])
            assert article.text[citation["start"] : citation["end"]] == citation["quote"]
        asked = json.loads(json.dumps(asdict(assistant.ask(QUESTION)), default=str))
    assert {**answer, "usage": None} == {**asked, "usage": None}


def test_ask_reads_the_question_from_standard_input(built: Run) -> None:
    asked = json.loads(built("ask", "-", "--json", input=f"{QUESTION}\n").stdout)
    assert asked["question"] == QUESTION
    assert asked["citations"][0]["title"] == "The harbour lamp"


@pytest.mark.parametrize(
    ("previous", "title"),
    [
        ([QUESTION], "The harbour lamp"),
        (["Who wound the station clock?"], "The station clock"),
        ([QUESTION, "Who wound the station clock?"], "The station clock"),
    ],
    ids=["lamp", "clock", "lamp, then clock"],
)
def test_an_earlier_question_makes_it_a_follow_up(built: Run, previous: list[str], title: str) -> None:
    options = [word for question in previous for word in ("--previous", question)]
    answer = json.loads(built("ask", "And on which day was that?", *options, "--json").stdout)
    assert answer["citations"][0]["title"] == title


def test_not_knowing_is_no_failure(built: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_ABSTAIN_BELOW", "1")
    result = built("ask", QUESTION)
    assert result.exit_code == 0
    assert result.stdout.startswith("I could not find an answer to this in your articles.")
    assert "[1] " in result.stdout


def test_eval_says_how_many_answers_are_right(built: Run, home: Path) -> None:
    Path("questions.jsonl").write_text(
        '{"id": "lamp", "question": "Who lit the harbour lamp?", "answers": ["Ada Lind"]}\n'
        '{"question": "Who stole the moon?", "answers": []}\n',
        encoding="utf-8",
    )
    result = built("eval", "questions.jsonl")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:2] == ["2 questions: 1 that the articles answer, 1 that they do not", ""]
    measured = {line[:40].rstrip(): line[40:].strip() for line in lines[2:]}
    assert measured["an answer in the first passage"] == "100.0 %"
    assert measured["the answer in a quotation"] == "100.0 %"
    assert re.fullmatch(r"([1-9]\d*) of \1", measured["citations that are exact"])
    assert len(measured) == 12
    assert len({len(line) for line in lines[2:]}) == 1

    found = json.loads(built("eval", "questions.jsonl", "--json").stdout)
    assert (found["questions"], found["answerable"], found["answer_at"]["1"]) == (2, 1, 1.0)
    assert [each["id"] for each in found["each"]] == ["lamp", "2"]
    assert found["each"][0]["found"] == 1


def test_eval_leaves_out_what_the_questions_cannot_tell(built: Run) -> None:
    result = built("eval", "-", input='{"question": "Who stole the moon?", "answers": []}')
    assert result.stdout.startswith("1 question: 0 that the articles answer, 1 that they do not\n")
    assert "passage" not in result.stdout and "EM" not in result.stdout
    assert "abstained, where they do not" in result.stdout


def test_a_file_of_questions_that_cannot_be_used_is_one_line(built: Run) -> None:
    Path("questions.jsonl").write_text('{"question": "Who?"}\n')
    said = 'Error: questions.jsonl, line 1: "answers" is null. List the wordings that count as right'
    assert_one_line(built("eval", "questions.jsonl"), 1, said)


@pytest.mark.parametrize(
    ("file", "why"), [("nowhere.jsonl", "No such file or directory"), ("articles", "Is a directory")]
)
def test_a_file_of_questions_that_cannot_be_read_is_one_line(built: Run, file: str, why: str) -> None:
    assert_one_line(built("eval", file), 2, f"Error: {file} cannot be read: {why}.")


def test_bytes_that_are_no_text_are_asked_as_question_marks(built: Run) -> None:
    result = built("ask", "Who lit\udcff the harbour lamp?", "--json")
    assert json.loads(result.stdout)["question"] == "Who lit? the harbour lamp?"


# Bad input: one line that says what, and how to mend it


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("missing.md", None, "missing.md: does not exist.", id="missing"),
        pytest.param("empty.md", b"", "empty.md: is empty.", id="empty"),
        pytest.param("blank.txt", b" \n\n", "blank.txt: has no text.", id="blank"),
        pytest.param("null.txt", b"a\0b", "null.txt: is a binary file.", id="binary"),
        pytest.param("photo.md", b"\x89PNG\r\n\x1a\n0000", "is a binary file (a PNG image).", id="image"),
        pytest.param(
            "paper.txt", b"%PDF-1.7\n", "paper.txt: is damaged: it cannot be opened as a PDF", id="PDF"
        ),
        pytest.param("a.jsonl", b'{"text": }\n', "a.jsonl: line 1 ", id="JSON"),
        pytest.param("a.md.gz", b"\x1f\x8b\x08\0broken", "a.md.gz: ", id="gzip"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(
    run: Run, home: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    result = run("index", "build", name)
    assert_one_line(result, 1, said)
    assert result.stderr.startswith(f"Error: {home}/{name}")
    assert (
        "Name a file or folder of articles (.txt, .md, .html, .pdf, …) or a page: byline index build PATH"
        in result.stderr
    )
    assert not (home / "library" / "CURRENT").exists()


def test_a_file_that_the_system_refuses_is_one_line(run: Run) -> None:
    Path("loop.md").symlink_to("loop.md")
    assert_one_line(
        run("index", "build", "loop.md"), 1, "loop.md: cannot be read: too many levels of symbolic links."
    )


def test_an_empty_folder_is_one_line(run: Run, home: Path) -> None:
    Path("nothing").mkdir()
    said = f"No article could be read from {home}/nothing. Name a file or folder of articles"
    assert_one_line(run("index", "build", "nothing"), 1, said)


def test_nothing_to_build_from_is_one_line(run: Run) -> None:
    said = "Error: No articles were named. Name a file, a folder or a page: byline index build PATH"
    assert_one_line(run("index", "build"), 1, said)


def test_a_name_that_drives_a_terminal_is_one_harmless_line(run: Run) -> None:
    assert_one_line(run("index", "build", "a\n\x1b[31mb.md"), 1, "a??[31mb.md: does not exist.")


def test_broken_json_on_line_17_leaves_the_other_lines_indexed(
    run: Run, home: Path, encoder: Encoder
) -> None:
    rows = [
        json.dumps({"id": str(n), "title": f"Number {n}", "text": f"Text number {n}."}) for n in range(1, 21)
    ]
    rows[16] = rows[16][:-3]
    Path("news.jsonl").write_text("\n".join(rows))
    result = run("index", "build", "news.jsonl")
    assert result.exit_code == 3
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Failed: {home}/news.jsonl: line 17 ")
    assert "19 added, 1 failed." in result.stdout
    with Index.open(home / "library", encoder=encoder) as opened:
        titles = {article.title for article in opened.articles()}
    assert titles == {f"Number {n}" for n in range(1, 21) if n != 17}


def test_the_rest_is_indexed_and_each_failure_is_a_line(run: Run, home: Path) -> None:
    Path("empty.md").touch()
    Path("photo.md").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run("index", "build", "missing.md", "empty.md", "articles", "photo.md")
    assert result.exit_code == 3
    assert sorted(result.stderr.splitlines()) == [
        f"Failed: {home}/empty.md: is empty",
        f"Failed: {home}/missing.md: does not exist",
        f"Failed: {home}/photo.md: is a binary file (a PNG image)",
    ]
    assert "2 added, 3 failed." in result.stdout
    assert "The harbour lamp" in run("ask", QUESTION).stdout


def test_where_nothing_could_be_read_each_failure_and_the_error_are_lines(run: Run, home: Path) -> None:
    Path("empty.md").touch()
    result = run("index", "build", "missing.md", "empty.md")
    assert result.exit_code == 1
    *failures, error = result.stderr.splitlines()
    assert sorted(failures) == [
        f"Failed: {home}/empty.md: is empty",
        f"Failed: {home}/missing.md: does not exist",
    ]
    assert error.startswith(
        f"Error: No article could be read from {home}/missing.md, {home}/empty.md. Name a file"
    )


@pytest.mark.parametrize("command", [("ask", QUESTION), ("index", "info")], ids=" ".join)
def test_a_library_that_does_not_exist_is_one_line(run: Run, home: Path, command: tuple[str, ...]) -> None:
    path = home / "nowhere"
    said = f"Error: There is no library at {path}. Make one with: byline index build --library {path} FOLDER"
    assert_one_line(run(*command, "--library", path), 1, said)
    assert not path.exists()


@pytest.mark.parametrize(
    ("question", "typed"),
    [("", None), ("  \n", None), ("-", ""), ("-", " \n")],
    ids=["", "blank", "no input", "blank input"],
)
def test_an_empty_question_is_one_line(built: Run, question: str, typed: str | None) -> None:
    said = "Error: The question is empty. Ask something, such as: Who was it, and when?"
    assert_one_line(built("ask", question, input=typed), 1, said)


@pytest.mark.parametrize("previous", [(), ("--previous", "a" * 100_000)], ids=["question", "previous"])
def test_a_question_of_100_000_characters_is_one_line(built: Run, previous: tuple[str, ...]) -> None:
    question = QUESTION if previous else "a" * 100_000
    said = "Error: The question has 100,000 characters; 4,000 is the most. Shorten it."
    assert_one_line(built("ask", question, *previous), 1, said)


def test_a_question_that_is_not_utf8_is_one_line(built: Run) -> None:
    said = "The question on standard input is not UTF-8 text."
    assert_one_line(built("ask", "-", input=b"Who \xff?"), 1, said)


@pytest.mark.parametrize("library", ["a-file", ""], ids=["file", "empty"])
@pytest.mark.parametrize(
    "command", [("index", "build", "articles"), ("ask", "?"), ("index", "info"), ("serve",)], ids=" ".join
)
def test_a_library_that_is_no_folder_is_one_line(
    run: Run, home: Path, command: tuple[str, ...], library: str
) -> None:
    Path("a-file").write_text("Mine.")
    before = sorted(home.iterdir())
    said = f"Error: {library!r} is not a folder. Name the library's folder with --library."
    assert_one_line(run(*command, "--library", library), 2, said)
    assert sorted(home.iterdir()) == before
    assert Path("a-file").read_text() == "Mine."


def test_a_library_that_cannot_be_written_is_one_line(run: Run) -> None:
    result = run("index", "build", "articles", "--library", NOWHERE)
    assert_one_line(result, 1, f"Error: {NOWHERE}")
    assert "cannot be written: " in result.stderr
    assert "mend the permissions, or choose another folder with --library." in result.stderr


def test_a_library_that_another_build_holds_is_one_line(built: Run, home: Path) -> None:
    with Library(home / "library").locked():
        said = (
            f"Another build is writing to {home / 'library'} (process {os.getpid()}). Wait until it is done"
        )
        assert_one_line(built("index", "build"), 1, said)
        assert "The harbour lamp" in built("ask", QUESTION).stdout
    assert built("index", "build").exit_code == 0


def test_a_damaged_library_is_one_line(built: Run, home: Path) -> None:
    (home / "library" / "generations" / "000001" / "articles.db").write_bytes(b"torn")
    result = built("ask", QUESTION)
    assert_one_line(result, 1, f"The library at {home / 'library'} is damaged: ")
    assert f"Rebuild it with: byline index build --library {home / 'library'}" in result.stderr


def test_an_unknown_encoder_is_one_line_when_building(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_ENCODER", "no-such/encoder")
    said = "Error: 'no-such/encoder' is not a sentence-transformers model that is on this machine."
    result = run("index", "build", "articles")
    assert_one_line(result, 1, said)
    assert (
        "Name the folder of one as the encoder, or leave the setting out for the bundled one."
        in result.stderr
    )


def test_another_encoder_than_the_librarys_is_one_line(built: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_ENCODER", "no-such/encoder")
    result = built("ask", QUESTION)
    assert_one_line(
        result, 1, "was built with the encoder 'bag-of-words', but the settings name 'no-such/encoder'."
    )
    assert "Rebuild it with: byline index build --library" in result.stderr


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[qa\n", "byline.toml cannot be read as TOML: "),
        ("[qa]\nhits = 'many'\n", "qa.hits in byline.toml is 'many'; it must be a value like 20."),
        ("[qa]\nhitz = 3\n", "byline.toml has no setting qa.hitz; remove or correct that line."),
        ("qa = 3\n", "qa in byline.toml is 3; it must be a table, [qa]."),
        ("[index]\npassage_tokens = 1\n", "passage_tokens is 1; it must be from 16 to 2000."),
    ],
    ids=["not TOML", "type", "unknown", "no table", "range"],
)
def test_a_broken_settings_file_is_one_line(built: Run, toml: str, said: str) -> None:
    Path("byline.toml").write_text(toml)
    assert_one_line(built("ask", QUESTION), 1, said)
    if "qa" not in toml:
        assert_one_line(built("index", "build"), 1, said)


def test_a_variable_that_cannot_be_used_is_one_line(built: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_HITS", "many")
    assert_one_line(
        built("ask", QUESTION), 1, "BYLINE_HITS in the environment is 'many'; it must be a value like 20."
    )


@pytest.mark.parametrize(
    "args",
    [
        ("nonsense",),
        ("ask",),
        ("ask", "a", "b"),
        ("eval",),
        ("index", "nonsense"),
        ("ask", "?", "--nonsense"),
        ("serve", "--port", "0"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_names_the_help(run: Run, args: tuple[str, ...]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "--help' for help." in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Error: ")


# Whole processes


def test_the_installed_command_builds_and_answers(home: Path) -> None:
    library = home / "library"
    done = script("index", "build", "articles", env={**os.environ, "BYLINE_LIBRARY": str(library)})
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 added." in done.stdout
    asked = script("ask", "-", "--json", "--library", library, input="Who wound the clock?")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert json.loads(asked.stdout)["citations"][0]["quote"] == "Bo Sand wound the station clock on Friday."


def test_the_installed_command_fails_in_one_line(home: Path) -> None:
    failed = script("ask", "Who?", "--library", home / "nowhere")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("Error: There is no library at ") and failed.stderr.count("\n") == 1


def test_help_and_errors_import_nothing_heavy(home: Path) -> None:
    source = """
import sys
from click.exceptions import ClickException
from ui.cli import main
for words in ("", "index", "index build", "index info", "ask", "eval", "serve"):
    main([*words.split(), "--help"], standalone_mode=False)
try:
    main(["ask", "?", "--library", ""], standalone_mode=False)
except ClickException:
    pass
else:
    raise AssertionError("this should have been refused")
heavy = {"torch", "gradio", "chromadb", "sentence_transformers", "llama_index", "transformers", "tantivy",
         "onnxruntime", "numpy", "rich.progress", "trafilatura"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.stderr == "[]\n"
    assert done.returncode == 0


def test_ctrl_c_stops_a_build_in_one_line_and_tears_nothing(
    home: Path, bundled: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.pipeline.check_apart", check)
    library = home / "library"
    build_library("articles", library=library, encoder=bundled)
    long = home / "articles" / "long.txt"
    long.write_text("\n\n".join(f"Chapter {n}. " + f"Then {n * 7} gulls came by. " * 30 for n in range(500)))

    command = [str(Path(sys.executable).with_name("byline")), "index", "build", "--library", str(library)]
    building = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background has SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    encoding = library / "generations" / "000002" / "vectors.npy"
    deadline = time.monotonic() + 60
    while not encoding.exists() and time.monotonic() < deadline:
        assert building.poll() is None, building.communicate()
        time.sleep(0.02)
    building.send_signal(signal.SIGINT)
    stdout, stderr = building.communicate(timeout=60)
    assert (building.returncode, stdout) == (130, "")
    assert stderr == "Stopped. What was encoded is kept; the next build goes on from there.\n"

    assert (library / "CURRENT").read_text() == "000001\n"
    assert not (library / "generations" / "000002").exists()
    with Index.open(library, encoder=bundled) as opened:
        assert len(list(opened.articles())) == 2
        assert opened.search(QUESTION)[0].passage.text.startswith("🌊 Ada Lind")
    long.write_text("Cy Orr rang the bell.")
    report = build_library(library=library, encoder=bundled)
    assert (report.added, report.unchanged, report.articles) == (1, 2, 3)

"""The command line: `byline index …`, `byline ask`, `byline eval`, `byline serve`, `byline mcp`.

Exit codes: 0 done (an abstention too), 1 failed, 2 wrong usage, 3 built, but some sources failed.
Heavy packages are imported by the command that needs them, so that help and errors come at once.
"""

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import BylineError, NothingToIndex
from index.space import size

from .listing import SORTS, listing_text, select
from .options import WrongUsage, json_option, library_option
from .terminal import (
    BuildProgress,
    Progress,
    answer_text,
    checked_text,
    counted,
    failure_lines,
    one_line,
    report_text,
    root_text,
)
from .user_commands import user

if TYPE_CHECKING:
    from index.types import Report

PARTLY = 3
INTERRUPTED = 130
ENCODING = "encode"
"""The thread of a build that loads an encoder (index/encode.py)."""


class Commands(click.Group):
    """A group that shows what Byline raises on purpose as one line, and ends with code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NothingToIndex as error:
            if len(error.failures) > 1:
                click.echo(failure_lines(error.failures, all=not sys.stderr.isatty()), err=True)
            raise click.ClickException(one_line(str(error))) from error
        except BylineError as error:
            raise click.ClickException(one_line(str(error))) from error
        except KeyboardInterrupt:
            building = ctx.invoked_subcommand == "index"
            kept = " What was encoded is kept; the next build goes on from there." if building else ""
            after_the_echo_of_the_key = "\n" if sys.stderr.isatty() else ""
            click.echo(f"{after_the_echo_of_the_key}Stopped.{kept}", err=True)
            _leave_what_is_loading()
            ctx.exit(INTERRUPTED)


def _leave_what_is_loading() -> None:
    """Ends the process here where a thread is still loading an encoder: that cannot be stopped, and the
    interpreter's own way out would be aborted by it."""
    if any(thread.name == ENCODING for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def llm_option(command: Any) -> Any:
    return click.option(
        "--llm",
        metavar="PROVIDER/MODEL",
        help='The model that writes, such as ollama/llama3.2; "" for none.  [default: BYLINE_LLM, else none]',
    )(command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="byline", prog_name="byline")
def main() -> None:
    """Ask your articles. Every sentence of an answer is an exact quotation from one of them."""


@main.group()
def index() -> None:
    """Build and look after the library."""


def patterns_options(command: Any) -> Any:
    for name, help in (
        ("--exclude", "Leave out the files and folders of that name, or path below the PATH (repeatable)."),
        (
            "--include",
            "Read only those of that name or path, whatever their ending is (repeatable).",
        ),
    ):
        command = click.option(name, multiple=True, metavar="GLOB", help=help)(command)
    return command


def _refuse_patterns_for_nothing(paths: tuple[str, ...], patterns: tuple[str, ...]) -> None:
    if patterns and not paths:
        raise WrongUsage(
            "Name the folder that the patterns are for: byline index build FOLDER --exclude GLOB"
        )
    if not all(pattern.strip("/") for pattern in patterns):
        raise WrongUsage("A pattern is empty. Leave it out, or name what it is to match.")


@index.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@library_option
@patterns_options
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--allow-private", is_flag=True, help="Open addresses in private networks and on any port.")
@json_option
def build(
    paths: tuple[str, ...],
    library: Path,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    dry_run: bool,
    allow_private: bool,
    as_json: bool,
) -> None:
    """Bring the library in step with files, folders, pages or feeds. Without a PATH, with those of before.

    `-` reads an article from standard input.

    Patterns are for folders, and are remembered with them until they are named again: quote them. `*.log` and
    `drafts` match names at any depth, `2024/*.md` and `a/**/b` paths below the folder. A file that is named
    itself is always read, and an archive is read whole.
    """
    from index import build as build_library
    from index.fetch import Fetcher

    _refuse_patterns_for_nothing(paths, (*include, *exclude))
    with BuildProgress(quiet=as_json) as progress:
        report = build_library(
            paths,
            include=include,
            exclude=exclude,
            library=library,
            progress=progress,
            dry_run=dry_run,
            fetcher=Fetcher(allow_private=allow_private),
        )
    _show_report(report, library, dry_run, as_json)
    if report.failed:
        sys.exit(PARTLY)


@index.command()
@library_option
@json_option
def info(library: Path, as_json: bool) -> None:
    """Say what the library holds, and what made it."""
    from index import Index

    with Index.open(library) as opened:
        found = asdict(opened.info())
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    found["bytes"] = size(found["bytes"])
    patterns = found.pop("patterns")
    found["roots"] = "\n".join(root_text(root, patterns.get(root)) for root in found["roots"]) or "none"
    width = max(map(len, found)) + 2
    for name, value in found.items():
        lines = str(value).splitlines()
        click.echo(f"{name:<{width}}{lines[0]}")
        for line in lines[1:]:
            click.echo(" " * width + line)


@index.command("list")
@library_option
@click.option("--sort", type=click.Choice(SORTS), default="title", show_default=True, help="By what.")
@click.option("--reverse", is_flag=True, help="Last first.")
@click.option("--site", help="Only articles of this site.")
@click.option("--match", metavar="TEXT", help="Only articles with this in title, author, source or id.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day or later.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Published on this day or before.")
@click.option("--stale", is_flag=True, help="Only articles whose source could not be read again.")
@click.option("--copies", is_flag=True, help="Only copies of other articles.")
@json_option
def list_articles(library: Path, as_json: bool, **chosen: Any) -> None:
    """List the articles in the library."""
    from index import Index

    with Index.open(library) as opened:
        rows = select(opened.listing(), **chosen)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False, default=str))
    elif rows:
        click.echo(listing_text(rows))
    else:
        click.echo("No such article.", err=True)


@index.command()
@library_option
@json_option
def verify(library: Path, as_json: bool) -> None:
    """Check every file and every passage of the index that serves."""
    from index import verify as verify_library

    found = verify_library(library)
    if as_json:
        click.echo(json.dumps(asdict(found)))
    else:
        click.echo(
            f"Whole: generation {found.generation}, "
            f"{found.articles:,} articles, {found.passages:,} passages in {library}"
        )


@index.command()
@click.argument("targets", nargs=-1, required=True, metavar="ID|PATH...")
@library_option
@json_option
def remove(targets: tuple[str, ...], library: Path, as_json: bool) -> None:
    """Take articles out of the library, by id, file, folder or address. The files themselves stay.

    `-` takes out what was read from standard input.
    """
    from index import remove as remove_articles

    gone = remove_articles(targets, library=library)
    if as_json:
        click.echo(json.dumps({"removed": gone}))
    else:
        click.echo(f"Removed {counted(len(gone), 'article')}. Their traces go with: byline index prune")


@index.command()
@library_option
@json_option
def prune(library: Path, as_json: bool) -> None:
    """Clear away older generations, and every trace of what was removed."""
    from index import prune as prune_library

    done = prune_library(library)
    if as_json:
        click.echo(json.dumps(asdict(done)))
    else:
        click.echo(
            f"Cleared away {counted(done.generations, 'generation')} and "
            f"{counted(done.vectors, 'cached vector')}: {size(done.bytes)}"
        )


@index.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@library_option
@patterns_options
@json_option
def watch(
    paths: tuple[str, ...], library: Path, include: tuple[str, ...], exclude: tuple[str, ...], as_json: bool
) -> None:
    """Keep the library in step with files and folders while they change. Ctrl-C ends it."""
    from index import watch as watch_articles

    _refuse_patterns_for_nothing(paths, (*include, *exclude))

    def tell(outcome: "Report | BylineError") -> None:
        if isinstance(outcome, BylineError):
            click.echo(f"Error: {outcome}", err=True)
        else:
            _show_report(outcome, library, dry_run=False, as_json=as_json)

    watch_articles(paths, include=include, exclude=exclude, library=library, built=tell)


@main.command()
@click.argument("question")
@library_option
@click.option("--previous", multiple=True, metavar="QUESTION", help="An earlier question, oldest first.")
@llm_option
@json_option
def ask(question: str, library: Path, previous: tuple[str, ...], llm: str | None, as_json: bool) -> None:
    """Answer QUESTION from the library, with exact quotations."""
    from qa import Assistant, Settings, Turn

    from .stating import state_once

    if question == "-":
        question = _standard_input()
    settings = Settings.load(llm=llm)
    with Assistant.open(library, settings) as assistant:
        state_once(settings)
        assistant.stated = True
        history: list[Turn] = []
        for earlier in previous:
            history.append(Turn(earlier, assistant.ask(earlier, history).text))
        answer = assistant.ask(question, history)
    if as_json:
        click.echo(json.dumps(asdict(answer), indent=2, ensure_ascii=False, default=str))
    else:
        click.echo(answer_text(answer))


@main.group()
def llm() -> None:
    """Look after the model that writes, where one is chosen."""


@llm.command()
@llm_option
@json_option
def check(llm: str | None, as_json: bool) -> None:
    """Make a tiny call to the model, and report."""
    from qa import Settings
    from qa.models.checking import checked
    from qa.models.failures import ModelFailed

    settings = Settings.load(llm=llm)
    settings.check_ready()
    if settings.endpoint is None:
        raise WrongUsage("No model is chosen. Name one: byline llm check --llm ollama/llama3.2")
    try:
        found = checked(settings.endpoint, settings.prompts)
    except ModelFailed as problem:
        raise click.ClickException(one_line(str(problem))) from None
    click.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else checked_text(found))


@llm.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the models that can be chosen on this machine."""
    from qa import Settings
    from qa.models.choices import choices

    found = [choice for choice in choices(Settings.load()) if choice.llm]
    if as_json:
        click.echo(json.dumps([asdict(choice) for choice in found], ensure_ascii=False))
    elif found:
        for choice in found:
            click.echo(one_line(f"{choice.llm}  {choice.statement}".rstrip()))
    else:
        click.echo("No model is served on this machine, and none is chosen in the settings.", err=True)


@main.command("eval")
@click.argument("file", metavar="QUESTIONS")
@library_option
@llm_option
@json_option
def evaluate(file: str, library: Path, llm: str | None, as_json: bool) -> None:
    """Ask the questions of a file whose answers are known, and say how many come out right.

    QUESTIONS is JSON Lines: {"question": "…", "answers": ["…"]}, with [] where the articles do not answer;
    `-` reads it from standard input.
    """
    from qa import Assistant, Settings
    from qa.evaluate import evaluate as ask_all
    from qa.evaluate import summary
    from qa.questions import parsed

    from .evaluation import table
    from .stating import state_once

    questions = parsed(_content(file), "Standard input" if file == "-" else one_line(file))
    settings = Settings.load(llm=llm)
    with (
        Assistant.open(library, settings) as assistant,
        Progress("Asking", len(questions), quiet=as_json) as progress,
    ):
        state_once(settings)
        outcomes = [progress.done(outcome) for outcome in ask_all(assistant, questions)]
    found = summary(outcomes)
    if as_json:
        each = [asdict(outcome) for outcome in outcomes]
        click.echo(json.dumps(asdict(found) | {"each": each}, indent=2, ensure_ascii=False))
    else:
        click.echo(table(found))


@main.command()
@library_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", default=7860, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on."
)
@click.option("--open/--no-open", "open_browser", default=True, help="Open the page in a browser.")
@click.option(
    "--api", is_flag=True, help="Open /api/ask, /api/search, OpenAI's /v1 and Gradio's endpoints to programs."
)
@click.option("--mcp", is_flag=True, help="Open /mcp to agents (Model Context Protocol).")
@click.option(
    "--login/--no-login",
    default=True,
    help="Serve the library's users only, where it has some; --no-login serves whoever reaches the address.",
)
def serve(library: Path, host: str, port: int, open_browser: bool, api: bool, mcp: bool, login: bool) -> None:
    """Open the web chat, and doors for programs where they are asked for."""
    from .app import is_local
    from .app import serve as serve_chat
    from .doors.opened import Doors
    from .users import Users

    if login and not is_local(host) and not Users(library):
        raise WrongUsage(
            f"{host!r} can be reached by others, and the library has no users. "
            "Add one with: byline user add NAME (or let everybody in with --no-login)"
        )

    def tell(address: str) -> None:
        click.echo(f"Byline is at {address} (Ctrl-C ends it)")

    serve_chat(
        library,
        host=host,
        port=port,
        open_browser=open_browser,
        on_ready=tell,
        doors=Doors(api, mcp),
        login=login,
    )


@main.command()
@library_option
def mcp(library: Path) -> None:
    """Serve an agent that starts this command, with MCP over standard input and output."""
    from .doors.mcp_door import check_installed, serve_standard_streams

    check_installed()
    from qa import Assistant

    from .library import Library

    serve_standard_streams(Library(lambda: Assistant.open(library)))


def _content(file: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise WrongUsage(one_line(f"{file} cannot be read: {error.strerror}.")) from None


def _standard_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError:
        raise click.ClickException("The question on standard input is not UTF-8 text.") from None


def _show_report(report: "Report", library: Path, dry_run: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(report), indent=2, ensure_ascii=False))
        return
    for note in report.notes:
        click.echo(f"Note: {one_line(note)}", err=True)
    if report.failures:
        click.echo(failure_lines(report.failures, all=not sys.stderr.isatty()), err=True)
    click.echo(report_text(report, library, dry_run))


main.add_command(user)

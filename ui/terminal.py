"""What the command line prints: progress, the report of a build, an answer."""

import re
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from index.days import readable

if TYPE_CHECKING:
    from index.types import Failure, Report
    from qa.models.checking import Checked
    from qa.types import Answer, Citation

Done = TypeVar("Done")

FAILURES_SHOWN = 20

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_STEPS = {
    "export": "Exporting the encoder",
    "copies": "Looking for copies",
    "clone": "Copying",
    "close": "Storing",
    "check": "Checking",
    "sync": "Sealing",
}


class Progress:
    """A bar on standard error for so many of a thing; none where it is no terminal, or `quiet`."""

    def __init__(
        self, doing: str, total: int | None, *, unit: str = "questions", quiet: bool = False
    ) -> None:
        self._bar: Any = None
        if not quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task(doing, total=total, unit=unit)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def done(self, thing: Done) -> Done:
        """Counts one, and gives it back."""
        self._update(advance=1)
        return thing

    def _update(self, **values: Any) -> None:
        if self._bar is not None:
            self._bar.update(self._task, **values)


class BuildProgress(Progress):
    """That of a build: passages done, rate, time left."""

    def __init__(self, *, quiet: bool = False) -> None:
        super().__init__("Reading", None, unit="files", quiet=quiet)
        self._read = 0
        self._encoding = False

    def reading(self, name: str) -> None:
        self._read += 1
        last = name.rstrip("/").rpartition("/")[2]
        self._update(description=f"Reading {last[:40]}", completed=self._read)

    def encoding(self, total: int) -> None:
        begins = {} if self._encoding else {"completed": 0}
        self._encoding = True
        self._update(description="Encoding", total=total, unit="passages", **begins)

    def encoded(self, passages: int) -> None:
        self._update(advance=passages)

    def step(self, name: str) -> None:
        if name in _STEPS:
            self._update(description=_STEPS[name])


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Passages a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}", markup=False),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def report_text(report: "Report", library: Path, dry_run: bool) -> str:
    """What a build did, or would do, in two or three lines."""
    kinds = ("added", "changed", "moved", "removed", "unchanged", "stale", "failed")
    counts = ", ".join(f"{getattr(report, kind):,} {kind}" for kind in kinds if getattr(report, kind))
    if dry_run:
        return f"Would be: {counts or 'nothing'}. Nothing was written."
    if not (
        report.added or report.changed or report.moved or report.removed or report.encoded or report.remade
    ):
        head = "Nothing changed." if report.failed else "Nothing to do: the library is in step."
    else:
        head = f"Done in {report.seconds:.1f} s."
    if report.remade:
        head += f" All passages were made anew ({report.remade})."
    held = f"{report.articles:,} articles, {report.passages:,} passages ({report.encoded:,} encoded now)"
    return f"{head} {_sentence(counts)}\n{held} in {one_line(str(library))}"


def root_text(root: str, patterns: dict[str, Sequence[str]] | None) -> str:
    """A root with its patterns, as a command line would name it."""
    given = patterns or {}
    options = [word for name in given for glob in given[name] for word in (f"--{name}", glob)]
    return one_line(shlex.join([root, *options]) if options else root)


def failure_lines(failures: "Sequence[Failure]", *, all: bool = False) -> str:
    """One line a source that failed; unless `all` are wanted, a count of those beyond the first twenty."""
    shown = failures if all else failures[:FAILURES_SHOWN]
    lines = [one_line(f"Failed: {failure.source}: {failure.reason}") for failure in shown]
    if len(failures) > len(shown):
        lines.append(f"… and {len(failures) - FAILURES_SHOWN:,} more (all with --json)")
    return "\n".join(lines)


def answer_text(answer: "Answer") -> str:
    """An answer and its sources, as plain text."""
    from qa.markdown import plain

    parts = [plain(answer.text)]
    if answer.citations:
        parts.append("\n".join(_source_line(citation) for citation in answer.citations))
    parts += answer.notes
    return _printable("\n\n".join(parts))


def checked_text(found: "Checked") -> str:
    """What a tiny call of a model came to."""
    counts = f", {found.tokens_in:,} tokens in, {found.tokens_out:,} out" if found.tokens_in else ""
    lines = [
        f"{found.llm} at {found.host} answers: {found.said}",
        f"{found.first:.2f} s to the first word, {found.seconds:.2f} s in all{counts}",
        found.statement or "It is on this machine: nothing is sent away.",
    ]
    return "\n".join(map(one_line, lines))


def _source_line(citation: "Citation") -> str:
    day = citation.published and readable(citation.published)
    facts = [part for part in (citation.title, citation.site, day) if part]
    place = citation.link or f"characters {citation.start}-{citation.end} of {citation.article_id}"
    return f"[{citation.marker}] {', '.join(facts)}\n    {place}"


def counted(number: int, thing: str) -> str:
    """ "1 article", "2 articles"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _sentence(counts: str) -> str:
    return f"{counts[0].upper()}{counts[1:]}." if counts else ""


def one_line(text: str) -> str:
    """With a question mark for each character that would end the line or drive the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _printable(text: str) -> str:
    """Without the control characters that could drive a terminal."""
    return _CONTROLS.sub(" ", text)

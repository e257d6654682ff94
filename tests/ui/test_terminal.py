"""What the command line prints: counts, failures, an answer, progress."""

import io
import re
from datetime import date
from pathlib import Path

import pytest

from index.types import Failure, Report
from qa import Answer, Citation
from ui.terminal import FAILURES_SHOWN, BuildProgress, answer_text, failure_lines, one_line, report_text

LIBRARY = Path("/home/ada/library")


@pytest.mark.parametrize(
    ("report", "said"),
    [
        pytest.param(
            Report(added=1200, failed=1, passages=5100, encoded=5100, seconds=61.26, articles=1200),
            "Done in 61.3 s. 1,200 added, 1 failed.\n"
            "1,200 articles, 5,100 passages (5,100 encoded now) in /home/ada/library",
            id="first build",
        ),
        pytest.param(
            Report(changed=1, moved=2, removed=3, unchanged=4, stale=5, passages=9, encoded=1, articles=12),
            "Done in 0.0 s. 1 changed, 2 moved, 3 removed, 4 unchanged, 5 stale.\n"
            "12 articles, 9 passages (1 encoded now) in /home/ada/library",
            id="every kind",
        ),
        pytest.param(
            Report(unchanged=4, passages=9, articles=4),
            "Nothing to do: the library is in step. 4 unchanged.\n"
            "4 articles, 9 passages (0 encoded now) in /home/ada/library",
            id="nothing to do",
        ),
        pytest.param(
            Report(unchanged=4, passages=9, encoded=9, seconds=2.0, articles=4, remade="another encoder"),
            "Done in 2.0 s. All passages were made anew (another encoder). 4 unchanged.\n"
            "4 articles, 9 passages (9 encoded now) in /home/ada/library",
            id="another encoder",
        ),
    ],
)
def test_a_report_says_what_was_done_and_what_is_there(report: Report, said: str) -> None:
    assert report_text(report, LIBRARY, dry_run=False) == said


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report(added=2, removed=1), "Would be: 2 added, 1 removed. Nothing was written."),
        (Report(), "Would be: nothing. Nothing was written."),
    ],
)
def test_a_dry_run_says_what_would_be_done(report: Report, said: str) -> None:
    assert report_text(report, LIBRARY, dry_run=True) == said


def test_each_failure_is_a_line() -> None:
    failures = [Failure("a.md", "is empty"), Failure("b.md", "does not exist")]
    assert failure_lines(failures) == "Failed: a.md: is empty\nFailed: b.md: does not exist"


@pytest.mark.parametrize(
    ("more", "lines"), [(0, FAILURES_SHOWN), (1, FAILURES_SHOWN + 1), (1980, FAILURES_SHOWN + 1)]
)
def test_only_the_first_failures_are_shown_and_the_others_counted(more: int, lines: int) -> None:
    failures = [Failure(f"{n}.md", "is empty") for n in range(FAILURES_SHOWN + more)]
    shown = failure_lines(failures).splitlines()
    assert len(shown) == lines
    assert shown[FAILURES_SHOWN - 1] == f"Failed: {FAILURES_SHOWN - 1}.md: is empty"
    assert shown[FAILURES_SHOWN:] == ([f"… and {more:,} more (all with --json)"] if more else [])
    assert len(failure_lines(failures, all=True).splitlines()) == FAILURES_SHOWN + more


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a?b"),
        ("a\x1b[31mb", "a?[31mb"),
        ("caf\udce9", "caf?"),
        ("Café 光 🏠.md", "Café 光 🏠.md"),
    ],
    ids=["newline", "escape", "not UTF-8", "letters"],
)
def test_a_name_stays_on_one_line_and_drives_no_terminal(text: str, shown: str) -> None:
    assert one_line(text) == shown
    assert failure_lines([Failure(text, "is empty")]) == f"Failed: {shown}: is empty"
    assert failure_lines([Failure("a.md", f"has {text}")]) == f"Failed: a.md: has {shown}"


# Answers

LAMP = Citation(
    1, "lamp", "The lamp", "https://quay.example/lamp", "The Quay", date(2024, 5, 1), "It burned.", 5, 15
)
CLOCK = Citation(2, "clock-id", "The clock", None, None, None, "It *stopped*.", 40, 53)


def test_an_answer_is_followed_by_its_sources() -> None:
    answer = Answer(
        "?", "It burned. [1]\n\nIt \\*stopped\\*. [2]", citations=(LAMP, CLOCK), notes=("It was late.",)
    )
    assert answer_text(answer) == (
        "It burned. [1]\n\n"
        "It *stopped*. [2]\n\n"
        "[1] The lamp, The Quay, 1 May 2024\n"
        "    https://quay.example/lamp#:~:text=It%20burned.\n"
        "[2] The clock\n"
        "    characters 40-53 of clock-id\n\n"
        "It was late."
    )


def test_an_answer_without_sources_is_its_text() -> None:
    assert answer_text(Answer("?", "Nothing **there**.")) == "Nothing there."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b]0;owned\x07 \x9b31m", " ]0;owned   31m", id="what drives a terminal"),
        pytest.param("a\rb\x08c\x7f", "a b c ", id="what overwrites"),
        pytest.param("half \ud83d", "half  ", id="half a surrogate pair"),
        pytest.param("👩‍🔧 نمی‌خواهم", "👩‍🔧 نمی‌خواهم", id="joiners stay"),
        pytest.param("5\u00a0km\tthere\n", "5\u00a0km\tthere\n", id="spaces stay"),
    ],
)
def test_an_answer_is_shown_without_what_drives_a_terminal(text: str, shown: str) -> None:
    assert answer_text(Answer("?", text)) == shown


# Progress


ESCAPES = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")


class Screen(io.StringIO):
    """A terminal that keeps all that was ever written to it."""

    def isatty(self) -> bool:
        return True


def built(progress: BuildProgress) -> None:
    """What a build of one file with three passages tells."""
    with progress:
        progress.step("read")
        progress.reading("articles/lamp[bold].md")
        progress.step("encode")
        progress.encoding(3)
        progress.encoded(2)
        progress.encoded(1)
        progress.step("close")
        progress.step("done")


def shown_on(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """Standard error from now on. (Not by a fixture: pytest puts its own there before each test.)"""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stderr", screen)
    return screen


def test_progress_shows_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown_on(Screen(), monkeypatch)
    drawn: list[str] = []
    update = BuildProgress._update

    def drawing(self: BuildProgress, *values: object, **named: object) -> None:
        update(self, *values, **named)  # type: ignore[arg-type]
        self._bar.refresh()
        drawn.append(ESCAPES.sub("", screen.getvalue()))

    monkeypatch.setattr(BuildProgress, "_update", drawing)
    built(BuildProgress())
    assert "Reading lamp[bold].md" in drawn[0] and "1/? files" in drawn[0]
    assert "Encoding" in drawn[1] and "0/3" in drawn[1] and "passages" in drawn[1]
    assert "2/3" in drawn[2] and "3/3" in drawn[3]
    assert "Storing" in drawn[4]


def test_progress_is_silent_where_it_is_told_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown_on(Screen(), monkeypatch)
    built(BuildProgress(quiet=True))
    assert screen.getvalue() == ""


def test_progress_is_silent_where_nobody_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    file = shown_on(io.StringIO(), monkeypatch)
    built(BuildProgress())
    assert file.getvalue() == ""


def test_the_bar_ends_when_the_build_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    shown_on(Screen(), monkeypatch)
    progress = BuildProgress()
    with pytest.raises(RuntimeError, match="disk full"), progress:
        assert progress._bar.live.is_started
        raise RuntimeError("disk full")
    assert not progress._bar.live.is_started

"""A folder of bad files, read by the real command line: one line each, and all that is good is indexed."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from index.errors import SourceError
from index.readers import read_page
from index.reading import Index
from index.seal import check
from index.types import Failure
from tests.index.readers.bad_files import SECRET, bad_files
from tests.index.readers.odd_files import Corpus, make
from ui.cli import main
from ui.terminal import one_line

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="its files cannot be made there")]

BYLINE = str(Path(sys.executable).with_name("byline"))
SECONDS, MEGABYTES = 150, 2000
"""The memory is what a build of any size may take: 0.7 GB were measured in float32, 1.5 GB in bfloat16."""
TAKES_LONG = "slow.html"
BAD = bad_files()


class Built(NamedTuple):
    """A build of the corpus, and what it has cost."""

    corpus: Corpus
    library: Path
    code: int
    said: list[str]
    seconds: float
    megabytes: float


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    home = tmp_path_factory.mktemp("bad")
    corpus, library = make(home), home / "library"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BYLINE_")}
    environment["XDG_CONFIG_HOME"] = str(home)
    command = [BYLINE, "index", "build", str(corpus.folder), "--library", str(library)]
    began = time.monotonic()
    with (home / "said").open("w+b") as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().decode().split("\n")
    assert lines.pop() == ""
    seconds, megabytes = time.monotonic() - began, usage.ru_maxrss / 1000
    return Built(corpus, library, process.returncode, lines, seconds, megabytes)


def test_the_corpus_is_large_enough(built: Built) -> None:
    assert len(built.corpus.bad) + len(built.corpus.odd) >= 60


def test_a_build_with_bad_files_is_done_in_part(built: Built) -> None:
    assert built.code == 3, built.said


def test_there_is_one_line_for_each_bad_file_and_none_else(built: Built) -> None:
    left = list(built.said)
    wrong = []
    reasons = {**{name: each.reason for name, each in built.corpus.bad.items()}, **built.corpus.odd}
    for name, reason in reasons.items():
        shown = one_line(f"Failed: {built.corpus.folder}/{name.translate({0x1B: None, 7: None})}")
        shown = shown.replace("not?utf8", "not\ufffdutf8")
        lines = [line for line in left if line.startswith((f"{shown}: ", f"{shown}/"))]
        if len(lines) != 1 or reason not in lines[0]:
            wrong.append((name, reason, lines))
        left = [line for line in left if line not in lines]
    assert (wrong, left) == ([], [])


def test_no_line_drives_the_terminal_or_is_a_traceback(built: Built) -> None:
    assert all(line.isprintable() for line in built.said)
    assert not any("Traceback" in line or "Error" in line for line in built.said)


def test_everything_good_is_indexed_and_nothing_else(built: Built) -> None:
    listing = [BYLINE, "index", "list", "--json", "--library", str(built.library)]
    listed = subprocess.run(listing, capture_output=True, text=True, check=True)
    found = Counter(os.path.relpath(row["source"], built.corpus.folder) for row in json.loads(listed.stdout))
    expected = Counter({name: 1 for name in built.corpus.good})
    expected.update({name: each.articles for name, each in built.corpus.bad.items() if each.articles})
    assert found == expected


def test_nothing_outside_the_folder_is_read(built: Built) -> None:
    with Index.open(built.library) as index:
        texts = [article.text for row in index.listing() if (article := index.article(row.id))]
    assert texts and not any(SECRET in text for text in texts)


def test_time_and_memory_are_bounded(built: Built) -> None:
    assert built.seconds < SECONDS
    assert built.megabytes < MEGABYTES


@pytest.fixture
def quick(encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds in this process, with one worker for all of them."""
    monkeypatch.setattr("index.pipeline.open_encoder", lambda name, threads=0: encoder)
    monkeypatch.setattr("index.pipeline.check_apart", check)
    monkeypatch.setattr("index.survey.dismiss", lambda: None)


NAMED = [name for name, each in BAD.items() if not each.articles and name != TAKES_LONG]


@pytest.mark.parametrize(
    "name", [*NAMED, "pipe.md", "socket.txt", "loop.txt", "dangling.md", "zero.txt"], ids=ascii
)
def test_a_bad_file_that_is_named_is_an_error_of_one_line(
    built: Built, quick: None, tmp_path: Path, name: str
) -> None:
    arguments = ["index", "build", str(built.corpus.folder / name), "--library", str(tmp_path / "library")]
    done = CliRunner().invoke(main, arguments)
    assert isinstance(done.exception, SystemExit) and done.exit_code == 1, done.exception
    assert len(done.stderr.splitlines()) == 1 and done.stderr.rstrip("\n").isprintable()
    reason = BAD[name].reason if name in BAD else {**built.corpus.odd, "zero.txt": "is a device"}[name]
    assert reason in done.stderr or "not text" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", [name for name in BAD if name != TAKES_LONG], ids=ascii)
def test_the_same_when_it_is_fetched(name: str) -> None:
    """As text/plain, too, whatever it is."""
    content = BAD[name].content
    body = content if isinstance(content, bytes) else content.encode()
    for content_type in (None, "text/plain"):
        failures: list[Failure] = []
        try:
            list(read_page(body, f"https://quay.example/{name}", content_type, "utf-8", failures.append))
        except SourceError as error:
            failures.append(Failure(error.source, error.reason))
        assert all(failure.reason.isprintable() for failure in failures)
        assert failures or content_type or name.endswith(".gz")

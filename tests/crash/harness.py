"""Kills builds and readers with SIGKILL, and looks whether anything is torn.

    python tests/crash/harness.py [--random N] [--each-step N] [--serving N] [--seed N]

A set of articles is rewritten before every build, all of them to the next edition, so an answer that mixes
editions, or a text that is not what its edition says, is torn. `--random` kills fall anywhere between
the first write and the swap; `--each-step` more fall into each named step. All the while a second process
asks, and must never meet an error. After each kill the library is opened and checked whole, then the next
build must succeed unaided and leave no litter. `--serving` kills the process that asks instead.

Prints a table, then one line of JSON. Ends with code 1 where anything was torn or went wrong.
"""

import argparse
import importlib.util
import json
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from index import encode
from index.pipeline import build
from index.progress import STEPS, NoProgress
from index.reading import Index
from index.seal import check

ARTICLES = 12
_EDITION = re.compile(r"edition (\d+)")
KILLABLE = STEPS[1:-1]
"""From the draft, which is the first write, to the swap."""
QUICK = {"seal": 2, "swap": 4}
"""Steps of a millisecond, and how often each syncs or replaces a file."""

processes = multiprocessing.get_context("forkserver")


@dataclass
class Outcome:
    """What was counted. `fell` says in which step each kill fell; "-" is after the last."""

    kills: int = 0
    fell: Counter[str] = field(default_factory=Counter)
    torn: int = 0
    build_errors: int = 0
    litter: int = 0
    asked: int = 0
    asking_errors: int = 0
    mixed_answers: int = 0
    serving_kills: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        wrong = (self.torn, self.build_errors, self.litter, self.asking_errors, self.mixed_answers)
        return not any(wrong)


def quick_encoder() -> Any:
    """The tests' own encoder, which is defined beside their fixtures."""
    path = Path(__file__).parent.parent / "conftest.py"
    spec = importlib.util.spec_from_file_location("quick", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["quick"] = module
    spec.loader.exec_module(module)
    from index.embed import bundled_folder
    from index.tokens import WordPieces

    return module.BagOfWords(WordPieces(bundled_folder() / "tokenizer.json", 256))


def write_edition(folder: Path, number: int) -> None:
    """All articles, as they are in that edition."""
    folder.mkdir(exist_ok=True)
    for article in range(ARTICLES):
        paragraphs = [
            f"Paragraph {part} of article {article} belongs to edition {number}. "
            f"It tells of lighthouse {article * 7 + part} and of nothing else."
            for part in range(3)
        ]
        text = f"Article {article}\n\n" + "\n\n".join(paragraphs) + "\n"
        (folder / f"{article}.txt").write_text(text, encoding="utf-8")


def edition_of(texts: list[str]) -> int | None:
    """The one edition that all texts are of; None where they are of several, or say none."""
    numbers = {number for text in texts for number in _EDITION.findall(text)}
    return int(numbers.pop()) if len(numbers) == 1 else None


class Telling(NoProgress):
    """Sends the name of each step as it begins. In step `die[0]` it kills its own process just before
    the `die[1]`-th time that a file is synced or replaced, or, for 0, at once: that is too quick to be hit
    from outside."""

    def __init__(self, connection: Connection, die: tuple[str, int] | None) -> None:
        self._connection = connection
        self._die = die

    def step(self, name: str) -> None:
        self._connection.send(name)
        if self._die is not None and self._die[0] == name:
            self._left = self._die[1]
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            os.fsync, os.replace = self._deadly(os.fsync), self._deadly(os.replace)

    def _deadly(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self._left -= 1
            return call(*arguments)

        return counted


def building(articles: Path, library: Path, connection: Connection, die: tuple[str, int] | None) -> None:
    """One build, in a process of its own, which encodes while it reads."""
    encode.WINDOW = ARTICLES // 4
    build(articles, library=library, encoder=quick_encoder(), progress=Telling(connection, die))
    connection.send("finished")


def asking(library: Path, connection: Connection) -> None:
    """Asks until told to stop; sends (asked, errors, answers of more than one edition, problems)."""
    asked, errors, mixed = 0, 0, 0
    problems: list[str] = []
    with Index.open(library, encoder=quick_encoder()) as index:
        connection.send("ready")
        while not connection.poll():
            try:
                with index.pinned() as snapshot:
                    from index.search import search

                    hits = search(snapshot, [f"lighthouse {random.randrange(80)}"], 8, None)
                    whole = all(
                        snapshot.article(hit.passage.article_id).text[hit.passage.start : hit.passage.end]
                        == hit.passage.text
                        for hit in hits
                    )
                if not hits or not whole or edition_of([hit.passage.text for hit in hits]) is None:
                    mixed += 1
            except Exception as error:
                errors += 1
                problems.append(repr(error))
            asked += 1
            time.sleep(0.02)
    connection.send((asked, errors, mixed, problems[:5]))


class Harness:
    """One library, its articles, and what was seen so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.articles, self.library = folder / "articles", folder / "library"
        self.random = random.Random(seed)
        self.encoder = quick_encoder()
        self.outcome = Outcome()
        self.edition = 0
        self.seconds: dict[str, float] = {}

    def run_build(
        self, kill: Callable[[str, float], float | None] | None = None, die: tuple[str, int] | None = None
    ) -> str:
        """Rewrites the articles and builds; the last step begun. `kill` is told each step as it begins,
        and how long it took when nobody interfered; it answers in how many seconds to kill, or None.
        `die` is as Telling has it."""
        self.edition += 1
        write_edition(self.articles, self.edition)
        here, there = processes.Pipe()
        child = processes.Process(target=building, args=(self.articles, self.library, there, die))
        child.start()
        there.close()
        last, began, deadline = "", time.monotonic(), None
        while True:
            if deadline is not None and time.monotonic() >= deadline:
                child.kill()
                deadline = None
            try:
                if not here.poll(0.001 if deadline else 0.05):
                    continue
                step = here.recv()
            except (EOFError, ConnectionResetError):
                break
            now = time.monotonic()
            if kill is None and die is None and last:
                self.seconds[last] = now - began
            last, began = step, now
            if kill is not None and deadline is None:
                wait = kill(step, self.seconds.get(step, 0.01))
                deadline = None if wait is None else now + wait
        child.join()
        return last

    def good_build(self) -> None:
        """A build that nobody disturbs: it must succeed, serve what it read, and leave no litter."""
        last = self.run_build()
        if last != "finished":
            self.outcome.build_errors += 1
            self.outcome.problems.append(f"a build ended in step {last!r}")
            return
        self.check_whole(expected=self.edition)
        if len(self.idle()) > 1:  # one that was read when this build began is for the next to remove
            time.sleep(3)
            self.run_build()
            if len(self.idle()) > 1:
                self.outcome.litter += 1
                self.outcome.problems.append(f"left over: {sorted(self.idle())}")

    def idle(self) -> set[str]:
        """The generations that neither serve nor are read; one, that before the current, is to be kept."""
        names = {path.name for path in (self.library / "generations").iterdir()}
        current = (self.library / "CURRENT").read_text(encoding="utf-8").strip()
        leased = {path.name.partition(".")[0] for path in (self.library / "readers").glob("*")}
        return names - {current} - leased

    def check_whole(self, expected: int | None = None) -> None:
        """Opens the library as a newcomer does, and compares all its stores."""
        try:
            with Index.open(self.library, encoder=self.encoder) as index, index.pinned() as snapshot:
                check(snapshot.folder)
                texts = [article.text for article in snapshot.catalog.articles()]
                current = (self.library / "CURRENT").read_text(encoding="utf-8").strip()
                edition = edition_of(texts)
                right = edition is not None and len(texts) == ARTICLES and snapshot.name == current
                if not right or (expected is not None and edition != expected):
                    raise AssertionError(f"{len(texts)} articles of edition {edition}, {snapshot.name}")
        except Exception as error:
            self.outcome.torn += 1
            self.outcome.problems.append(f"torn: {error!r}")

    def killed_build(
        self, kill: Callable[[str, float], float | None] | None, die: tuple[str, int] | None = None
    ) -> None:
        last = self.run_build(kill, die)
        self.outcome.kills += 1
        self.outcome.fell["-" if last in ("done", "finished") else last] += 1
        self.check_whole()

    def kill_at_random(self) -> None:
        """Anywhere between the first write and the swap, each moment as likely as any other."""
        span = sum(self.seconds.get(step, 0.0) for step in KILLABLE)
        moment = self.random.uniform(0, span)
        self.killed_build(lambda step, _: moment if step == KILLABLE[0] else None)

    def kill_in(self, wanted: str, at_once: bool) -> None:
        """Somewhere within one step, or as it begins."""
        if at_once:
            self.killed_build(None, (wanted, 0))
            return
        if wanted in QUICK:
            self.killed_build(None, (wanted, self.random.randrange(QUICK[wanted])))
            return
        part = self.random.random()
        self.killed_build(lambda step, seconds: part * seconds if step == wanted else None)

    def kill_serving(self) -> None:
        """Kills the process that asks, somewhere in its first half second of asking."""
        here, there = processes.Pipe()
        child = processes.Process(target=asking, args=(self.library, there))
        child.start()
        here.recv()
        time.sleep(self.random.uniform(0, 0.5))
        child.kill()
        child.join()
        self.outcome.serving_kills += 1
        self.check_whole(expected=self.edition)


def run(folder: Path, at_random: int, each_step: int, serving: int, seed: int) -> Outcome:
    harness = Harness(folder, seed)
    harness.good_build()
    here, there = processes.Pipe()
    reader = processes.Process(target=asking, args=(harness.library, there))
    reader.start()
    here.recv()
    for _ in range(at_random):
        harness.kill_at_random()
        harness.good_build()
    for step in KILLABLE:
        wanted = harness.outcome.fell[step] + each_step
        for attempt in range(3 * each_step):  # some fall into the next step
            if harness.outcome.fell[step] < wanted:
                harness.kill_in(step, at_once=attempt >= 2 * each_step)
                harness.good_build()
    here.send("stop")
    outcome = harness.outcome
    outcome.asked, outcome.asking_errors, outcome.mixed_answers, problems = here.recv()
    outcome.problems += problems
    reader.join()
    for _ in range(serving):
        harness.kill_serving()
    return outcome


def table(outcome: Outcome) -> str:
    lines = ["| step | kills that fell there |", "| --- | --- |"]
    lines += [f"| {step} | {outcome.fell[step]} |" for step in (*KILLABLE, "-") if outcome.fell[step]]
    lines.append(
        f"\n{outcome.kills} builds killed: {outcome.torn} torn, {outcome.build_errors} next builds failed, "
        f"{outcome.litter} left litter. {outcome.asked} questions meanwhile: {outcome.asking_errors} errors, "
        f"{outcome.mixed_answers} answers not of one generation. {outcome.serving_kills} readers killed."
    )
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--random", type=int, default=200)
    options.add_argument("--each-step", type=int, default=10)
    options.add_argument("--serving", type=int, default=50)
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    processes.set_forkserver_preload(["index.pipeline", "index.reading", "tokenizers", "pytest"])
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), chosen.random, chosen.each_step, chosen.serving, chosen.seed)
    print(table(outcome))
    for problem in outcome.problems[:20]:
        print("problem:", problem)
    print(json.dumps({**vars(outcome), "fell": dict(outcome.fell)}))
    sys.exit(0 if outcome.clean else 1)


if __name__ == "__main__":
    main()

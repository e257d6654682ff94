"""Whatever a person does to a folder, in whatever order, and wherever builds are killed: the library serves
what the folder held at its last whole build. Hypothesis makes up the orders; a plain dict says what is right.

50 sequences here; `make crash` runs 500 (BYLINE_EXAMPLES).
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from index.errors import NothingToIndex
from index.progress import STEPS

EXAMPLES = int(os.environ.get("BYLINE_EXAMPLES", "50"))
NAMES = ["one.md", "two.md", "three.md", "below/one.md", "below/deep/four.md", "fünf.md"]
BINARY = b"\x00\x01\x02\x03 no text \xff\xfe\x00" * 9


@dataclass(frozen=True)
class Indexed:
    """What the library must hold of one file."""

    text: str
    stale: bool = False


class Keeping(RuleBasedStateMachine):
    """One folder, its library, and the model of both: `files` as they lie there (None: unreadable), and
    `indexed` as the last whole build found them (None: there is no library yet)."""

    def __init__(self, shelf: Any, harness: Any, kills: Counter[str]) -> None:
        super().__init__()
        self.shelf, self.harness, self.kills = shelf, harness, kills
        self.files: dict[str, str | None] = {}
        self.indexed: dict[str, Indexed] | None = None
        self.written = 0

    # What a person does

    @rule(name=st.sampled_from(NAMES), paragraphs=st.integers(1, 3))
    def write(self, name: str, paragraphs: int) -> None:
        """A new file, or another text in one that is there."""
        self.written += 1
        words = [f"Paragraph {n} tells of lamp{self.written}x{n}." for n in range(paragraphs)]
        self.files[name] = "\n\n".join(words)
        self.shelf.write({name: self.files[name]})

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def append(self, data: st.DataObject) -> None:
        name = self._any(data)
        if self.files[name] is not None:
            self.written += 1
            self.files[name] = f"{self.files[name]}\n\nIt was corrected: lamp{self.written}x9."
            self.shelf.write({name: self.files[name]})

    @precondition(lambda self: self.files)
    @rule(data=st.data(), to=st.sampled_from(NAMES))
    def rename(self, data: st.DataObject, to: str) -> None:
        name = self._any(data)
        if name != to:
            (self.shelf.articles / to).parent.mkdir(parents=True, exist_ok=True)
            (self.shelf.articles / name).replace(self.shelf.articles / to)
            self.files[to] = self.files.pop(name)

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        name = self._any(data)
        (self.shelf.articles / name).unlink()
        del self.files[name]

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def corrupt(self, data: st.DataObject) -> None:
        name = self._any(data)
        self.files[name] = None
        self.shelf.write({name: BINARY})

    @precondition(lambda self: self.files)
    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        (self.shelf.articles / self._any(data)).touch()

    # What Byline does

    @rule()
    def build(self) -> None:
        ids = self._ids()
        if self.expected() is None:
            with pytest.raises(NothingToIndex):
                self.shelf.build()
            return
        report = self.shelf.build()
        expected = self.expected()
        assert expected is not None
        assert report.failed == sum(text is None for text in self.files.values())
        assert report.stale == sum(article.stale for article in expected.values())
        self._moved(ids, expected)
        self.indexed = expected
        self._compare()
        current = self.shelf.current
        again = self.shelf.build()
        assert (again.encoded, again.added, again.changed, again.moved, again.removed) == (0, 0, 0, 0, 0)
        assert self.shelf.current == current

    @precondition(lambda self: self.expected() is not None)
    @rule(step=st.sampled_from(STEPS[1:-1]), sync=st.integers(0, 3))
    def kill(self, step: str, sync: int) -> None:
        """kill -9 as a step begins (0), or before the `sync`-th file synced or replaced from there."""
        before = self._served()
        _heard, there = self.harness.processes.Pipe()
        arguments = (self.shelf.articles, self.shelf.path, there, (step, sync))
        child = self.harness.processes.Process(target=self.harness.building, args=arguments)
        child.start()
        there.close()
        child.join()
        self.kills[step] += child.exitcode == -signal.SIGKILL
        if self._served() != before:
            self.indexed = self.expected()
        self._compare()

    @precondition(lambda self: self.indexed is not None)
    @rule(lamp=st.integers(1, 12), n=st.sampled_from([0, 1, 2, 9]))
    def query(self, lamp: int, n: int) -> None:
        """A word is found where it stands, and nowhere else."""
        word = f"lamp{lamp}x{n}."
        holding = {article.text for article in self.indexed.values() if word in article.text}
        with self.shelf.open() as index:
            hits = index.search(f"What tells of {word}", 10)
            texts = {index.article(hit.passage.article_id).text for hit in hits}
        assert texts <= {article.text for article in self.indexed.values()}
        assert holding <= texts

    # The model

    def expected(self) -> dict[str, Indexed] | None:
        """What a build has to make of the files that lie there now; None where it makes nothing."""
        old = self.indexed or {}
        new = {name: Indexed(text) for name, text in self.files.items() if text is not None}
        for name, text in self.files.items():
            if text is None and name in old:
                new[name] = replace(old[name], stale=True)
        return None if self.indexed is None and not new else new

    def _served(self) -> str | None:
        """The generation that readers get, None where there is none."""
        try:
            return self.shelf.current
        except FileNotFoundError:
            return None

    def _any(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.files)))

    def _ids(self) -> dict[str, str]:
        return {} if self.indexed is None else self.shelf.ids()

    def _moved(self, ids: dict[str, str], expected: dict[str, Indexed]) -> None:
        """An article whose file was renamed, and not edited, has kept its id."""
        gone = {
            article.text: name for name, article in (self.indexed or {}).items() if name not in self.files
        }
        for name, article in expected.items():
            if name not in (self.indexed or {}) and article.text in gone:
                assert self.shelf.ids()[name] == ids[gone[article.text]]

    def _compare(self) -> None:
        """The library holds what the model says, in every store."""
        if self.indexed is None:
            assert self._served() is None
            return
        with self.shelf.open() as index, index.pinned() as snapshot:
            self.harness.check(snapshot.folder)
            assert snapshot.name == self._served()
            found = {
                os.path.relpath(article.source, self.shelf.articles): article.text
                for article in snapshot.catalog.articles()
            }
        assert found == {name: article.text for name, article in self.indexed.items()}
        assert self.shelf.stale() == {name for name, article in self.indexed.items() if article.stale}


@pytest.mark.slow
def test_what_a_first_build_sealed_is_there_though_it_was_killed_before_it_said_so(
    library: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    import harness

    state = Keeping(library(), harness, Counter())
    state.files["one.md"] = "The lamp was lit."
    state.shelf.write(state.files)
    state.kill(step="swap", sync=0)
    assert state.kills["swap"] == 1 and not (state.shelf.path / "CURRENT").exists()
    state.shelf.write({"one.md": BINARY})
    report = state.shelf.build()
    assert (report.stale, report.failed, report.articles) == (1, 1, 1)
    assert state.shelf.stale() == {"one.md"}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_library_serves_what_the_folder_held_at_its_last_whole_build(
    library: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    import harness

    harness.processes.set_forkserver_preload(["index.pipeline", "index.reading", "tokenizers", "pytest"])
    made, kills = iter(range(sys.maxsize)), Counter[str]()
    run_state_machine_as_test(
        lambda: Keeping(library(name=f"shelf{next(made)}"), harness, kills),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )
    assert kills.total() >= EXAMPLES / 5, kills

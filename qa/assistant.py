"""The read path on one screen: check, understand, search, weigh, write, cite."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import mean
from types import TracebackType

from index.filters import Filter
from index.reading import Index
from index.settings import default_library

from . import timely
from .answering import found_for
from .asked import understood
from .conversation import with_a_model
from .errors import QuestionError
from .models.privacy import statement
from .reader import the_reader
from .settings import Settings
from .suggest import suggestions
from .types import Answer, Citation, Turn, Usage
from .writers import WITH_A_MODEL, WRITERS, Finding, Reading, Written


class Assistant:
    """Answers questions over one library. Thread-safe; a context manager; keep it open.

    `stated`: that questions leave the machine, where they do, was said, or need not be said in a note.
    """

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self.settings = settings
        self.stated = False
        self._statements: set[str] = set()

    @classmethod
    def open(cls, library: str | Path | None = None, settings: Settings | None = None) -> "Assistant":
        """LibraryNotFound and the other LibraryErrors where it cannot be read, SettingsError where the model
        that is to write cannot be asked, each saying what to do."""
        settings = settings or Settings.load()
        settings.check_ready()
        return cls(Index.open(library or default_library(), settings.index), settings)

    def load(self) -> None:
        """Has in memory, from now on, what an answer needs; else the first question waits for it."""
        self.index.load()
        the_reader(self.settings.index.threads)
        understood("What was there last week?", (), date.today())  # loads dateparser

    def reply(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        scope: Filter | None = None,
        settings: Settings | None = None,
    ) -> "Reply":
        """The answer, to be iterated for its pieces. Nothing is searched before the first is asked for.

        Only articles within `scope` are read, and `settings` take the place of the assistant's own, for this
        question. QuestionError where the question is empty or too long.
        """
        settings = settings or self.settings
        question = _storable(question).strip()
        longest = settings.question_characters
        if not question:
            raise QuestionError("The question is empty.", "Ask something, such as: Who was it, and when?")
        if len(question) > longest:
            raise QuestionError(
                f"The question has {len(question):,} characters; {longest:,} is the most.", "Shorten it."
            )
        turns = tuple(Turn(_storable(turn.question), _storable(turn.answer)) for turn in history)
        return Reply(self, question, turns, scope, settings)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        scope: Filter | None = None,
        settings: Settings | None = None,
    ) -> Answer:
        """`reply` in one call."""
        return self.reply(question, history, scope=scope, settings=settings).answer()

    def suggestions(self, n: int = 4) -> list[str]:
        """Questions that this library can answer, to begin with."""
        return suggestions(self.index, n)

    def _said_once(self, statement: str) -> list[str]:
        """What leaves the machine, and where to, the first time that something goes there."""
        if self.stated or not statement or statement in self._statements:
            return []
        self._statements.add(statement)
        return [statement]

    def close(self) -> None:
        self.index.close()

    def __enter__(self) -> "Assistant":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Reply:
    """One answer on its way. Iterating gives its pieces; joined, they are `answer().text`.

    For one thread at a time, but for `close`, which may come from any: what was not read is then never worked
    out, and a model that is being asked is left within a second.
    """

    def __init__(
        self,
        assistant: Assistant,
        question: str,
        history: tuple[Turn, ...],
        scope: Filter | None,
        settings: Settings,
    ) -> None:
        self._written = Written()
        self._answer: Answer | None = None
        self._pieces = self._run(assistant, question, history, scope, settings)

    def __iter__(self) -> Iterator[str]:
        return self._pieces

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those of the markers so far; a marker's citation is here before its piece is."""
        return self._written.citations.all()

    def answer(self) -> Answer:
        """The whole answer; reads what is left of the pieces. ValueError after `close` came too early."""
        for _ in self._pieces:
            pass
        if self._answer is None:
            raise ValueError("this reply was closed before it was read to its end")
        return self._answer

    def close(self) -> None:
        self._written.call.cancelled.set()
        with suppress(ValueError):  # another thread is reading it, and ends it
            self._pieces.close()

    def _run(
        self,
        assistant: Assistant,
        question: str,
        history: tuple[Turn, ...],
        scope: Filter | None,
        settings: Settings,
    ) -> Generator[str, None, None]:
        began = time.perf_counter()
        first_piece = 0.0
        written = self._written
        endpoint = settings.endpoint
        text: list[str] = []
        today = date.today()
        with assistant.index.pinned() as snapshot:
            alone, conversation, failed = with_a_model(settings, snapshot, question, history, written.call)
            asked = understood(alone or question, () if alone else history, today)
            found, notes = timely.found(snapshot, asked.standing, asked.when, settings.hits, scope)
            finding, hits = found_for(snapshot, asked, found, settings)
            finding = replace(finding, prompts=settings.prompts)
            write = WRITERS[settings.writer]
            if endpoint is not None:
                write = WITH_A_MODEL
                reading = Reading(
                    endpoint=endpoint,
                    snapshot=snapshot,
                    hits=hits,
                    conversation=conversation,
                    today=today,
                    sentences=settings.sentences,
                    threads=settings.index.threads,
                    always=settings.abstain_below == 0,
                    failed=failed,
                )
                finding = replace(finding, question=alone or question, reading=reading)
                notes += assistant._said_once(statement(endpoint))
            for piece in write(finding, written):
                first_piece = first_piece or time.perf_counter() - began
                text.append(piece)
                yield piece
        if written.call.cancelled.is_set():
            return
        tokens_in, tokens_out = written.call.tokens()
        abstained = finding.abstain if written.abstained is None else written.abstained
        self._answer = Answer(
            question=question,
            text="".join(text),
            short=None if abstained else written.short,
            citations=written.citations.all(),
            hits=hits,
            confidence=_confidence(finding, written),
            abstained=abstained,
            writer=written.by or settings.writer,
            claims=tuple(written.claims),
            usage=Usage(
                seconds=time.perf_counter() - began,
                first_piece=first_piece,
                first_token=max(0.0, written.call.first - began),
                tokens_in=tokens_in,
                tokens_out=tokens_out,
            ),
            notes=(*notes, *written.notes, *timely.age(written.citations.all(), asked.when, today)),
            dropped=written.dropped,
        )


def _confidence(finding: Finding, written: Written) -> float:
    """The chance that the likeliest sentence carries the answer; with claims of a model, their mean support
    at most."""
    if not written.claims:
        return finding.confidence
    return min(finding.confidence, mean(claim.support for claim in written.claims))


def _storable(text: str) -> str:
    """`text` with a question mark for each half of a surrogate pair (a byte that was not UTF-8, where it
    was typed), which neither the encoder nor JSON can take."""
    return text.encode("utf-8", "replace").decode("utf-8")

"""An answer that a model writes from numbered sentences; whatever goes wrong, quotations stand in for it."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import prompts
from index.days import readable

from ..compose import Composer
from ..context import Context, Count, counting, packed
from ..models.calling import Message
from ..models.failures import ModelFailed
from ..models.retrying import stream_patiently
from ..scan import Scanner, Token
from ..support import Support
from ..unseen import seen
from .extractive import write as extractive
from .types import Finding, Reading, Written

ABSTENTION = "NO ANSWER"
"""All that a model is to write where the evidence does not answer."""
_SPARE = 64
"""Tokens for what a chat's form adds to its messages."""
_LEAST_EVIDENCE = 150
"""Tokens; with less, a model has nothing to go by."""
_CHARACTERS = 8
"""Characters a token at the most, by which an answer that does not end is cut."""


def write(finding: Finding, written: Written) -> Iterator[str]:
    """The model's answer, cited; quotations alone where none can be had, where nothing was found, and where
    the articles' metadata answer."""
    reading = finding.reading
    if reading is None or not finding.quotes or any(quote.said for quote in finding.quotes):
        yield from extractive(finding, written)
        return
    problem = reading.failed
    if problem is None:
        try:
            with ThreadPoolExecutor(1, thread_name_prefix="support") as judging:
                yield from _Answer(finding, reading, written, judging).pieces()
            return
        except ModelFailed as failed:
            problem = failed
    written.notes.append(f"{problem} These are quotations alone.")
    yield from extractive(finding, written)


class _Answer:
    def __init__(
        self, finding: Finding, reading: Reading, written: Written, judging: ThreadPoolExecutor
    ) -> None:
        """`judging` measures the support of a sentence while the text goes on. ModelFailed where the question
        leaves no room for evidence."""
        self._finding, self._reading, self._written = finding, reading, written
        self._messages, context = _asked(finding, reading, counting(reading.snapshot))
        support = Support(reading.snapshot, context, finding.question, reading.threads)
        self._scanner = Scanner()
        self._composer = Composer(
            context.sentences,
            lambda claim, cited: judging.submit(support.judge, claim, cited),
            written.citations,
        )
        if context.left_out:
            written.notes.append(
                f"{context.left_out} of {context.left_out + len(context.sentences)} sentences found were not "
                f"read: the model's window of {reading.endpoint.context:,} tokens is full."
            )

    def pieces(self) -> Iterator[str]:
        """ModelFailed before the first piece; afterwards it is told in the text."""
        composer, written = self._composer, self._written
        begun = False
        try:
            for tokens in self._tokens():
                for piece in composer.feed(tokens):
                    begun = True
                    yield piece
            if not begun and written.abstained is None and not written.call.cancelled.is_set():
                host = self._reading.endpoint.host
                raise ModelFailed(f"{self._name} at {host} sent an empty answer.", empty=True)
            yield from composer.close()
        except ModelFailed as problem:
            if not begun:
                raise
            yield from composer.close()
            self._leave()
            written.notes.append(f"The model stopped in the middle: {problem}")
            yield "\n\n" + prompts.load("cut-off", self._finding.prompts, reason=str(problem)) + "\n\n"
            yield from extractive(replace(self._finding, abstain=False), written)
            return
        if written.abstained:
            yield from self._abstention()
        else:
            self._leave()

    def _tokens(self) -> Iterator[list[Token]]:
        """What the model writes, until it ends, abstains or is cut, and now and then nothing while it is
        silent; ModelFailed where it breaks off."""
        endpoint, call, scanner = self._reading.endpoint, self._written.call, self._scanner
        most = endpoint.answer * _CHARACTERS
        length, undecided = 0, True
        opening: list[Token] = []
        with closing(stream_patiently(endpoint, self._messages, call)) as chunks:
            for chunk in chunks:
                length += len(chunk)
                tokens = list(scanner.feed(chunk))
                if undecided:
                    opening += tokens
                    verdict = _abstains(opening)
                    if verdict:
                        self._written.abstained = True
                        return
                    if verdict is None and length <= most:
                        continue
                    undecided, tokens = False, opening
                yield tokens
                if length > most:
                    call.ended = "length"
                    break
        yield [*(opening if undecided else ()), *scanner.close()]
        if call.ended == "length":
            self._written.notes.append(f"The model's answer was cut at {endpoint.answer:,} tokens.")
        elif not call.ended and not call.cancelled.is_set():
            raise ModelFailed(f"{self._name} at {endpoint.host} broke off.")

    def _abstention(self) -> Iterator[str]:
        """What is said where the model finds no answer: the same as without a model, or, where it must always
        answer, the likeliest sentences."""
        written, always = self._written, self._reading.always
        written.by = self._name
        written.abstained = not always
        if always:
            written.notes.append("The model found no answer; these are the likeliest sentences.")
        yield from extractive(replace(self._finding, abstain=not always, short=None), written)

    @property
    def _name(self) -> str:
        return f"{self._reading.endpoint.provider}/{self._reading.endpoint.model}"

    def _leave(self) -> None:
        """What there is to know of the answer, for whoever asked."""
        written, composer = self._written, self._composer
        written.by = self._name
        written.abstained = False
        written.short = composer.short
        written.claims = composer.claims
        written.dropped = composer.dropped
        if composer.dropped:
            leads = "1 citation leads" if composer.dropped == 1 else f"{composer.dropped} citations lead"
            written.notes.append(f"The model's {leads} to nothing that it was given, and went.")
        if self._scanner.removed:
            written.notes.append("Links, images or HTML that the model wrote were left out.")


def _abstains(opening: list[Token]) -> bool | None:
    """Whether an answer that begins like this is no answer; None while it cannot be told."""
    said = "".join(
        " " if token.kind == "space" else token.text for token in opening if token.kind != "marker"
    )
    said = said.strip().lstrip("“\"'")
    if said.startswith(ABSTENTION):
        return True
    return None if ABSTENTION.startswith(said) else False


def _asked(finding: Finding, reading: Reading, count: Count) -> tuple[list[Message], Context]:
    """The messages, and the sentences that their numbers stand for. ModelFailed where there is no room."""
    endpoint, folder = reading.endpoint, finding.prompts
    boundary = secrets.token_hex(8)
    rules = prompts.load(
        "answer",
        folder,
        boundary=boundary,
        abstention=ABSTENTION,
        length="one sentence" if reading.sentences == 1 else f"at most {reading.sentences} sentences",
        today=readable(reading.today),
    )
    question = " ".join(seen(finding.question).split())
    said = f"What was said before:\n{reading.conversation}\n" if reading.conversation else ""

    def message(evidence: str) -> str:
        return prompts.load(
            "question", folder, boundary=boundary, evidence=evidence, conversation=said, question=question
        )

    budget = endpoint.context - endpoint.answer - _SPARE - sum(count([rules, message("")]))
    if budget < _LEAST_EVIDENCE:
        raise ModelFailed(
            f"The question is too long for {endpoint.model}'s window of {endpoint.context:,} tokens."
        )
    first = [quote.sentence for quote in finding.quotes]
    context = packed(reading.snapshot, reading.hits, first, budget, count)
    if not context.sentences:
        raise ModelFailed(f"No sentence fits into {endpoint.model}'s window of {endpoint.context:,} tokens.")
    return [Message("system", rules), Message("user", message(context.text))], context

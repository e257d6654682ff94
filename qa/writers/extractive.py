"""The default writer: the sentences that carry the answer, quoted. No model writes a word."""

import re
from collections.abc import Iterator

import prompts

from ..markdown import emphasised
from .types import Finding, Written

NEAREST = "The nearest that they say:"
NOTHING = "Nothing in them comes near it."

_WORDS = re.compile(r"\S+\s*")


def write(finding: Finding, written: Written) -> Iterator[str]:
    """The sentences, each a paragraph with its marker, the short answer in bold; or that there are none."""
    written.short = finding.short
    if finding.abstain:
        yield prompts.load("no-answer", finding.prompts, nearest=NEAREST if finding.quotes else NOTHING)
        if finding.quotes:
            yield "\n\n"
    for number, quote in enumerate(finding.quotes):
        if number:
            yield "\n\n"
        if quote.said:
            yield f"{_with_bold(quote.said, finding.short)}\n\n"
        start, end = (quote.answer or (0, 0)) if not finding.abstain else (0, 0)  # nothing that looks sure
        first = quote.sentence.start
        yield from _WORDS.findall(emphasised(quote.sentence.text, start - first, end - first))
        yield f" [{written.citations.of(quote.sentence).marker}]"


def _with_bold(line: str, short: str | None) -> str:
    start = line.find(short) if short else -1
    return emphasised(line, start, start + len(short or ""))

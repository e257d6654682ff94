"""The nouns of asking: Turn in, Citation and Answer out. Frozen; they import the index's nouns only."""

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote as percent_encode

from index.types import Hit


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation, as two strings."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact quotation: `quote == article.text[start:end]`, and `[marker]` stands in the answer.

    `marker` counts from 1 in order of appearance. `start` and `end` are Python string indices.
    """

    marker: int
    article_id: str
    title: str
    url: str | None
    site: str | None
    published: date | None
    quote: str
    start: int
    end: int

    @property
    def link(self) -> str | None:
        """The live page, opened at the quoted words; None where the article has no web address."""
        if self.url is None or not self.url.startswith(("http://", "https://")):
            return None
        return f"{self.url.partition('#')[0]}#:~:text={text_fragment(self.quote)}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a model's answer, `text[start:end]` of it, and how well its citations bear it out.

    `support` is from 0 to 1; see `qa.support`. Without `markers` it is unsourced, and `support` is that of
    the nearest sentence of the evidence. `unfounded` are its figures and names that stand nowhere there.
    """

    start: int
    end: int
    markers: tuple[int, ...]
    support: float
    unfounded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost: `seconds` in all, to the first piece, and until a model that was asked sent its
    first token; its tokens as it counts them, else 0."""

    seconds: float = 0.0
    first_piece: float = 0.0
    first_token: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and all that it rests on.

    `text` is Markdown with `[1]` markers, one for each of `citations`. `short` is the answer in its
    fewest words, or None. `hits` is everything that was read, best first. `confidence` is a
    probability. An abstaining answer has `abstained=True` and `short=None`, says so in `text`, and
    cites the nearest evidence. `notes` are single lines about how it came to be.

    `writer` is "extractive", or the model that wrote ("ollama/llama3.2"). A model's answer has `claims`, a
    confidence that is the chance of the likeliest sentence found, but no more than the mean support of its
    claims, and in `dropped` how many of its citations led to no sentence.
    """

    question: str
    text: str
    short: str | None = None
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    abstained: bool = False
    writer: str = "extractive"
    claims: tuple[Claim, ...] = ()
    usage: Usage = field(default_factory=Usage)
    notes: tuple[str, ...] = ()
    dropped: int = 0


_ITEM = re.compile(r"^\s*(?:[-*+•‣◦–]|\d{1,3}[.)])\s+")

FRAGMENT_WORDS = 8
"""Words of a quote's beginning and end that go into its text fragment when it is longer than both."""


def text_fragment(quote: str) -> str:
    """A quote as the value of `#:~:text=`: whole when it is short and on one line, else `first words,last
    words`, for browsers find no words with a line break between them.

    The mark of a list's item, and the lines of a table, are none of the page's words.
    https://wicg.github.io/scroll-to-text-fragment/: `,` `&` and `-` have a meaning there, so
    they are percent-encoded as well.
    """
    lines = [words for line in _lines(quote) if (words := line.split())]
    first, last = lines[0], lines[-1]
    if len(lines) == 1 and len(first) <= 2 * FRAGMENT_WORDS:
        return _encode(" ".join(first))
    return f"{_encode(' '.join(first[:FRAGMENT_WORDS]))},{_encode(' '.join(last[-FRAGMENT_WORDS:]))}"


def _lines(quote: str) -> list[str]:
    """Its lines, or the cells of a table's row."""
    words = _ITEM.sub("", quote, count=1)
    if words.lstrip().startswith("|") and words.strip(" |"):
        return words.split("|")
    return words.splitlines() if words.strip() else [quote]


def _encode(text: str) -> str:
    return percent_encode(text, safe="").replace("-", "%2D")

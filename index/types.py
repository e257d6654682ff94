"""The nouns of the index: what goes in (Article), what is found (Passage, Hit), what was done (Report).

All are frozen and import nothing of ours, so that every layer can speak them.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Passage:
    """The characters `start` to `end` (half-open, Python string indices) of one article's text.

    Made only by `Article.passage`, so that `text` is that slice and nothing else.
    """

    article_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `text` is canonical: every offset in Byline is an index into it.

    `id` is the source's own id where it gives one, else derived from `url`, else from the path
    below its root. `source` says where it was read from: a path, or a URL.
    """

    id: str
    title: str
    text: str
    source: str
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    updated: date | None = None
    site: str | None = None
    language: str | None = None

    def passage(self, start: int, end: int) -> Passage:
        """The passage `text[start:end]`; ValueError unless 0 <= start < end <= len(text)."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(
                f"passage {start}:{end} is not within article {self.id!r}, "
                f"which has {len(self.text)} characters"
            )
        return Passage(self.id, start, end, self.text[start:end])


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `copies` are the ids of near-duplicate articles folded into it.

    `score` orders the hits of one search and has no unit: after fusion it is what search.py adds up, after
    reranking the chance that the passage holds the answer.
    """

    passage: Passage
    score: float
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A source, or one article in it, that could not be read; `reason` is one line for a person."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did. Counts are of articles, but for `failed` (see `failures`), `passages` (now in
    the index) and `encoded` (passages that had to go through the encoder; the others were in the
    cache). `seconds` is wall time, `articles` how many are in the index now.

    `stale` were indexed before and could not be read this time: their old passages still answer. `remade`
    says why all passages were made anew ("another encoder"), where they were. `notes` are sentences
    about what a person may not have meant.
    """

    added: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    unchanged: int = 0
    stale: int = 0
    failed: int = 0
    passages: int = 0
    encoded: int = 0
    seconds: float = 0.0
    articles: int = 0
    failures: tuple[Failure, ...] = ()
    remade: str = ""
    notes: tuple[str, ...] = ()

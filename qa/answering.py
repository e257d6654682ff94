"""From hits to what an answer says: the likeliest sentences, an article's key sentences, or metadata."""

import re
from collections.abc import Sequence
from dataclasses import replace

from index.snapshot import Snapshot
from index.types import Hit

from .asked import Asked
from .extract import extract
from .followup import Standing
from .reader import the_reader
from .settings import Settings
from .timely import favours
from .told import from_metadata, is_meant, told
from .writers import Finding

Found = tuple[Finding, tuple[Hit, ...]]
"""What to say, and the hits, best first."""

_NEAREST = 2
"""Sentences that are shown where none of them is trusted."""
_FAVOURED = 0.25
"""What a favour counts in the order of the hits that are read, whose scores are mostly from 0 to 1."""

_TO_BE_TOLD = re.compile(
    r"^\W*((please|can you|could you) )*"
    r"(summari[sz]e|sum up|describe|tell me (more |something |all |everything )?about"
    r"|(give me |write )?(a |an |the )?(short |brief )?(summary|overview)\b"
    r"|what (happened|has happened|is happening|is going on|is new|do you know)\b"
    r"|what (is|was|has been) (said|written|known|reported|told) (about|of|on)\b"
    r"|what (do|does|did) [\w ]{1,40} (say|report|write|tell us) (about|on|of)\b"
    r"|what (is|was|are|were) .{1,300} about\W*$)",
    re.IGNORECASE,
)


def wants_to_be_told(question: str) -> bool:
    """Whether a question has no answer of a few words: "What happened…", "Tell me about…"."""
    return _TO_BE_TOLD.search(question) is not None


def found_for(snapshot: Snapshot, asked: Asked, hits: Sequence[Hit], settings: Settings) -> Found:
    """What the hits answer."""
    articles = [snapshot.article(hit.passage.article_id) for hit in hits]
    if asked.about is not None and is_meant(asked.about, articles):
        return from_metadata(snapshot, asked.question, asked.about, hits, settings)
    favoured = favours([article.published for article in articles], asked.when)
    scores = [hit.score + _FAVOURED * favour for hit, favour in zip(hits, favoured, strict=True)]
    order = sorted(range(len(hits)), key=lambda n: -scores[n])
    hits, favoured = [replace(hits[n], score=scores[n]) for n in order], [favoured[n] for n in order]
    if wants_to_be_told(asked.question):
        return told(snapshot, asked.question, hits, settings)
    return _likeliest(snapshot, asked.standing, hits, favoured, settings)


def _likeliest(
    snapshot: Snapshot, standing: Standing, hits: Sequence[Hit], favoured: Sequence[float], settings: Settings
) -> Found:
    reader = the_reader(settings.index.threads)
    found = extract(snapshot, reader, standing, hits, favoured, settings.read, settings.sentences)
    abstain = found.chance < settings.abstain_below or not found.quotes
    most = min(_NEAREST, settings.sentences) if abstain else settings.sentences
    finding = Finding(
        question=standing.question,
        quotes=found.quotes[:most],
        short=found.short,
        confidence=found.chance,
        abstain=abstain,
    )
    return finding, found.hits

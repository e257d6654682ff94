"""The answer in its fewest words and the sentences that carry it, read from the hits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.snapshot import Snapshot
from index.types import Article, Hit

from . import chances
from .candidates import Candidate, Place, pooled
from .evidence import Sentence, evidence
from .followup import Standing
from .quotes import Quote
from .reader import Reader, Reading
from .relevance import log_odds
from .short import short_answer

_PORTION = 3
"""Hits that are read before it is looked whether the answer is found already."""
_SURE = 0.5
"""A chance at which the rest of the hits need not be read: of the questions that are calibrated with, none of
the written and one in 100 of the news is then answered otherwise and wrong. Of ten, 9.6 and 8.6 are read."""
_WEIGHED = 10
"""Candidates that are weighed against each other."""
_ALSO = 0.4
"""Another candidate is quoted too when its share is at least this much of the first one's."""


@dataclass(frozen=True, slots=True)
class Extract:
    """`quotes` carry the answer, the likeliest first; `short` is it; `chance` that it is right.
    `candidates` and `readings` are what it was made of (training/calibrate.py)."""

    quotes: list[Quote]
    short: str | None
    chance: float
    hits: tuple[Hit, ...]
    candidates: Sequence[Candidate] = ()
    readings: Sequence[Reading] = ()


def extract(
    snapshot: Snapshot,
    reader: Reader,
    standing: Standing,
    hits: Sequence[Hit],
    favours: Sequence[float],
    most_read: int,
    most_quoted: int,
    sure: float = _SURE,
) -> Extract:
    """Reads the first `most_read` hits, or fewer where the chance is `sure` before, and quotes `most_quoted`
    sentences at most. `favours` are log-odds that speak for each hit besides its words: its date."""
    readings: list[Reading] = []
    candidates: list[Candidate] = []
    odds: dict[Sentence, float] = {}
    chance = 0.0
    to_read = hits[:most_read]
    sentences = evidence(snapshot, to_read)
    while len(readings) < len(to_read) and chance < sure:
        portion = to_read[len(readings) : len(readings) + _PORTION]
        texts = [(said_of(snapshot.article(hit.passage.article_id)), hit.passage.text) for hit in portion]
        readings += reader.read(standing.read, texts)
        candidates = pooled(hits, readings, favours, sum(standing.weights))[:_WEIGHED]
        if candidates:
            theirs = [_sentence(sentences, hits, candidate.places[0]) for candidate in candidates]
            new = list({sentence for sentence in theirs if sentence not in odds})
            new_odds = log_odds(snapshot, standing.question, new, in_context=False)
            odds |= zip(new, new_odds, strict=True)
            weighed = [replace(each, sentence=odds[s]) for each, s in zip(candidates, theirs, strict=True)]
            candidates = chances.picked(standing.read, weighed)
            chance = chances.chance("right", chances.right(standing.read, candidates, hits, readings))
    holds = chances.holds(candidates, hits, readings)
    ranked = _reranked(hits, holds, favours)
    if not candidates:
        return Extract([], None, 0.0, ranked)
    quotes = _quotes(candidates, hits, sentences, most_quoted)
    short = short_answer(standing.wordings[0], candidates[0].text, quotes[0].sentence.text)
    return Extract(quotes, short, chance, ranked, candidates, readings)


def said_of(article: Article) -> str:
    """What the reader is told of an article: its title, and the day on which it was published."""
    return f"{article.title} ({article.published})" if article.published else article.title


def _sentence(sentences: Sequence[Sentence], hits: Sequence[Hit], place: Place) -> Sentence:
    """The sentence in which a place begins; a span that runs on into the next belongs to where it begins."""
    number, start, _ = place
    article_id = hits[number].passage.article_id
    within = [s for s in sentences if s.article.id == article_id and s.start <= start < s.end]
    if within:
        return within[0]
    # A heading, which is no evidence: the sentence after it, or else the last one before.
    others = [s for s in sentences if s.article.id == article_id]
    return min(others or sentences, key=lambda s: (s.start < start, abs(s.start - start)))


def _quotes(
    candidates: Sequence[Candidate], hits: Sequence[Hit], sentences: Sequence[Sentence], most: int
) -> list[Quote]:
    """The first candidate's sentence, those of other articles that say the same, and then those of candidates
    that are nearly as likely; none twice, none in the same words."""
    first, *others = candidates
    places = [(0, place) for place in first.places]
    for n, other in enumerate(others, start=1):
        if other.share < _ALSO * first.share or n == most:
            break
        places.append((n, other.places[0]))
    quotes: list[Quote] = []
    said: set[tuple[str, ...]] = set()
    articles: set[tuple[int, str]] = set()
    for n, place in places:
        sentence = _sentence(sentences, hits, place)
        words = tuple(sentence.text.split())
        if words in said or (n, sentence.article.id) in articles:
            continue
        said.add(words)
        articles.add((n, sentence.article.id))
        _, start, end = place
        inside = sentence.start <= start and end <= sentence.end
        quotes.append(Quote(sentence, (start, end) if inside else None))
        if len(quotes) == most:
            break
    return quotes


def _reranked(
    hits: Sequence[Hit], holds: Sequence[chances.Features], favours: Sequence[float]
) -> tuple[Hit, ...]:
    """The hits by their chance to hold the answer, which becomes their score; those not read come last. Those
    with less than the highest favour lose by the difference."""
    most = max(favours, default=0.0)
    scores = [
        chances.chance("holds", features, favour - most)
        for features, favour in zip(holds, favours, strict=False)
    ]
    order = sorted(range(len(scores)), key=lambda n: -scores[n])
    read = [replace(hits[n], score=scores[n]) for n in order]
    return (*read, *(replace(hit, score=0.0) for hit in hits[len(scores) :]))

"""Answers that no span of a passage is: an article's key sentences, and what its metadata say."""

from collections.abc import Iterable, Sequence

from index.snapshot import Snapshot
from index.types import Article, Hit

from . import relevance
from .about import About, stated
from .evidence import Sentence, evidence
from .quotes import Quote, likeliest
from .scoring import normalised
from .settings import Settings
from .writers import Finding

_WEIGHED = 5
"""Hits whose sentences are weighed, where so many may be read."""
_NEARLY = 0.55
"""A further article is named when its sentence is at least this near, compared with the nearest."""


def told(
    snapshot: Snapshot, question: str, hits: Sequence[Hit], settings: Settings
) -> tuple[Finding, tuple[Hit, ...]]:
    """The key sentences, for a question that wants to be told."""
    weighed = relevance.scored(snapshot, question, evidence(snapshot, hits[: min(_WEIGHED, settings.read)]))
    chosen = likeliest(weighed.ranked, settings.sentences)
    # In reading order, the article of the nearest sentence first.
    articles = list(dict.fromkeys(sentence.article.id for sentence in chosen))
    chosen.sort(key=lambda sentence: (articles.index(sentence.article.id), sentence.start))
    finding = Finding(
        question=question,
        quotes=[Quote(sentence) for sentence in chosen],
        short=None,
        confidence=weighed.confidence,
        abstain=relevance.doubted(weighed.confidence, settings.abstain_below) or not chosen,
    )
    return finding, relevance.reranked(hits, weighed)


def from_metadata(
    snapshot: Snapshot, question: str, asked: About, hits: Sequence[Hit], settings: Settings
) -> tuple[Finding, tuple[Hit, ...]]:
    """What the metadata of the likeliest article say, or those of several where it is asked which ones; each
    with its sentence that is nearest to the topic."""
    weighed = relevance.scored(
        snapshot, asked.topic, evidence(snapshot, hits[: min(2 * _WEIGHED, settings.read)])
    )
    found = _articles(snapshot, asked.topic, weighed)
    most = settings.sentences if asked.asked == "which" else 1
    chosen = [each for each in found[:most] if each[1] >= _NEARLY * max(chance for _, chance in found)]
    confidence = chosen[0][1] if chosen else 0.0
    said = [(sentence, *stated(asked, sentence.article)) for sentence, _ in chosen]
    abstain = relevance.doubted(confidence, settings.abstain_below) or not chosen
    short = said[0][2] if said and not abstain else None
    finding = Finding(
        question=question,
        quotes=[Quote(sentence, said="" if abstain else line) for sentence, line, _ in said],
        short=short,
        confidence=confidence,
        abstain=abstain,
    )
    return finding, relevance.reranked(hits, weighed)


def _articles(snapshot: Snapshot, topic: str, weighed: relevance.Scored) -> list[tuple[Sentence, float]]:
    """One sentence of each article, the nearest to the topic, with its chance; the article first whose title
    and sentence are nearest, and none but that of the very title where there is one."""
    nearest: dict[str, tuple[Sentence, float]] = {}
    for sentence, chance in weighed.ranked:
        nearest.setdefault(sentence.article.id, (sentence, chance))
    found = list(nearest.values())
    titles = snapshot.encode([sentence.article.title for sentence, _ in found])
    nearness = titles @ snapshot.encode_questions([topic])[0]
    order = sorted(range(len(found)), key=lambda n: -float(nearness[n]) - found[n][1])
    titled = [each for each in found if _is_title(topic, each[0].article)]
    return titled or [found[n] for n in order]


def is_meant(asked: About, articles: Iterable[Article]) -> bool:
    """Whether one of the articles can be the one that is asked about."""
    return not asked.titled or any(_is_title(asked.topic, article) for article in articles)


def _is_title(topic: str, article: Article) -> bool:
    return normalised(topic) == normalised(article.title)

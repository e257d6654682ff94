"""Hits to sentences: what an answer may quote. Every sentence is a span of an article, inside a hit."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.sentences import is_heading, overlapping, paragraphs, sentences
from index.snapshot import Snapshot
from index.types import Article, Hit


@dataclass(frozen=True, slots=True)
class Sentence:
    """`article.text[start:end]`, one whole sentence of a hit. `rank` is the hit's, from 0; `before` is
    what stands right before it in the same paragraph, which often says what it is about."""

    article: Article
    start: int
    end: int
    rank: int
    before: str

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def evidence(snapshot: Snapshot, hits: Sequence[Hit]) -> list[Sentence]:
    """The sentences of the hits, each once, by the rank of the hit and then in reading order.

    A sentence too long for one passage is taken piece by piece, as the passages have it. A heading is no
    sentence, but for hits that have nothing else.
    """
    found: dict[tuple[str, int, int], Sentence] = {}
    articles = {id: snapshot.article(id) for id in {hit.passage.article_id for hit in hits}}
    parts = {id: paragraphs(article.text) for id, article in articles.items()}
    for rank, hit in enumerate(hits):
        article, first, stop = articles[hit.passage.article_id], hit.passage.start, hit.passage.end
        before = ""
        near = overlapping(parts[article.id], first, stop)
        for start, end in sentences(article.text, article.language, near):
            start, end = max(start, first), min(end, stop)
            if start >= end:
                continue
            found.setdefault((article.id, start, end), Sentence(article, start, end, rank, before))
            before = article.text[start:end]
    said = [each for each in found.values() if not is_heading(each.article.text, (each.start, each.end))]
    return said or list(found.values())

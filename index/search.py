"""The hybrid search: two LlamaIndex retrievers, dense and lexical, run side by side and fused.

Lists are fused by score: the two of one wording, and those of several wordings.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from numpy.typing import NDArray

from .filters import Filter
from .fold import folded
from .snapshot import Snapshot
from .types import Hit

DENSE_PART = 0.4
"""Of a fused score; the rest is BM25's. .3 to .6 differ by less than a question in a hundred."""

DEPTH = 50
"""Passages that each list brings to the fusion, at least; never fewer than are asked for."""

Ranked = list[tuple[int, float]]
Vector = NDArray[np.float32]


class DenseRetriever(BaseRetriever):
    """Passages by the meaning of the question: cosine of the encoder's vectors."""

    def __init__(self, snapshot: Snapshot, k: int = DEPTH, filter: Filter | None = None) -> None:
        self._snapshot, self._k, self._filter = snapshot, k, filter
        super().__init__()

    def ranked(self, questions: Sequence[str]) -> list[Ranked]:
        """One list of (passage id, cosine) for each question."""
        vectors = self._snapshot.encode_questions(questions)
        return [self._snapshot.nearest(vector, self._k, self._filter) for vector in vectors]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        ranked = self.ranked([query_bundle.query_str])[0]
        return nodes(self._snapshot, self._snapshot.hits(ranked))


class LexicalRetriever(BaseRetriever):
    """Passages by the words of the question: BM25."""

    def __init__(self, snapshot: Snapshot, k: int = DEPTH, filter: Filter | None = None) -> None:
        self._snapshot, self._k, self._filter = snapshot, k, filter
        super().__init__()

    def ranked(self, questions: Sequence[str]) -> list[Ranked]:
        """One list of (passage id, BM25 score) for each question."""
        return [self._snapshot.lexical.best(question, self._k, self._filter) for question in questions]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        ranked = self.ranked([query_bundle.query_str])[0]
        return nodes(self._snapshot, self._snapshot.hits(ranked))


class HybridRetriever(BaseRetriever):
    """Both, in parallel, fused. `pin` gives the generation to search, and keeps it open meanwhile.

    A query bundle's `custom_embedding_strs` are further wordings of the question; all lists are fused.
    """

    def __init__(
        self,
        pin: Callable[[], AbstractContextManager[Snapshot]],
        k: int = 10,
        filter: Filter | None = None,
    ) -> None:
        self._pin, self._k, self._filter = pin, k, filter
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with self._pin() as snapshot:
            wordings = [query_bundle.query_str, *(query_bundle.custom_embedding_strs or [])]
            return nodes(snapshot, search(snapshot, wordings, self._k, self._filter))


def search(
    snapshot: Snapshot,
    wordings: Sequence[str],
    k: int,
    filter: Filter | None,
    weights: Sequence[float] | None = None,
) -> list[Hit]:
    """The `k` best passages for a question in one or several wordings, best first, copies folded.

    `weights` say how much each wording counts; without them, all count the same.
    """
    if k < 1 or (filter is not None and filter.empty):
        return []
    ranked = fused(snapshot, wordings, max(DEPTH, k), filter, weights)
    return folded(snapshot.hits(ranked if snapshot.copies else ranked[:k]), snapshot.copies, k)


def fused(
    snapshot: Snapshot,
    wordings: Sequence[str],
    depth: int,
    filter: Filter | None,
    weights: Sequence[float] | None = None,
) -> Ranked:
    """(passage id, fused score), best first; `depth` passages of each list take part.

    A passage's score, 0 to 1, is the mean of the wordings' by their weights; one given twice counts once.
    """
    counted: dict[str, float] = {}
    for wording, weight in zip(wordings, weights or [1.0] * len(wordings), strict=True):
        counted.setdefault(wording, weight)
    vectors = snapshot.encode_questions(list(counted))
    with ThreadPoolExecutor(max_workers=1) as beside:
        lexical = beside.submit(LexicalRetriever(snapshot, depth, filter).ranked, list(counted))
        dense = [snapshot.nearest(vector, depth, filter) for vector in vectors]
        each = [
            blended(_with_cosines(snapshot, near, worded, vector), worded)
            for near, worded, vector in zip(dense, lexical.result(), vectors, strict=True)
        ]
    scores: dict[int, float] = {}
    whole = sum(counted.values())
    for ranked, weight in zip(each, counted.values(), strict=True):
        for id, score in ranked:
            scores[id] = scores.get(id, 0.0) + weight / whole * score
    return sorted(scores.items(), key=lambda item: -item[1])


def blended(dense: Ranked, lexical: Ranked) -> Ranked:
    """Ids by DENSE_PART of their cosine, scaled to 0-1 over the list, plus the rest of their BM25 score,
    scaled by its highest. `dense` has all ids; one that is not in `lexical` has no BM25 score.

    Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid retrieval", TOIS 2023. By rank alone
    a passage that is first in one list only ties with the first of the other: on the news questions that
    cost two in a hundred at the top (benchmarks/retrieval.py prints both).
    """
    if not dense:
        return []
    low, high = min(cosine for _, cosine in dense), max(cosine for _, cosine in dense)
    best = max((score for _, score in lexical), default=1.0)
    words = dict(lexical)
    scores = {
        id: DENSE_PART * (cosine - low) / ((high - low) or 1) + (1 - DENSE_PART) * words.get(id, 0.0) / best
        for id, cosine in dense
    }
    return sorted(scores.items(), key=lambda item: -item[1])


def _with_cosines(snapshot: Snapshot, dense: Ranked, lexical: Ranked, vector: Vector) -> Ranked:
    """The dense list, and after it the passages that only the words found, with their cosines."""
    near = {id for id, _ in dense}
    others = [id for id, _ in lexical if id not in near]
    cosines = snapshot.exact.of(others) @ vector
    return [*dense, *((id, float(cosine)) for id, cosine in zip(others, cosines, strict=True))]


def nodes(snapshot: Snapshot, hits: Sequence[Hit]) -> list[NodeWithScore]:
    """Hits as LlamaIndex knows them: the node's text is the passage, its metadata say whose it is."""
    found = []
    for hit in hits:
        article = snapshot.article(hit.passage.article_id)
        metadata = {
            "article_id": article.id,
            "title": article.title,
            "url": article.url,
            "site": article.site,
            "published": article.published and article.published.isoformat(),
        }
        node = TextNode(
            id_=f"{article.id}:{hit.passage.start}-{hit.passage.end}",
            text=hit.passage.text,
            start_char_idx=hit.passage.start,
            end_char_idx=hit.passage.end,
            metadata=metadata,
        )
        found.append(NodeWithScore(node=node, score=hit.score))
    return found

"""The hybrid search: two LlamaIndex retrievers, dense and lexical, run side by side and fused by rank."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from .filters import Filter
from .fold import folded
from .snapshot import Snapshot
from .types import Hit

RRF_K = 60
"""Reciprocal-rank fusion: score(d) = sum over lists of 1 / (RRF_K + rank of d), ranks from 1.
Cormack, Clarke and Büttcher, SIGIR 2009, who chose 60."""

DEPTH = 50
"""Passages that each list brings to the fusion, at least; never fewer than are asked for."""

Ranked = list[tuple[int, float]]


class DenseRetriever(BaseRetriever):
    """Passages by the meaning of the question: cosine of the encoder's vectors."""

    def __init__(self, snapshot: Snapshot, k: int = DEPTH, filter: Filter | None = None) -> None:
        self._snapshot, self._k, self._filter = snapshot, k, filter
        super().__init__()

    def ranked(self, questions: Sequence[str]) -> list[Ranked]:
        """One list of (passage id, cosine) for each question."""
        vectors = self._snapshot.encode(questions)
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


def search(snapshot: Snapshot, wordings: Sequence[str], k: int, filter: Filter | None) -> list[Hit]:
    """The `k` best passages for a question in one or several wordings, best first, copies folded."""
    if k < 1 or (filter is not None and filter.empty):
        return []
    ranked = fused(snapshot, wordings, max(DEPTH, k), filter)
    return folded(snapshot.hits(ranked if snapshot.copies else ranked[:k]), snapshot.copies, k)


def fused(snapshot: Snapshot, wordings: Sequence[str], depth: int, filter: Filter | None) -> Ranked:
    """(passage id, fused score), best first; `depth` passages of each list take part."""
    wordings = list(dict.fromkeys(wordings))
    with ThreadPoolExecutor(max_workers=1) as beside:
        lexical = beside.submit(LexicalRetriever(snapshot, depth, filter).ranked, wordings)
        dense = DenseRetriever(snapshot, depth, filter).ranked(wordings)
        return reciprocal_rank_fusion([*dense, *lexical.result()])


def reciprocal_rank_fusion(lists: Sequence[Ranked]) -> Ranked:
    """Ids by the sum over lists of 1 / (RRF_K + rank); ties keep the order of first appearance."""
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, (id, _) in enumerate(ranked, start=1):
            scores[id] = scores.get(id, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: -item[1])


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

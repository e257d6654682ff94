"""The Chroma collection of one generation; the only importer of chromadb.

Cosine space, no embedding function (Chroma must never fetch or run a model), no documents (the text
is the catalog's). A row is a passage id with what can be filtered by: article, site, date.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .filters import Filter

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

_COLLECTION = "passages"
_PAGE = 5_000
"""Rows an `add`, `get` or `delete` at the most: Chroma 1.5 refuses an add of more than 5,461."""

# Every add is written through to the graph's files: rows that only wait in SQLite are put into the graph
# anew at each opening, which changes files that were sealed. So add few times, and much at a time.
#
# With Chroma's own 16 neighbours, up to a fifth of 300 vectors that were nearly alike could not be reached
# at all; with 48 none of them was missed, nor any of 2,000 (an add takes half as long again). With its 100
# candidates a search found .9935 of the ten nearest among 25,560 (benchmarks/speed.py).
_HNSW: Any = {"space": "cosine", "sync_threshold": 1, "max_neighbors": 48, "ef_search": 200}

Metadata = Mapping[str, str | int]


class VectorStore:
    """Approximate nearest neighbours by cosine, in `folder`. Opening it writes to the folder."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Opens the collection, or makes an empty one. Chroma raises whatever it raises on damage."""
        import chromadb  # takes as long as all of index; nothing needs it until a library is opened
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False, allow_reset=False, migrations="apply")
        self._client: Any = chromadb.PersistentClient(str(folder), settings=settings)
        self._collection: Collection
        if create:
            self._collection = self._client.create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": _HNSW}
            )
        else:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

    def add(self, ids: Sequence[int], vectors: NDArray[np.float32], metadata: Sequence[Metadata]) -> None:
        """Adds rows; the ids must be new (Chroma would ignore an id that is there already)."""
        for page in _pages(len(ids)):
            self._collection.add(
                ids=[str(i) for i in ids[page]],
                embeddings=vectors[page],
                metadatas=[dict(row) for row in metadata[page]],
            )

    def delete(self, ids: Sequence[int]) -> None:
        for page in _pages(len(ids)):
            self._collection.delete(ids=[str(i) for i in ids[page]])

    def update(self, ids: Sequence[int], metadata: Sequence[Metadata]) -> None:
        """Replaces what rows can be filtered by; their vectors stay."""
        for page in _pages(len(ids)):
            self._collection.update(
                ids=[str(i) for i in ids[page]], metadatas=[dict(row) for row in metadata[page]]
            )

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: Filter | None = None
    ) -> list[tuple[int, float]]:
        """(passage id, cosine similarity) of the `k` nearest, best first."""
        found = self._collection.query(
            query_embeddings=vector[None, :], n_results=k, where=_where(where), include=["distances"]
        )
        distances = found["distances"] or [[]]
        return [(int(i), 1.0 - d) for i, d in zip(found["ids"][0], distances[0], strict=True)]

    def ids(self) -> Iterator[int]:
        """All ids, a page at a time: an unpaged `get` fails past 32,766 rows."""
        offset = 0
        while page := self._collection.get(limit=_PAGE, offset=offset, include=[])["ids"]:
            yield from map(int, page)
            offset += len(page)

    def count(self) -> int:
        return self._collection.count()

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> "VectorStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _pages(total: int) -> Iterator[slice]:
    return (slice(first, first + _PAGE) for first in range(0, total, _PAGE))


def _where(filter: Filter | None) -> Any:
    """The filter in Chroma's terms: a single condition stands bare, several are joined by `$and`."""
    if filter is None:
        return None
    conditions: list[dict[str, Any]] = []
    if filter.since is not None:
        conditions.append({"published": {"$gte": filter.since.toordinal()}})
    if filter.until is not None:
        conditions.append({"published": {"$lte": filter.until.toordinal()}})
    if filter.sites is not None:
        conditions.append({"site": {"$in": list(filter.sites)}})
    if filter.articles is not None:
        conditions.append({"article": {"$in": list(filter.articles)}})
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}

"""The middle of a build: new passages to vectors, from the cache or the encoder, into the draft.

Passages are encoded in order of length, so that a batch holds little padding; storing what was encoded
runs beside encoding what comes next.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from .cache import EmbeddingCache, StoredVectors
from .draft import Draft
from .embed import BULK_FROM, Encoder
from .progress import Progress

GROUP = 512
"""Passages encoded and stored together. What is stored survives an interruption."""
_WAITING = 4
"""Groups that may wait to be stored; more would be memory without a gain."""


def encode_new(draft: Draft, encoder: Encoder, cache: EmbeddingCache, progress: Progress) -> tuple[int, str]:
    """Gives every new passage of the draft its vector; (how many were encoded, in which precision)."""
    new = draft.new_passages()
    missing: dict[bytes, list[int]] = {}
    for first in range(0, len(new), GROUP):
        some = new[first : first + GROUP]
        known = cache.known([key for _, key in some])
        hits = [(id, known[key]) for id, key in some if key in known]
        if hits:
            draft.store([id for id, _ in hits], np.stack([vector for _, vector in hits]))
        for id, key in some:
            if key not in known:
                missing.setdefault(key, []).append(id)
    progress.encoding(len(missing))
    if not missing:
        return 0, encoder.precision
    if len(missing) >= BULK_FROM:
        encoder = encoder.for_bulk()
    _encode(draft, encoder, cache, missing, progress)
    return len(missing), encoder.precision


def _encode(
    draft: Draft, encoder: Encoder, cache: EmbeddingCache, missing: dict[bytes, list[int]], progress: Progress
) -> None:
    """Encodes one passage for each key and stores its vector for all passages that share it."""

    def keep(keys: Sequence[bytes], vectors: StoredVectors) -> None:
        cache.put(keys, vectors)
        ids = [id for key in keys for id in missing[key]]
        rows = [row for row, key in enumerate(keys) for _ in missing[key]]
        draft.store(ids, vectors[rows])

    lengths = draft.lengths([ids[0] for ids in missing.values()])
    keys = sorted(missing, key=lambda key: lengths[missing[key][0]])
    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="store") as storing:
        for first in range(0, len(keys), GROUP):
            some = keys[first : first + GROUP]
            texts = draft.dense_texts([missing[key][0] for key in some])
            vectors = encoder.encode(texts).astype(np.float16)
            waiting.append(storing.submit(keep, some, vectors))
            if len(waiting) > _WAITING:
                waiting.popleft().result()
            progress.encoded(len(some))
        for stored in waiting:
            stored.result()

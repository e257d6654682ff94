"""New passages to vectors, from the cache or the encoder, into the draft, while more articles are read.

Passages are encoded in order of length, so that a batch holds little padding. Storing what was encoded runs
beside encoding what comes next, and both beside reading what comes after.
"""

import queue
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from .cache import EmbeddingCache, StoredVectors
from .draft import Draft
from .embed import BULK_FROM, Encoder
from .memory import give_back
from .progress import Progress

WINDOW = 4096
"""New passages that are sorted by length together, and encoded while others are read. A build with fewer
encodes them once all is read."""
GROUP = 512
"""Passages encoded and stored together. What is stored survives an interruption."""
_AT_ONCE = 128
"""Passages encoded between two looks at whether the build has been stopped."""
_WAITING = 4
"""Groups that may wait to be stored; more would be memory without a gain."""
_LOOK = 0.1  # seconds between two looks at the other thread


class Encoding:
    """Gives every new passage of a draft its vector, in a thread of its own. For the building thread."""

    def __init__(self, draft: Draft, encoder: Encoder, cache: EmbeddingCache, progress: Progress) -> None:
        self._draft = draft
        self._encoder = encoder
        self._cache = cache
        self._progress = progress
        self._windows: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
        self._sent = draft.first_new  # number of the last passage that is in a window
        self._thread = threading.Thread(target=self._run, name="encode", daemon=True)
        self._stopped = threading.Event()
        self._loading = False
        self._problem: BaseException | None = None
        self._missing = self._done = 0
        self._told = (0, 0)

    def offer(self) -> None:
        """More passages may have come: a window that is full is encoded meanwhile."""
        if self._draft.catalog.last_passage_id() - self._sent >= WINDOW:
            self._send()
        self._raise_problem()

    def finish(self) -> tuple[int, str]:
        """All passages have come: (how many had to be encoded, in which precision)."""
        self._send()
        self._windows.put(None)
        while self._thread.is_alive():
            self._thread.join(_LOOK)
            self._tell()
        self._raise_problem()
        self._tell()
        return self._missing, self._encoder.precision

    def stop(self) -> None:
        """Nothing is stored any more once this returns. Loading an encoder cannot be stopped, nor need be."""
        self._stopped.set()
        self._windows.put(None)
        while self._thread.is_alive() and not self._loading:
            self._thread.join(_LOOK)

    def _send(self) -> None:
        after, self._sent = self._sent, self._draft.catalog.last_passage_id()
        self._windows.put((after, self._sent))
        if self._thread.ident is None:
            self._thread.start()

    def _raise_problem(self) -> None:
        if self._problem is not None:
            raise self._problem

    def _tell(self) -> None:
        missing, done = self._missing, self._done
        if missing != self._told[0]:
            self._progress.encoding(missing)
        if done != self._told[1]:
            self._progress.encoded(done - self._told[1])
        self._told = (missing, done)

    # In the thread

    def _run(self) -> None:
        try:
            while (window := self._windows.get()) is not None and not self._stopped.is_set():
                self._encode(self._met(*window))
                give_back()
        except BaseException as problem:  # for the building thread to raise
            self._problem = problem

    def _met(self, after: int, until: int) -> dict[bytes, list[int]]:
        """Cache key -> numbers of the passages in a window whose vector is not in the cache. The vectors of
        the others are stored."""
        new = self._draft.catalog.keys_between(after, until)
        missing: dict[bytes, list[int]] = {}
        for first in range(0, len(new), GROUP):
            some = new[first : first + GROUP]
            known = self._cache.known([key for _, key in some])
            hits = [(id, known[key]) for id, key in some if key in known]
            if hits and not self._stopped.is_set():
                self._draft.store([id for id, _ in hits], np.stack([vector for _, vector in hits]))
            for id, key in some:
                if key not in known:
                    missing.setdefault(key, []).append(id)
        self._missing += len(missing)
        return missing

    def _encode(self, missing: dict[bytes, list[int]]) -> None:
        """Encodes one passage for each key and stores its vector for all passages that share it."""
        if len(missing) >= BULK_FROM:
            self._loading = True
            self._encoder = self._encoder.for_bulk()
            self._loading = False
        if self._stopped.is_set():
            return
        lengths = self._draft.lengths([ids[0] for ids in missing.values()])
        keys = sorted(missing, key=lambda key: lengths[missing[key][0]])
        waiting: deque[Future[None]] = deque()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="store") as storing:
            for first in range(0, len(keys), GROUP):
                some = keys[first : first + GROUP]
                vectors = self._vectors(self._draft.dense_texts([missing[key][0] for key in some]))
                if vectors is None:
                    break
                waiting.append(storing.submit(self._keep, some, vectors, missing))
                if len(waiting) > _WAITING:
                    waiting.popleft().result()
                self._done += len(some)
            for stored in waiting:
                stored.result()

    def _vectors(self, texts: Sequence[str]) -> StoredVectors | None:
        """In half precision; None if the build was stopped meanwhile."""
        parts = []
        for first in range(0, len(texts), _AT_ONCE):
            if self._stopped.is_set():
                return None
            parts.append(self._encoder.encode(texts[first : first + _AT_ONCE]).astype(np.float16))
        return np.concatenate(parts)

    def _keep(self, keys: Sequence[bytes], vectors: StoredVectors, missing: dict[bytes, list[int]]) -> None:
        self._cache.put(keys, vectors)
        ids = [id for key in keys for id in missing[key]]
        rows = [row for row, key in enumerate(keys) for _ in missing[key]]
        self._draft.store(ids, vectors[rows])

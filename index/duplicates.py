"""Copies of one article, such as a report that several sites carry: found, so that they count once.

MinHash proposes pairs (datasketch), the words themselves decide. The numbers were chosen on 7,000 news
articles (benchmarks/duplicates.py): pairs above SAME were one report retitled or updated, those below .77
began to be different days of a running story.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datasketch import MinHash

PERMUTATIONS = 64
SHINGLE_WORDS = 5
PROPOSED = 0.6
"""Estimated Jaccard similarity from which a pair is looked at."""
SAME = 0.8
"""Jaccard similarity of the sets of five-word runs from which two texts are copies."""
TITLES_AT_MOST = 3
"""More different titles over one text than this mean that the text is a site's notice, not an article."""

_WORD = re.compile(r"\w+")
_SEED = 1
_SCHEME = "affine32"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of an article; `first` sorts whoever was first before all that copied it."""

    id: str
    title: str
    text_digest: str
    signature: bytes
    first: str


def signature(text: str) -> bytes:
    """The text's MinHash: PERMUTATIONS unsigned 32-bit integers."""
    minhash = _minhash(None)
    minhash.update_batch([shingle.encode("utf-8", "replace") for shingle in shingles(text)])
    return bytes(minhash.hashvalues.astype("<u4").tobytes())


def shingles(text: str) -> frozenset[str]:
    """All runs of five words, in lower case; the whole of a shorter text."""
    words = _WORD.findall(text.casefold())
    last = max(1, len(words) - SHINGLE_WORDS + 1)
    return frozenset(" ".join(words[i : i + SHINGLE_WORDS]) for i in range(last))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard: |one ∩ other| / |one ∪ other|."""
    return len(one & other) / len(one | other) if one or other else 0.0


def copies(candidates: Iterable[Candidate], text: Callable[[str], str]) -> dict[str, str]:
    """id -> id of the article that it is a copy of, for those that are; `text` gives an article's text.

    Every copy is like its original itself, not only like another copy: chains do not form.
    """
    from datasketch import MinHashLSH  # half a second, for builds only

    proposals = MinHashLSH(threshold=PROPOSED, num_perm=PERMUTATIONS)
    originals: dict[str, Candidate] = {}
    found: dict[str, str] = {}
    read = lru_cache(maxsize=256)(lambda id: shingles(text(id)))
    candidates = list(candidates)
    for candidate in sorted(candidates, key=lambda each: (each.first, each.id)):
        minhash = _minhash(candidate.signature)
        likely = [originals[id] for id in sorted(proposals.query(minhash))]
        original = next((each for each in likely if _same(candidate, each, read)), None)
        if original is not None:
            found[candidate.id] = original.id
        else:
            originals[candidate.id] = candidate
            proposals.insert(candidate.id, minhash)
    return _without_notices(found, {each.id: each.title for each in candidates})


def _same(one: Candidate, other: Candidate, read: Callable[[str], frozenset[str]]) -> bool:
    return one.text_digest == other.text_digest or similarity(read(one.id), read(other.id)) >= SAME


def _without_notices(found: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    """Without the groups that share a notice ("Sign up to read on") under many different titles."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for copy, original in found.items():
        groups[original] |= {titles[copy].casefold(), titles[original].casefold()}
    return {copy: original for copy, original in found.items() if len(groups[original]) <= TITLES_AT_MOST}


def _minhash(signature: bytes | None) -> "MinHash":
    """The MinHash of that signature, or an empty one."""
    from datasketch import MinHash

    values = None if signature is None else np.frombuffer(signature, dtype="<u4").astype(np.uint32)
    return MinHash(num_perm=PERMUTATIONS, seed=_SEED, scheme=_SCHEME, hashvalues=values)

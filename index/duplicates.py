"""Copies of one article, such as a report that several sites carry: found, so that they count once.

MinHash proposes pairs (datasketch), and so does a shared address; the words themselves decide. The numbers
were chosen on 7,000 news articles: pairs above SAME were one report retitled or updated, those below .77
began to be different days of a running story. Of the pairs that were judged by hand, benchmarks/duplicates.py
counts how many are told rightly.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from .readers.urls import canonical_url

if TYPE_CHECKING:
    from datasketch import MinHash

PERMUTATIONS = 64
SHINGLE_WORDS = 5
PROPOSED = 0.6
"""Estimated Jaccard similarity from which a pair is looked at."""
SAME = 0.8
"""Jaccard similarity of the sets of five-word runs from which two texts are copies."""
SAME_ADDRESS = 0.5
"""Part of the shorter text's five-word runs that the other has, where both are from one web address: the
page as it was on two days, or the beginning of it."""
TITLES_AT_MOST = 3
"""More different titles over one text than this mean that the text is a site's notice, not an article."""
ABOUT = 0.5
"""A text under two titles is a notice too if of the longer words of either, neither it nor the other title
has more than this part."""

_WORD = re.compile(r"\w+")
_LONGER_WORD = re.compile(r"\w{4,}")
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
    url: str | None = None


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


def contained(one: frozenset[str], other: frozenset[str]) -> float:
    """Overlap coefficient: |one ∩ other| / the smaller of |one| and |other|."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def copies(candidates: Iterable[Candidate], text: Callable[[str], str]) -> dict[str, str]:
    """id -> id of the article that it is a copy of, for those that are; `text` gives an article's text.

    Every copy is like its original itself, not only like another copy: chains do not form. What two
    articles share when a site gave a notice for both ("Sign up to read on") makes them no copies.
    """
    from datasketch import MinHashLSH  # half a second, for builds only

    proposals = MinHashLSH(threshold=PROPOSED, num_perm=PERMUTATIONS)
    originals: dict[str, Candidate] = {}
    addresses: defaultdict[str, list[str]] = defaultdict(list)
    found: dict[str, str] = {}
    read = lru_cache(maxsize=256)(lambda id: shingles(text(id)))
    candidates = list(candidates)
    for candidate in sorted(candidates, key=lambda each: (each.first, each.id)):
        minhash = _minhash(candidate.signature)
        address = canonical_url(candidate.url) if candidate.url else None
        proposed = {*proposals.query(minhash), *(addresses[address] if address else ())}
        likely = [originals[id] for id in sorted(proposed)]
        original = next((each for each in likely if _same(candidate, each, read)), None)
        if original is not None:
            found[candidate.id] = original.id
        else:
            originals[candidate.id] = candidate
            proposals.insert(candidate.id, minhash)
            if address:
                addresses[address].append(candidate.id)
    return _without_notices(found, {each.id: each for each in candidates}, text)


def _same(one: Candidate, other: Candidate, read: Callable[[str], frozenset[str]]) -> bool:
    if one.text_digest == other.text_digest:
        return True
    words, others = read(one.id), read(other.id)
    if _same_address(one, other):
        return contained(words, others) >= SAME_ADDRESS
    return similarity(words, others) >= SAME


def _same_address(one: Candidate, other: Candidate) -> bool:
    return bool(one.url and other.url) and canonical_url(one.url or "") == canonical_url(other.url or "")


def _without_notices(
    found: Mapping[str, str], candidates: Mapping[str, Candidate], text: Callable[[str], str]
) -> dict[str, str]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for copy, original in found.items():
        groups[original] |= {candidates[id].title.casefold() for id in (copy, original)}

    def share_a_notice(one: Candidate, other: Candidate) -> bool:
        if len(groups[other.id]) > TITLES_AT_MOST:
            return True
        return not _same_address(one, other) and not (
            (_has(one.title, other.title) and _has(other.title, one.title))
            or (_has(text(one.id), one.title) and _has(text(other.id), other.title))
        )

    pairs = {copy: (candidates[copy], candidates[original]) for copy, original in found.items()}
    return {copy: other.id for copy, (one, other) in pairs.items() if not share_a_notice(one, other)}


def _has(text: str, title: str) -> bool:
    """Whether `text` has most of the title's longer words."""
    words = set(_LONGER_WORD.findall(title.casefold()))
    return not words or len(words & set(_LONGER_WORD.findall(text.casefold()))) > ABOUT * len(words)


def _minhash(signature: bytes | None) -> "MinHash":
    """The MinHash of that signature, or an empty one."""
    from datasketch import MinHash

    values = None if signature is None else np.frombuffer(signature, dtype="<u4").astype(np.uint32)
    return MinHash(num_perm=PERMUTATIONS, seed=_SEED, scheme=_SCHEME, hashvalues=values)

"""Passages of copies folded into one: what stands in two places is found once, and says where else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from .duplicates import shingles
from .types import Hit

_SHARED = 0.5
"""Part of the shorter passage's five-word runs that the other must have; boundaries of passages differ
between copies."""


def folded(hits: Sequence[Hit], groups: Mapping[str, tuple[str, ...]], k: int) -> list[Hit]:
    """The first `k` hits without those that repeat, in a copy, what an earlier one says.

    `groups` has, for each article that has copies, the ids of all of them, itself included. A passage
    that only one of the copies has stays.
    """
    kept: list[Hit] = []
    told: defaultdict[tuple[str, ...], list[Hit]] = defaultdict(list)
    for hit in hits:
        group = groups.get(hit.passage.article_id)
        if group is not None:
            if any(_repeats(hit, earlier) for earlier in told[group]):
                continue
            told[group].append(hit)
            others = tuple(id for id in group if id != hit.passage.article_id)
            hit = Hit(hit.passage, hit.score, others)
        kept.append(hit)
        if len(kept) == k:
            break
    return kept


def _repeats(hit: Hit, earlier: Hit) -> bool:
    if hit.passage.article_id == earlier.passage.article_id:
        return False
    one, other = shingles(hit.passage.text), shingles(earlier.passage.text)
    return len(one & other) >= _SHARED * min(len(one), len(other))

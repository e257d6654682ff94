"""How a build tells whoever waits for it how far it is."""

from typing import Protocol

STEPS = (
    "read",
    "draft",
    "copies",
    "encode",
    "close",
    "check",
    "sync",
    "seal",
    "swap",
    "done",
)
"""The steps of a build that changes something, in order; one that changes nothing only reads.

read: sources are compared with the index, and what differs is written to a draft as it is met, and encoded
meanwhile where it is much; draft: the draft is begun, as a copy of what is there; copies: articles that say
the same are found; encode: the passages that have no vector yet get theirs; close: vectors are put together,
and all stores closed; check: a child process opens them; sync: files are put on the disk; seal: the manifest
is written; swap: CURRENT is replaced; done: the new generation serves.
Before all of them comes `export` (EXPORT) where another encoder than the bundled one is exported.
"""


EXPORT = "export"


class Progress(Protocol):
    """Called from the building thread, but for `reading`, which is called from one that works ahead of it.
    `encoding` says how many passages are not in the cache, and comes again when more are met."""

    def step(self, name: str) -> None:
        """A step begins: one of STEPS, or EXPORT."""

    def reading(self, name: str) -> None:
        """The source of that name is looked at: a path, or an address."""

    def encoding(self, total: int) -> None: ...
    def encoded(self, passages: int) -> None: ...


class NoProgress:
    """Says nothing."""

    def step(self, name: str) -> None:
        pass

    def reading(self, name: str) -> None:
        pass

    def encoding(self, total: int) -> None:
        pass

    def encoded(self, passages: int) -> None:
        pass

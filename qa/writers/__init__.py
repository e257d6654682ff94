"""How an answer gets written. A writer is one file and one line in this table.

A writer is given what was found and yields the answer's Markdown in pieces; a marker comes whole, in
one piece, after its citation was handed out.
"""

from .extractive import write as extractive
from .types import Finding, Writer, Written

WRITERS: dict[str, Writer] = {
    "extractive": extractive,
}

__all__ = ["WRITERS", "Finding", "Writer", "Written"]

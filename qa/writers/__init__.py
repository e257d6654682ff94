"""How an answer gets written. A writer is one file and one line in this table.

A writer is given what was found and yields the answer's Markdown in pieces; a marker comes whole, in
one piece, after its citation was handed out.
"""

from .extractive import write as extractive
from .llm import write as written_by_a_model
from .types import Finding, Reading, Writer, Written

WRITERS: dict[str, Writer] = {
    "extractive": extractive,
}
WITH_A_MODEL: Writer = written_by_a_model
"""Writes where a model is chosen."""

__all__ = ["WITH_A_MODEL", "WRITERS", "Finding", "Reading", "Writer", "Written"]

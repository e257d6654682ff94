"""Answers as JSON, and back: what is kept of a conversation, and what is exported.

`hits` are not kept: everything that was read would be many times as long as what was said of it.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any, TypeVar

from index.days import from_iso
from qa import Answer, Citation, Claim, Usage

Kept = TypeVar("Kept", Answer, Citation, Claim, Usage)


def record(answer: Answer) -> dict[str, Any]:
    """The answer with JSON's values only; each citation also has its `link`."""
    kept = asdict(replace(answer, hits=()))
    del kept["hits"]
    for citation, values in zip(answer.citations, kept["citations"], strict=True):
        values["link"] = citation.link
        values["published"] = citation.published and citation.published.isoformat()
    return kept


def answer_of(record: Mapping[str, Any]) -> Answer:
    """The answer of a record. Fields that this version does not know are left out, so that what another
    version kept can be read."""
    return _made(
        Answer,
        record,
        citations=tuple(
            _made(Citation, each, published=_day(each.get("published"))) for each in record["citations"]
        ),
        claims=tuple(_made(Claim, each, markers=tuple(each["markers"])) for each in record.get("claims", ())),
        usage=_made(Usage, record.get("usage", {})),
        notes=tuple(record.get("notes", ())),
    )


def _made(cls: type[Kept], values: Mapping[str, Any], **read: Any) -> Kept:
    known = {field.name for field in fields(cls)}
    return cls(**{name: value for name, value in values.items() if name in known} | read)


def _day(text: str | None) -> date | None:
    return from_iso(text) if text else None

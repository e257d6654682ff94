"""Hits of the time that a question is about: found among those days, favoured, or said to be old."""

from collections.abc import Sequence
from datetime import date, timedelta

from index.days import readable
from index.filters import Filter
from index.snapshot import Snapshot
from index.types import Hit

from .followup import Standing
from .types import Citation
from .when import When

_AMONG = 1.1
"""Log-odds that speak for a hit published in the days that are asked about: about 3 to 1."""
_NEWER = 1.0
"""Log-odds that speak for the newest of the hits against the oldest, where it is asked how things stand."""
_OLD = timedelta(days=90)
"""Evidence of how things stand now is old after this."""


def found(
    snapshot: Snapshot, standing: Standing, when: When | None, most: int, scope: Filter | None = None
) -> tuple[list[Hit], list[str]]:
    """The hits, all within `scope`, and what there is to be said about their time. Days that are told by
    today's are kept to, unless nothing was published in them."""
    from index.search import search  # loads LlamaIndex

    notes = []
    if when is not None and when.strict:
        days = Filter(since=when.since, until=when.until).both(scope)
        if hits := search(snapshot, standing.wordings, most, days, standing.weights):
            return hits, []
        notes = [f"None of your articles was published {_between(when)}; this is from the others."]
    return search(snapshot, standing.wordings, most, scope, standing.weights), notes


def favours(published: Sequence[date | None], when: When | None) -> list[float]:
    """For each hit, by its article's day, the log-odds that its time speaks for it."""
    if when is None:
        return [0.0] * len(published)
    newest_first = when.now or (when.since is None and when.until is not None)
    among = [when.holds(day) is not False for day in published]
    days = sorted({day for day, fits in zip(published, among, strict=True) if day is not None and fits})
    found = []
    for day, fits in zip(published, among, strict=True):
        favour = _AMONG if when.holds(day) else 0.0
        if newest_first and fits and day is not None and len(days) > 1:
            favour += _NEWER * days.index(day) / (len(days) - 1)
        found.append(favour)
    return found


def age(citations: Sequence[Citation], when: When | None, today: date) -> list[str]:
    """A note where a question about now is answered from articles of long ago."""
    days = [citation.published for citation in citations if citation.published is not None]
    if when is None or not (when.now or when.strict) or not days or today - max(days) <= _OLD:
        return []
    return [f"The newest article quoted here is of {readable(max(days))}; much may have changed since."]


def _between(when: When) -> str:
    if when.since is None or when.until is None:
        day = when.since or when.until
        return f"{'since' if when.since else 'until'} {readable(day)}" if day else ""
    if when.since == when.until:
        return f"on {readable(when.since)}"
    return f"from {readable(when.since)} to {readable(when.until)}"

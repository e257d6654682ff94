"""What `byline eval` prints: the measures of a library, one a line."""

from typing import TYPE_CHECKING

from .terminal import counted

if TYPE_CHECKING:
    from qa.evaluate import Evaluation


def table(found: "Evaluation") -> str:
    """The table; a measure without questions that it could be taken of is left out."""
    unanswerable = found.questions - found.answerable
    head = (
        f"{counted(found.questions, 'question')}: {found.answerable:,} that the articles answer, "
        f"{unanswerable:,} that they do not"
    )
    rows = [
        *(("an answer " + _among(k), _percent(share)) for k, share in (found.answer_at or {}).items()),
        ("short answer exactly right (EM)", _percent(found.exact)),
        ("words in common with a right one (F1)", _percent(found.f1)),
        ("the answer in a quotation", _percent(found.quoted)),
        ("abstained, though the articles answer", _percent(found.abstained)),
        ("abstained, where they do not", _percent(found.abstained_rightly)),
        ("wrong, of the answers given", _percent(found.wrong)),
        ("sentences of the model with a citation", _percent(found.cited)),
        ("support of these, mean", "" if found.support is None else f"{found.support:.2f}"),
        ("citations that are exact", f"{found.citations - found.inexact:,} of {found.citations:,}"),
        ("seconds an answer, median", f"{found.seconds_median:.2f}"),
        ("seconds an answer, 95th percentile", f"{found.seconds_p95:.2f}"),
    ]
    return "\n".join([head, "", *(f"{name:<40}{value:>9}" for name, value in rows if value)])


def _among(k: int) -> str:
    return "in the first passage" if k == 1 else f"in the first {k} passages"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"

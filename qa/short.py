"""A span as a short answer: "Yes" and "No" where a sentence says so, and none where one makes no sense."""

import re

_LONGEST = 14
"""Words of a short answer; what takes more is better read in its sentence."""
_YES_NO = re.compile(
    r"^\W*(?:(?:and|but|so|or|then),? )?"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?\b"
    r"(?=\W+\w)(?!.*\bor\b)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|without|cannot|hardly|refus\w+|den(?:y|ies|ied)"
    r"|declin\w+|reject\w+|rul(?:e|ed|es) out|waiv\w+|fail(?:ed|s)? to|free of|unharmed|unhurt)\b|n['’]t\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")


def is_yes_no(question: str) -> bool:
    """Whether a question asks for yes or no: "Did it rain?", but not "Was it rain or snow?"."""
    return _YES_NO.search(question) is not None


def short_answer(question: str, span: str, sentence: str) -> str | None:
    """The short answer that a span of a sentence is; None where the span is too long for one."""
    if is_yes_no(question):
        denied = _DENIES.search(sentence) is not None
        return "No" if denied != (_DENIES.search(question) is not None) else "Yes"
    return span if len(_WORD.findall(span)) <= _LONGEST else None

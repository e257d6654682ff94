"""What kind of thing a question asks for, and whether a sentence has one. Words of English only."""

import re


def _any(words: str) -> str:
    return "|".join(words.split())


_MEASURES = _any("many much old long far high tall big large fast often deep heavy wide late early")
_AMOUNTS = _any("percentage share number price age score cost total amount size speed")
_PERIODS = _any("year date day month time decade century week weekday")
_NAMED = _any(
    "country city town village state company firm team club person man woman airport station newspaper "
    "film book place river bridge ship actor singer author player coach minister president party"
)
_ASKED = (
    ("number", re.compile(rf"\bhow ({_MEASURES})\b(?! ago\b)|\b(what|which) ({_AMOUNTS})\b")),
    ("time", re.compile(rf"\bwhen\b|\b(what|which) ({_PERIODS})\b|\bhow long ago\b")),
    ("name", re.compile(rf"\b(who|whom|whose|where)\b|\b(what|which) ({_NAMED})\b")),
)

_CALENDAR = _any(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday yesterday today tomorrow tonight"
)
_NUMERALS = _any(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "million billion half quarter third dozen"
)
_HELD = {
    "number": re.compile(rf"\d|\b({_NUMERALS})\b", re.IGNORECASE),
    "time": re.compile(
        rf"\b(1\d\d\d|20\d\d|{_CALENDAR}|\w+ (days?|weeks?|months?|years?) (ago|later|earlier))\b"
        r"|\b\d\d?[:.]\d\d\b",
        re.IGNORECASE,
    ),
}
NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+")


def asked(question: str) -> str | None:
    """ "number", "time" or "name"; None where the question word does not say."""
    lowered = question.lower()
    return next((kind for kind, pattern in _ASKED if pattern.search(lowered)), None)


def has(kind: str | None, text: str, question: str) -> bool:
    """Whether a sentence holds something of that kind; a name only where the question does not say it."""
    if kind == "name":
        said = {name.casefold() for name in NAME.findall(question)}
        return any(match[0].casefold() not in said for match in NAME.finditer(text, 1))
    return kind is not None and _HELD[kind].search(text) is not None

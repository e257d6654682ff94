"""Characters that nobody sees, taken out of what goes to a model and of what comes from one."""

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no white space
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"  # no width, direction
    "\ufff9-\uffff\ud800-\udfff"  # annotations, no characters, halves of surrogate pairs
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"  # tags and variants that spell hidden text, private use
)
_LINES = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""What ends a line somewhere and is no newline."""


def seen(text: str) -> str:
    """`text` without unseen characters, its lines ended by newlines. The joiners that Persian, Hindi and
    emoji are written with stay."""
    return _UNSEEN.sub("", _LINES.sub("\n", text))


def seen_on_one_line(text: str) -> str:
    """The same with single spaces for all white space."""
    return " ".join(seen(text).split())

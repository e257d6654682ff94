"""The one place where text becomes canonical: what `Article.text` holds, and every offset counts in.

As little as possible is changed, because quotations are exact: no Unicode normalisation, no folding
of spaces, and bidirectional controls stay.
"""

import re

_LINE_ENDS = re.compile(r"\r\n?")
# The C0 controls but tab and newline, and the byte order mark wherever joined files left one.
_DROPPED = re.compile("[\x00-\x08\x0b-\x1f\ufeff]")
# JSON can escape half of a surrogate pair, which no UTF-8 file or database can hold.
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_LONGEST_SHOWN = 120  # characters


def canonical(text: str) -> str:
    """`text` with `\\n` line ends, storable as UTF-8, without blank lines before or space after it."""
    text = _LINE_ENDS.sub("\n", text)
    text = _DROPPED.sub("", text)
    text = _LONE_SURROGATES.sub("\ufffd", text)
    text = text.rstrip()
    first_line = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    return text[first_line:]


def shown(text: str) -> str:
    """What a file says, as a message may repeat it: printable, on one line, and not long."""
    text = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    return "".join(character if character.isprintable() else "?" for character in text).strip()


def one_line(value: object) -> str | None:
    """A string as one canonical line (a title, a name, an address); None if it is none, or blank."""
    if not isinstance(value, str):
        return None
    return " ".join(canonical(value).split()) or None

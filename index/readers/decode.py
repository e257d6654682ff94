"""Bytes to characters: a byte order mark decides, then UTF-8, then what the page declares, then a guess."""

import codecs
import re

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

# `<meta charset="…">`, `content="text/html; charset=…"` and `<?xml encoding="…"?>`.
_DECLARATION = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096  # bytes; the HTML standard wants it in the first 1024

# What pages may declare, by Python's names. Python knows more codecs, such as punycode, and some of
# those can be made to take for ever.
_DECLARABLE = re.compile(
    r"ascii|cp125\d|cp8\d\d|cp9\d\d|iso8859-\d+|koi8-[ru]|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*"
)
_STATABLE = re.compile(rf"utf-(?:8|16|32)(?:-[bl]e|-sig)?|{_DECLARABLE.pattern}")
# The wider encoding that a declared one stands for (https://encoding.spec.whatwg.org/#names-and-labels).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}

# What text files are found in, where they are not in Unicode. A free choice among all of Python's
# encodings goes wrong on short texts: five words of French are then "mac_latin2".
_GUESSABLE = ["cp1252", "cp1250", "cp1251", "cp1253", "koi8_r", "cp932", "euc_jp", "gb18030", "big5", "cp949"]
_GUESSED_FROM = 64 * 1024  # bytes
_NOT_ASCII_LINE = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
# Two readings whose `chaos` differs by less look equally good.
_SAME_CHAOS = 0.02


def byte_order_mark(data: bytes) -> str | None:
    """The encoding whose byte order mark `data` begins with; it also takes the mark off."""
    return next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)


def declared_encoding(page: bytes) -> str | None:
    """The encoding that an HTML page says it is in, if it is one that pages are in."""
    found = _DECLARATION.search(page, 0, _DECLARED_WITHIN)
    return _called(found[1].decode("ascii"), _DECLARABLE) if found else None


def stated_encoding(charset: str) -> str | None:
    """The encoding that a server calls so, which may be a Unicode one, too; None if it is not of the web."""
    return _called(charset, _STATABLE)


def _called(label: str, known: re.Pattern[str]) -> str | None:
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):  # ValueError: a NUL in it
        return None
    return _WIDER.get(name, name) if known.fullmatch(name) else None


def decode(data: bytes, declared: str | None = None) -> str | None:
    """The characters of `data`; None if it is not text in any encoding that can be recognised."""
    if marked := byte_order_mark(data):
        return data.decode(marked, "replace")
    if (text := _as_utf8(data)) is not None:
        return text
    encoding = declared or _guess(data)
    return data.decode(encoding, "replace") if encoding else None


def _as_utf8(data: bytes) -> str | None:
    """`data` as UTF-8, if that is what it is, a few broken bytes aside.

    A file that was cut off within a character is still UTF-8. In any other encoding hardly a byte
    above 127 happens to fit.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    fitting = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if fitting > broken else None


def _guess(data: bytes) -> str | None:
    """The most plausible encoding of the lines that are not ASCII: the others say nothing.

    Among Latin readings that look equally good the Western European one is taken, as browsers do.
    """
    from charset_normalizer import from_bytes

    sample = bytearray()
    for line in _NOT_ASCII_LINE.finditer(data):
        sample += line[0][: _GUESSED_FROM - len(sample)]
        if len(sample) >= _GUESSED_FROM:
            break
    matches = from_bytes(bytes(sample), cp_isolation=_GUESSABLE)
    best = matches.best()
    if best is None:
        return None
    for match in matches:
        if "cp1252" in match.could_be_from_charset and match.chaos <= best.chaos + _SAME_CHAOS:
            return "cp1252"
    return best.encoding

"""Article text inside Markdown: shown as it is, never as markup, and never as a marker of ours."""

import re

# What could open emphasis, code, a link or a marker, HTML, a table, mathematics, or link itself.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>~$&|#@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
# What would make a heading, a list, a quotation or a rule of the line it begins.
_AT_START = re.compile(r"^([-+=]|\d{1,9}(?=[.)]))")
_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"(?<!\\)\[(\d{1,4})\]")
_MARKUP = re.compile(r"\\([^\w\s]|_)|\*\*")


def escaped(text: str) -> str:
    """`text` on one line, with a backslash before whatever Markdown or a reader of markers could take
    for its own."""
    one_line = _ANYWHERE.sub(r"\\\g<0>", _SPACE.sub(" ", text).strip())
    start = _AT_START.match(one_line)
    if start is None:
        return one_line
    return f"{start[0]}\\{one_line[start.end() :]}" if start[0][0].isdigit() else f"\\{one_line}"


def inline(text: str) -> str:
    """`text` as it may stand within a line: escaped, its white space as it is."""
    return _ANYWHERE.sub(r"\\\g<0>", text)


def emphasised(text: str, start: int, end: int) -> str:
    """`text` escaped, with `text[start:end]` in bold where Markdown can say so."""
    whole, head, upto = escaped(text), escaped(text[:start]), escaped(text[:end])
    if not (0 <= start < end <= len(text) and _can_be_bold(text, start, end)):
        return whole
    if not (whole.startswith(upto) and upto.startswith(head)):
        return whole
    between = upto[len(head) :]
    words = between.lstrip()
    return f"{head}{between[: len(between) - len(words)]}**{words}**{whole[len(upto) :]}"


def _can_be_bold(text: str, start: int, end: int) -> bool:
    """Whether `**` opens and closes there: not between a letter or digit and a mark that is neither.

    https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    bold = text[start:end]
    if bold != bold.strip():
        return False
    opens = bold[0].isalnum() or start == 0 or not text[start - 1].isalnum()
    return opens and (bold[-1].isalnum() or end == len(text) or not text[end].isalnum())


def plain(markdown: str) -> str:
    """Our own Markdown as plain text, for a terminal: escapes and bold taken away."""
    return _MARKUP.sub(lambda match: match[1] or "", markdown)


def markers(markdown: str) -> list[int]:
    """The numbers of an answer's markers, in order; brackets of the articles themselves are escaped."""
    return [number for number, _, _ in places(markdown)]


def places(markdown: str) -> list[tuple[int, int, int]]:
    """Each marker's number, and where it begins and ends."""
    return [(int(found[1]), found.start(), found.end()) for found in _MARKER.finditer(markdown)]


def unmarked(markdown: str) -> str:
    """Without its markers."""
    return re.sub(rf" ?{_MARKER.pattern}", "", markdown)

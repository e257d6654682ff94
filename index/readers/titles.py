"""A title for what states none: its first line, its file's name, or its first words."""

import re

_LONGEST_TITLE = 120  # characters of a first line
_LONGEST_OPENING = 80  # characters, the ellipsis included
_UNDERLINE = re.compile(r"={3,}|-{3,}")
# What a line ends with that is a sentence, a greeting or the start of a list, and no title.
_NO_TITLE_ENDS_WITH = (".", ",", ";", ":", "。")
# Markdown's images, links, quotations, tables, lists, code and emphasis; and HTML.
_NO_TITLE_BEGINS_WITH = ("!", "[", ">", "|", "-", "*", "+", "`", "<", "#")
_CLOSING_QUOTES = "\"'”’»)"
_LEADING_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}(?=[-_\s])")
_BETWEEN_WORDS = re.compile(r"[-_.\s]+")
_WORD = re.compile(r"[^\W\d_]{2,}")


def title_for(text: str, stem: str) -> str:
    """The title of `text`, which is not blank, from a file called `stem`."""
    return title_line(text) or title_from_stem(stem) or opening_words(text)


def title_line(text: str) -> str | None:
    """The first line, if it is set as a heading, or stands alone and looks like a title."""
    first, _, rest = text.partition("\n")
    second = rest[:_LONGEST_TITLE].partition("\n")[0].strip()
    line = first.strip()
    if len(line) > _LONGEST_TITLE or not rest:
        return None
    if heading := heading_of(line, deepest=6):
        return heading
    if not _WORD.search(line) or line.startswith(_NO_TITLE_BEGINS_WITH):
        return None
    if _UNDERLINE.fullmatch(second):
        return line
    alone = not second
    return line if alone and not line.rstrip(_CLOSING_QUOTES).endswith(_NO_TITLE_ENDS_WITH) else None


def heading_of(line: str, deepest: int = 1) -> str | None:
    """`Rome` of the Markdown heading line `# Rome #`; None if it is none, or deeper than `deepest`."""
    marker, _, title = line.partition(" ")
    if not marker or marker.strip("#") or len(marker) > deepest:
        return None
    words, _, closing = title.rstrip().rpartition(" ")
    return (words if closing and not closing.strip("#") else title).strip() or None


def title_from_stem(stem: str) -> str | None:
    """`My trip to rome` of `2023-03-09-my-trip-to-rome`; None with fewer than two words to it."""
    words = [word for word in _BETWEEN_WORDS.split(_LEADING_DAY.sub("", stem)) if word]
    if sum(_WORD.fullmatch(word) is not None for word in words) < 2:
        return None
    title = " ".join(words)
    return title[0].upper() + title[1:]


def opening_words(text: str) -> str:
    """The first words of `text`, cut at the end of a word and with an ellipsis if there are more."""
    opening = " ".join(text.lstrip()[: 4 * _LONGEST_OPENING].split())
    if len(opening) <= _LONGEST_OPENING:
        return opening
    cut = opening[:_LONGEST_OPENING]
    return (cut.rpartition(" ")[0] or cut[:-1]) + "…"

"""What an answer looks like: its text made safe for the chat, its markers links, its sources below.

Nothing of an article, a model or a person reaches the page as markup. An answer's text is read as
the little Markdown that it may hold (backslash escapes, `**bold**`, `[n]`, bullets, quoted lines), with
the marks of what is not borne out in italics; everything else in it is shown as the characters that it is.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from index.days import readable
from qa import Answer, Citation
from qa.markdown import plain

PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Controls, changes of the writing direction, and halves of surrogate pairs."""
UNBROKEN = "\u00a0"
"""A space at which no line ends."""

BLOCK = re.compile(r"(?:>|[-*](?= ))?[ \t]*")
"""What may begin a line of an answer: a quoted line or a bullet."""

MARKS = re.compile(r"\((?:unsourced|weakly[ ]supported|not[ ]in[ ]your[ ]articles:[ ][^()\n]*)\)")
"""What `qa.compose` writes behind a sentence of a model that its citations do not bear out."""

INLINE = re.compile(
    rf"""\\(?P<literal>{PUNCTUATION.pattern})
       | (?P<bold>\*\*)
       | [ ]?\[(?P<marker>[0-9]{{1,4}})\]
       | (?P<mark>{MARKS.pattern})
       | [^\\*\[( ]+ | .""",
    re.VERBOSE,
)

UNFINISHED = re.compile(r"(?:\\|(?<![\\*])\*)\Z")
"""Half of an escape or of a `**`, where a stream stands between two pieces."""

CONFIDENCE = (
    (0.9, "Very likely the answer ({:.0%})."),
    (0.7, "Probably the answer ({:.0%})."),
    (0.4, "Perhaps the answer ({:.0%}): check it in its article."),
    (0.0, "Doubtful ({:.0%}): check it in its article."),
)
"""The least probability for which each is said."""


def literal(text: str) -> str:
    """Markdown that shows `text` as it stands, its line breaks included."""
    lines = UNSEEN.sub("", text.replace("\r\n", "\n")).strip().split("\n")
    return "\n".join(_escape(line.strip()) for line in lines)


def draft(text: str, citations: Sequence[Citation]) -> str:
    """An answer as far as it has come, for the chat."""
    return body(UNFINISHED.sub("", text), citations)


def finished(answer: Answer) -> str:
    """An answer for the chat: its text, how sure it is, its notes and its sources."""
    text = f"> {answer.text}" if answer.abstained else answer.text  # its first paragraph says so
    parts = [body(text, answer.citations), "---"]
    if not answer.abstained:
        parts.append(confidence_in_words(answer.confidence))
    parts += [literal(" ".join(note.split())) for note in answer.notes]
    if answer.citations:
        parts.append("\n".join(sources(answer.citations)))
    return "\n\n".join(parts) if len(parts) > 2 else parts[0]


def body(text: str, citations: Iterable[Citation]) -> str:
    """`text` with its markers as links to `citations`; one that resolves to none stays plain text."""
    addresses = {citation.marker: address(citation) for citation in citations}
    lines = UNSEEN.sub("", text).strip().split("\n")
    return "\n".join(_line(line.strip(), addresses) for line in lines)


def sources(citations: Iterable[Citation]) -> list[str]:
    """A list item for each article cited: its first quotation's number and title, then the others'."""
    by_article: dict[str, list[Citation]] = {}
    for citation in citations:
        by_article.setdefault(citation.article_id, []).append(citation)
    items = []
    for first, *others in by_article.values():
        title = _escape(one_line(first.title)) or "Untitled"
        parts = [f"[<sup>{first.marker}</sup> {title}]({address(first)})"]
        if first.site:
            parts.append(_escape(one_line(first.site)))
        if first.published:
            parts.append(readable(first.published).replace(" ", UNBROKEN))
        if others:
            parts.append("also " + " ".join(f"[{other.marker}]({address(other)})" for other in others))
        items.append("- " + " · ".join(parts))
    return items


def address(citation: Citation) -> str:
    """Where a quotation is read in its article, relative to the page; see `ui.articles`."""
    query = {
        "id": citation.article_id,
        "start": citation.start,
        "end": citation.end,
        "n": citation.marker,
        "check": fingerprint(citation.quote),
    }
    return f"article?{urlencode(query, errors='replace')}#quote"


def address_of(article_id: str) -> str:
    """Where an article is read from its beginning."""
    return f"article?{urlencode({'id': article_id}, errors='replace')}"


def fingerprint(quote: str) -> str:
    """A few characters that tell whether an article still has the quoted words at their place."""
    return hashlib.sha256(quote.encode("utf-8", "replace")).hexdigest()[:8]


def confidence_in_words(probability: float) -> str:
    """`Probably the answer (81%).`"""
    return next(words for least, words in CONFIDENCE if probability >= least).format(probability)


def one_line(text: str) -> str:
    return " ".join(UNSEEN.sub("", text).split())


def _line(line: str, addresses: dict[int, str]) -> str:
    block = BLOCK.match(line)
    assert block is not None, "it matches the empty string"
    shown, bold = [block[0]], False
    for token in INLINE.finditer(line, block.end()):
        if token["bold"]:
            bold = not bold
            shown.append("<strong>" if bold else "</strong>")
        elif token["mark"]:
            shown.append(f"<em>{_escape(plain(token['mark']))}</em>")
        elif token["marker"] and int(token["marker"]) in addresses:
            shown.append(f"[{int(token['marker'])}]({addresses[int(token['marker'])]})")
        else:
            shown.append(_escape(token["literal"] or token[0]))
    return "".join(shown) + ("</strong>" if bold else "")


def _escape(text: str) -> str:
    return PUNCTUATION.sub(r"\\\g<0>", text)

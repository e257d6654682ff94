"""An answer as a chat client shows it: its text, and below a rule its notes and its sources."""

from urllib.parse import quote

from index.days import readable
from qa import Answer, Citation
from qa.markdown import escaped

RULE = "\n\n---\n\n"
"""Between an answer and its sources. Answers hold no rule: an article's words are escaped."""


def below(answer: Answer) -> str:
    """What stands below an answer, its rule included, in Markdown; empty where there is nothing to say."""
    parts = [escaped(note) for note in answer.notes]
    if answer.citations:
        parts.append("\n".join(map(_source, answer.citations)))
    return RULE + "\n\n".join(parts) if parts else ""


def _source(citation: Citation) -> str:
    title = escaped(citation.title) or "Untitled"
    if citation.link:
        title = f"[{title}](<{quote(citation.link, safe=LEGAL)}>)"
    day = citation.published and readable(citation.published)
    facts = [escaped(fact) for fact in (citation.site, day) if fact]
    return f"- \\[{citation.marker}\\] " + ", ".join([title, *facts])


LEGAL = "!#$%&'()*+,/:;=?@[]~"
"""What an address may hold as it is (RFC 3986); angle brackets and spaces would end a link."""

"""RSS and Atom feeds, saved as files: one article an entry that carries its whole text.

feedparser fetches no entity, and expat, below it, refuses those that would become very long.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ..errors import SourceError
from ..types import Article, Failure
from .blocks import blocks_of, joined
from .canonical import canonical, one_line
from .ids import digest
from .opening import whole_file
from .origin import Origin
from .pages import parse_html
from .stated import make_article
from .titles import opening_words

LARGEST_FEED = 20_000_000  # bytes

_ENOUGH = 500  # characters; a shorter summary is a teaser, or the first lines
_PLAIN = "text/plain"
_HEAD = 64 * 1024  # bytes that a root is looked for in
# What stands before the root of a feed or sitemap: the XML declaration, comments, a doctype.
_DOCTYPE = r"<!doctype\s[^<>\[]*+(?:\[(?:(?!\]\s*>).)*+\]\s*+)?>"
_PROLOG = rf"(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->|{_DOCTYPE})*+"
_FEED = re.compile(rf"{_PROLOG}<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL)
_SITEMAP = re.compile(rf"{_PROLOG}<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL)


def looks_like_feed(text: str) -> bool:
    """Whether canonical text has the root of an RSS or Atom feed, or of a sitemap."""
    return _FEED.match(text) is not None or _SITEMAP.match(text) is not None


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article | Failure]:
    """The entries that carry their text; those that do not are counted in one Failure."""
    import feedparser

    data = whole_file(stream, origin.source, LARGEST_FEED)
    if _SITEMAP.match(canonical(data[:_HEAD].decode("latin-1"))):
        raise SourceError(origin.source, "is a sitemap: it has the addresses of articles, and not their text")
    try:
        feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise
    except Exception as error:  # a feed that trips feedparser must not end the reading of the others
        raise SourceError(origin.source, f"cannot be read as a feed ({type(error).__name__})") from error
    if not feed.get("version"):
        raise SourceError(origin.source, "is neither an RSS nor an Atom feed")
    if not feed.entries:
        raise SourceError(origin.source, "is a feed without entries, or a damaged one")
    without = 0
    for entry in feed.entries:
        if text := _full_text(entry):
            yield _article(text, entry, feed.feed, origin)
        else:
            without += 1
    if without:
        many = len(feed.entries)
        them = f"{without} of its {many} entries have" if many > 1 else "its only entry has"
        yield Failure(origin.source, f"{them} no full text in the feed")


def _article(text: str, entry: Any, feed: Any, origin: Origin) -> Article:
    title = _plain(entry.get("title_detail"))
    # By dict's own `get`: feedparser's gives the day of publication for that of an update.
    stated = {
        "title": title,
        "url": entry.get("link"),
        "authors": entry.get("authors") or feed.get("authors"),
        "published": dict.get(entry, "published"),
        "updated": dict.get(entry, "updated"),
        "site": _plain(feed.get("title_detail")),
        "language": _language(entry) or feed.get("language"),
    }
    opening = opening_words(text)
    part = digest(one_line(entry.get("id")) or title or opening)
    return make_article(text, stated, origin, title=opening, part=part)


def _full_text(entry: Any) -> str:
    """The content of an entry, or its summary where that is long enough to be all; empty if neither is."""
    texts = [_text(content) for content in entry.get("content", [])]
    summary = _text(entry.get("summary_detail"))
    if len(summary) > _ENOUGH:
        texts.append(summary)
    return max(texts, key=len, default="")


def _text(detail: Any) -> str:
    """Canonical text of a construct of feedparser's, which says whether it is marked up."""
    value = (detail or {}).get("value") or ""
    if not value.strip() or detail.get("type") == _PLAIN:
        return canonical(value)
    try:
        return joined(blocks_of(parse_html(value, "")))
    except SourceError:  # nothing but comments, or nested too deeply
        return ""


def _plain(detail: Any) -> str | None:
    """A title on one line, without its mark-up."""
    return one_line(_text(detail))


def _language(entry: Any) -> str | None:
    return next((content.get("language") for content in entry.get("content", [])), None)

"""RSS and Atom feeds: one article an entry that carries its whole text; of the others, what it says of them.

feedparser fetches no entity, and expat, below it, refuses those that would become very long.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
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
from .urls import web_url

LARGEST_FEED = 20_000_000  # bytes

_ENOUGH = 500  # characters; a shorter summary is a teaser, or the first lines
_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_PAGES = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
_HEAD = 64 * 1024  # bytes that a root is looked for in
# What stands before the root of a feed or sitemap: the XML declaration, comments, a doctype.
_DOCTYPE = r"<!doctype\s[^<>\[]*+(?:\[(?:(?!\]\s*>).)*+\]\s*+)?>"
_PROLOG = rf"(?:\s++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->|{_DOCTYPE})*+"
_FEED = re.compile(rf"{_PROLOG}<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE | re.DOTALL)
_SITEMAP = re.compile(rf"{_PROLOG}<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL)


def looks_like_feed(text: str) -> bool:
    """Whether canonical text has the root of an RSS or Atom feed, or of a sitemap."""
    return _FEED.match(text) is not None or looks_like_sitemap(text)


def looks_like_sitemap(text: str) -> bool:
    """Whether canonical text has the root of a sitemap."""
    return _SITEMAP.match(text) is not None


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article | Failure]:
    """The entries of a feed that was saved as a file; those that do not carry their text are counted in one
    Failure."""
    many = without = 0
    for entry in _entries(stream, origin):
        many += 1
        if entry.text:
            yield entry.article(origin)
        else:
            without += 1
    if without:
        them = f"{without} of its {many} entries have" if many > 1 else "its only entry has"
        yield Failure(origin.source, f"{them} no full text in the feed")


def read_entries(
    stream: BinaryIO, origin: Origin, content_type: str | None = None
) -> Iterator[Article | Failure]:
    """Every entry of a feed that was fetched, as an article: with an empty text if only the page that it
    links to has it. A Failure for what has neither."""
    for entry in _entries(stream, origin, content_type):
        if entry.text or entry.link:
            yield entry.article(origin)
        else:
            yield Failure(origin.source, f"entry {entry.name} has neither its text nor a link to a page")


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    text: str
    title: str | None
    link: str | None
    stated: Any
    """By feedparser, of the entry, and of the feed."""
    feed: Any

    @property
    def name(self) -> str:
        return repr(self.title) if self.title else f"{self.number}"

    def article(self, origin: Origin) -> Article:
        # By dict's own `get`: feedparser's gives the day of publication for that of an update.
        stated = {
            "title": self.title,
            "url": self.link,
            "authors": self.stated.get("authors") or self.feed.get("authors"),
            "published": dict.get(self.stated, "published"),
            "updated": dict.get(self.stated, "updated"),
            "site": _plain(self.feed.get("title_detail")),
            "language": _language(self.stated) or self.feed.get("language"),
        }
        opening = opening_words(self.text)
        part = digest(one_line(self.stated.get("id")) or self.title or opening)
        return make_article(self.text, stated, origin, title=opening, part=part)


def _entries(stream: BinaryIO, origin: Origin, content_type: str | None = None) -> Iterator[_Entry]:
    """SourceError if there are none. Relative links are resolved against xml:base and where the feed is."""
    import feedparser

    data = whole_file(stream, origin.source, LARGEST_FEED)
    if looks_like_sitemap(canonical(data[:_HEAD].decode("latin-1"))):
        raise SourceError(origin.source, "is a sitemap: it has the addresses of articles, and not their text")
    told = {"content-location": origin.url, "content-type": content_type}
    try:
        feed = feedparser.parse(
            io.BytesIO(data),
            response_headers={name: value for name, value in told.items() if value},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except MemoryError:
        raise
    except Exception as error:  # a feed that trips feedparser must not end the reading of the others
        raise SourceError(origin.source, f"cannot be read as a feed ({type(error).__name__})") from error
    if not feed.get("version"):
        raise SourceError(origin.source, "is neither an RSS nor an Atom feed")
    if not feed.entries:
        raise SourceError(origin.source, "is a feed without entries, or a damaged one")
    for number, entry in enumerate(feed.entries, start=1):
        title = _plain(entry.get("title_detail"))
        yield _Entry(number, _full_text(entry), title, _link(entry), entry, feed.feed)


def _link(entry: Any) -> str | None:
    """The address of the page: the first that is one, or the id where that is the address."""
    pages = [
        link.get("href")
        for link in entry.get("links", [])
        if link.get("rel") == "alternate" and link.get("type") in _PAGES
    ]
    return next(filter(None, map(web_url, [*pages, entry.get("link")])), None)


def _full_text(entry: Any) -> str:
    """The content of an entry, or its summary where that is long enough to be all, and does not end in an
    ellipsis; empty if neither is."""
    texts = [_text(content) for content in entry.get("content", [])]
    summary = _text(entry.get("summary_detail"))
    if len(summary) > _ENOUGH and not _CUT_OFF.search(summary):
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

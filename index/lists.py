"""What an address that a person named leads to: its page, or what a feed or a sitemap lists."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import urljoin

from .errors import FetchError, SourceError
from .fetch import Fetcher
from .pages import PageDigest, PageSource, reason, site
from .readers.apart import read_feed_apart
from .sources import Source
from .types import Article, Failure
from .web.links import is_list, is_sitemap, listed

PAGES_AT_MOST = 200
"""Of one feed or sitemap, the first ones: at one a second, three minutes."""
_LISTS_AT_MOST = 10
"""Sitemaps that one sitemap may point to."""


@dataclass(frozen=True, slots=True)
class Found:
    """The sources at an address; none where a feed is what it was. `listed` if it is a feed or sitemap that
    could be read. A feed's `digest` may be remembered once all its entries were read."""

    sources: list[Source] = field(default_factory=list)
    listed: bool = False
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class EntrySource:
    """An entry of a feed that carries its whole text."""

    name: str
    root: str
    entry: Article
    named: bool = False
    lasting: bool = False

    def digest(self, known: str | None) -> str:
        return str(PageDigest(_digest_of([self.entry])))

    def articles(self, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
        yield replace(self.entry, source=self.name)


def found_at(url: str, fetcher: Fetcher, known: str | None, on_failure: Callable[[Failure], None]) -> Found:
    """What there is at `url`, which is asked for once. `known` is its digest of before."""
    page = PageSource(url, url, fetcher)
    page.digest(known)
    before = PageDigest.parse(known)
    if page.page is None or (page.page.not_modified and not (before and before.feed)):
        return Found([page])
    if page.page.not_modified:
        return Found(listed=True, digest=known)
    body = page.page.body
    if not is_list(body):
        return Found([page])
    try:
        return (
            _sitemap(url, body, fetcher, on_failure) if is_sitemap(body) else _feed(page, before, on_failure)
        )
    except SourceError as error:
        on_failure(Failure(error.source, error.reason))
        return Found()


def _feed(page: PageSource, before: PageDigest | None, on_failure: Callable[[Failure], None]) -> Found:
    """Entries with their whole text are taken as they are, where the page they link to is on the feed's own
    site: nobody says what stands on another's. For the rest, the pages are read."""
    assert page.page is not None
    url, got = page.name, page.page
    failures: list[Failure] = []
    entries = list(read_feed_apart(got.body, url, got.content_type, got.charset, failures.append))
    digest = PageDigest(_digest_of(entries), got.etag, got.modified, feed=True)
    if before and before.feed and before.sha256 == digest.sha256 and not failures:
        return Found(listed=True, digest=str(before))
    for failure in failures:
        on_failure(failure)
    sources: dict[str, Source] = {}
    for entry in entries:
        link = entry.url or url
        if entry.text and site(link) in (site(url), site(got.url)):
            name = link if link != url else f"{url}#{entry.id}"
            sources.setdefault(name, EntrySource(name, url, entry))
        else:
            sources.setdefault(link, PageSource(link, url, page.fetcher, replace(entry, text="")))
    return Found(_the_first(url, list(sources.values()), on_failure), listed=True, digest=str(digest))


def _sitemap(url: str, body: bytes, fetcher: Fetcher, on_failure: Callable[[Failure], None]) -> Found:
    addresses = dict.fromkeys(_listed_by(url, body, fetcher, on_failure))
    pages: list[Source] = [PageSource(address, url, fetcher) for address in addresses]
    return Found(_the_first(url, pages, on_failure), listed=True)


def _the_first(url: str, sources: list[Source], on_failure: Callable[[Failure], None]) -> list[Source]:
    """Without the pages that are too many."""
    pages = [source for source in sources if isinstance(source, PageSource)]
    if len(pages) > PAGES_AT_MOST:
        on_failure(Failure(url, f"lists {len(pages):,} pages; only the first {PAGES_AT_MOST} are read"))
    beyond = {page.name for page in pages[PAGES_AT_MOST:]}
    return [source for source in sources if source.name not in beyond]


def _listed_by(
    url: str, body: bytes, fetcher: Fetcher, on_failure: Callable[[Failure], None], *, deeper: bool = True
) -> Iterator[str]:
    """The addresses in a sitemap, and in the sitemaps that it points to. SourceError if it is none."""
    try:
        found = listed(body)
    except ValueError as error:
        raise SourceError(url, f"is not a sitemap that can be read ({error})") from None
    lists = 0
    for each in found:
        address = urljoin(url, each.reference)
        if not each.is_list:
            yield address
        elif deeper and lists < _LISTS_AT_MOST:
            lists += 1
            try:
                inner = fetcher.get(address, obey_robots=True).body
                yield from _listed_by(address, inner, fetcher, on_failure, deeper=False)
            except FetchError as error:
                on_failure(Failure(error.url, reason(error)))
            except SourceError as error:
                on_failure(Failure(error.source, error.reason))


def _digest_of(entries: list[Article]) -> str:
    """SHA-256 of all that they say; the day on which a feed was made does not count."""
    return hashlib.sha256(json.dumps([asdict(entry) for entry in entries], default=str).encode()).hexdigest()

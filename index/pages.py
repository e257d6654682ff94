"""Pages of the web as sources: one that was named, or all that a feed or a sitemap points to."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

from .errors import FetchError, SourceError
from .fetch import Fetcher, Page
from .readers import VERSION as READERS_VERSION
from .readers.apart import read_page_apart
from .sources import Source
from .types import Article, Failure
from .web.links import is_list, listed
from .web.location import shown

PAGES_AT_MOST = 200
"""Of one feed or sitemap, the first ones: at one a second, three minutes."""
_LISTS_AT_MOST = 10
"""Sitemaps that one sitemap may point to."""
_WEB = re.compile(r"https?://", re.IGNORECASE)


def is_web(place: object) -> bool:
    """Whether a person means a page by it, and not a file."""
    return _WEB.match(str(place)) is not None


@dataclass(slots=True)
class PageSource:
    """The page at `name`, fetched when its digest is first asked for."""

    name: str
    root: str
    fetcher: Fetcher
    _page: Page | None = field(default=None, init=False, repr=False)
    _error: FetchError | None = field(default=None, init=False, repr=False)

    @property
    def named(self) -> bool:
        return self.name == self.root

    @property
    def body(self) -> bytes:
        """What was fetched; empty where nothing was, or nothing new."""
        return self._page.body if self._page else b""

    def digest(self, known: str | None) -> str | None:
        before = _Digest.parse(known)
        if self._page is None and self._error is None:
            self._fetch(before)
        if self._page is None:
            return None
        if self._page.not_modified:
            return known
        now = _Digest(_sha256(self._page.body), self._page.etag, self._page.modified)
        return known if before and before.sha256 == now.sha256 else str(now)

    def articles(self, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
        if self._page is not None and self._page.not_modified:
            self._fetch(None)
        if self._error is not None or self._page is None:
            raise SourceError(shown(self.name), _reason(self._error) if self._error else "was not fetched")
        page = self._page
        for article in read_page_apart(page.body, self.name, page.content_type, page.charset, on_failure):
            yield _of_its_own_site(article, page.url)

    def _fetch(self, before: "_Digest | None") -> None:
        """Whoever named a page means it; what a feed points to is read as a robot reads."""
        self._page = self._error = None
        validators = {"etag": before.etag, "modified": before.modified} if before else {}
        try:
            self._page = self.fetcher.get(self.name, obey_robots=not self.named, **validators)
        except FetchError as error:
            self._error = error


def pages_at(
    url: str, fetcher: Fetcher, known: str | None, on_failure: Callable[[Failure], None]
) -> Iterator[Source]:
    """The page that a person named, or those that it lists if it is a feed or a sitemap. `known` is the
    page's digest of before."""
    page = PageSource(url, url, fetcher)
    page.digest(known)
    if not is_list(page.body):
        yield page
        return
    found = list(dict.fromkeys(_listed_by(url, page.body, fetcher, on_failure)))
    if len(found) > PAGES_AT_MOST:
        on_failure(Failure(url, f"lists {len(found):,} pages; only the first {PAGES_AT_MOST} are read"))
    yield from (PageSource(reference, url, fetcher) for reference in found[:PAGES_AT_MOST])


def _listed_by(
    url: str, body: bytes, fetcher: Fetcher, on_failure: Callable[[Failure], None], *, deeper: bool = True
) -> Iterator[str]:
    """The addresses in a feed or sitemap, and in the sitemaps that it points to."""
    try:
        found = listed(body)
    except ValueError as error:
        on_failure(Failure(url, f"is not a feed that can be read ({error})"))
        return
    lists = 0
    for each in found:
        address = urljoin(url, each.reference)
        if not each.is_list:
            yield address
        elif deeper and lists < _LISTS_AT_MOST:
            lists += 1
            try:
                inner = fetcher.get(address, obey_robots=True).body
            except FetchError as error:
                on_failure(Failure(error.url, _reason(error)))
                continue
            yield from _listed_by(address, inner, fetcher, on_failure, deeper=False)


@dataclass(frozen=True, slots=True)
class _Digest:
    """What is remembered of a page: what it was, and what its site gave to ask again with."""

    sha256: str
    etag: str | None
    modified: str | None

    def __str__(self) -> str:
        return json.dumps([READERS_VERSION, self.sha256, self.etag, self.modified])

    @classmethod
    def parse(cls, text: str | None) -> "_Digest | None":
        """None if it is of other readers: the page then has to be read again."""
        try:
            version, *values = json.loads(text or "")
            return cls(*values) if version == READERS_VERSION else None
        except (ValueError, TypeError):
            return None


def _reason(error: FetchError) -> str:
    """As a failure's reason stands: without its last full stop."""
    return " ".join(part for part in (error.reason, error.remedy) if part).removesuffix(".")


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _of_its_own_site(article: Article, url: str) -> Article:
    """A page may state its canonical address, but not one on another site than it was served from."""
    if article.url and _site(article.url) == _site(url):
        return article
    return replace(article, url=url)


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")

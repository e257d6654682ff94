"""Pages of the web as sources: those that were named, and those that are listed somewhere."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from .errors import FetchError, SourceError
from .fetch import Fetcher, Page
from .readers import VERSION as READERS_VERSION
from .readers.apart import read_page_apart
from .readers.origin import Origin
from .readers.titles import opening_words, title_from_stem
from .types import Article, Failure
from .web.location import shown

_WEB = re.compile(r"https?://", re.IGNORECASE)


def is_web(place: object) -> bool:
    """Whether a person means a page by it, and not a file."""
    return _WEB.match(str(place)) is not None


@dataclass(slots=True)
class PageSource:
    """The page at `name`, fetched when its digest is first asked for. What it does not say of itself is as in
    `stated`, which a feed says of it."""

    name: str
    root: str
    fetcher: Fetcher
    stated: Article | None = None
    lasting: bool = field(default=False, init=False)
    page: Page | None = field(default=None, init=False, repr=False)
    """What was fetched; None if that failed."""
    _error: FetchError | None = field(default=None, init=False, repr=False)

    @property
    def named(self) -> bool:
        return self.name == self.root

    def digest(self, known: str | None) -> str | None:
        before = PageDigest.parse(known)
        if self.page is None and self._error is None:
            self._fetch(before)
        if self.page is None:
            return None
        if self.page.not_modified:
            return known
        now = PageDigest(_sha256(self.page.body), self.page.etag, self.page.modified)
        return known if before and before.sha256 == now.sha256 else str(now)

    def articles(self, root: str, on_failure: Callable[[Failure], None]) -> Iterator[Article]:
        if self.page is not None and self.page.not_modified:
            self._fetch(None)
        if self._error is not None or self.page is None:
            raise SourceError(shown(self.name), reason(self._error) if self._error else "was not fetched")
        page = self.page
        articles = list(read_page_apart(page.body, self.name, page.content_type, page.charset, on_failure))
        if self.stated and len(articles) == 1:
            articles = [completed(articles[0], self.stated)]
        for article in articles:
            yield _of_its_own_site(article, page.url)

    def _fetch(self, before: "PageDigest | None") -> None:
        """Whoever named a page means it; what a feed points to is read as a robot reads."""
        self.page = self._error = None
        validators = {"etag": before.etag, "modified": before.modified} if before else {}
        try:
            self.page = self.fetcher.get(self.name, obey_robots=not self.named, **validators)
        except FetchError as error:
            self._error = error


@dataclass(frozen=True, slots=True)
class PageDigest:
    """What is remembered of a page: what it was, and what its site gave to ask again with."""

    sha256: str
    etag: str | None = None
    modified: str | None = None
    feed: bool = False

    def __str__(self) -> str:
        return json.dumps([READERS_VERSION, self.sha256, self.etag, self.modified, self.feed])

    @classmethod
    def parse(cls, text: str | None) -> "PageDigest | None":
        """None if it is of other readers: the page then has to be read again."""
        try:
            version, *values = json.loads(text or "")
            return cls(*values) if version == READERS_VERSION else None
        except (ValueError, TypeError):
            return None


def reason(error: FetchError) -> str:
    """As a failure's reason stands: without its last full stop."""
    return " ".join(part for part in (error.reason, error.remedy) if part).removesuffix(".")


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _of_its_own_site(article: Article, url: str) -> Article:
    """A page may state its canonical address, but not one on another site than it was served from."""
    if article.url and site(article.url) == site(url):
        return article
    return replace(article, url=url)


def site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def completed(article: Article, stated: Article) -> Article:
    """`article` with what it lacks as in `stated`. A title that was made of its first words, or of the last
    part of its address, is none of its own."""
    made = (opening_words(article.text), title_from_stem(Origin("", article.source).stem))
    return replace(
        article,
        title=stated.title if stated.title and article.title in made else article.title,
        authors=article.authors or stated.authors,
        published=article.published or stated.published,
        updated=article.updated or stated.updated,
    )

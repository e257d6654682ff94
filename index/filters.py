"""Which articles a search is restricted to, and the fields of a row that say so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from .types import Article

Row = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Filter:
    """Restrictions that all have to hold; None is no restriction, both dates are inclusive.

    An article without a published date is outside every date range.
    """

    since: date | None = None
    until: date | None = None
    sites: tuple[str, ...] | None = None
    articles: tuple[str, ...] | None = None

    @classmethod
    def of(
        cls,
        since: date | None = None,
        until: date | None = None,
        sites: Collection[str] | None = None,
        articles: Collection[str] | None = None,
    ) -> "Filter | None":
        """The filter, or None where nothing is restricted. A lone string is one site, or one article."""
        sites = (sites,) if isinstance(sites, str) else sites
        articles = (articles,) if isinstance(articles, str) else articles
        made = cls(
            since,
            until,
            None if sites is None else tuple(map(site_key, sites)),
            None if articles is None else tuple(articles),
        )
        return None if made == cls() else made

    @property
    def empty(self) -> bool:
        """Whether no article at all can pass: an empty list of sites or articles was given."""
        return self.sites == () or self.articles == ()

    def both(self, other: "Filter | None") -> "Filter":
        """What passes this filter and the other."""
        if other is None:
            return self
        return Filter(
            max(filter(None, (self.since, other.since)), default=None),
            min(filter(None, (self.until, other.until)), default=None),
            _common(self.sites, other.sites),
            _common(self.articles, other.articles),
        )

    def passes(self, id: str, published: date | None, site: str | None) -> bool:
        """Whether the passages of an article may be found."""
        if (self.since or self.until) and published is None:
            return False
        return (
            (self.since is None or published is None or published >= self.since)
            and (self.until is None or published is None or published <= self.until)
            and (self.sites is None or (bool(site) and site_key(site or "") in self.sites))
            and (self.articles is None or id in self.articles)
        )


def _common(some: tuple[str, ...] | None, others: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if some is None or others is None:
        return others if some is None else some
    return tuple(each for each in some if each in others)


def row(article: Article) -> Row:
    """What the passages of an article can be filtered by; what it does not have is left out.

    `published` is the day's proleptic Gregorian ordinal, so that ranges compare as integers.
    """
    values: Row = {"article": article.id}
    if article.published is not None:
        values["published"] = article.published.toordinal()
    if article.site:
        values["site"] = site_key(article.site)
    return values


def site_key(site: str) -> str:
    """Sites are the same whatever their case."""
    return site.strip().casefold()

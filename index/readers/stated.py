"""What a source states about an article, under whichever names, made into an Article."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from ..types import Article
from .canonical import one_line
from .dates import parse_date
from .ids import path_id, text_id, url_id
from .origin import Origin
from .people import parse_authors
from .urls import site_of, web_url

T = TypeVar("T")


def make_article(
    text: str,
    stated: Mapping[str, object],
    origin: Origin,
    *,
    title: str,
    given_id: str | None = None,
    part: str = "",
) -> Article:
    """The article with this canonical text; `title` is used where none is stated.

    `part` tells articles of the same file apart. Of several names for a field the first one with a
    usable value counts, and a value that cannot be used is as good as none.
    """
    stated = {str(name).lower(): value for name, value in stated.items()}

    def first(parse: Callable[[object], T | None], *names: str) -> T | None:
        return next((value for name in names if (value := parse(stated.get(name)))), None)

    own_url = first(web_url, "url", "link", "canonical")
    url = own_url or origin.url
    published = first(_past, "published", "date")
    updated = first(_past, "updated", "modified", "lastmod")
    if own_url:
        derived_id = url_id(own_url)
    elif origin.piped:
        derived_id = text_id(text)
    else:
        derived_id = url_id(origin.url, part) if origin.url else path_id(origin.name, part)
    return Article(
        id=given_id or derived_id,
        title=first(one_line, "title") or one_line(title) or title,
        text=text,
        source=origin.source,
        url=url,
        authors=first(parse_authors, "authors", "author") or (),
        published=published,
        # A clock was wrong, or a field of another article's: it was not edited before it was there.
        updated=None if published and updated and updated < published else updated,
        site=first(one_line, "site", "source", "publisher") or (site_of(url) if url else None),
        language=first(one_line, "language", "lang"),
    )


def _past(value: object) -> date | None:
    """Its day, unless that is still to come: wherever on earth it was written, that day has come there."""
    day = parse_date(value)
    return day if day and day <= date.today() + timedelta(days=1) else None

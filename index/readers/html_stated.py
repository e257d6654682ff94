"""What an HTML page states about itself: in its head, its JSON-LD and its bylines."""

import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import TypeVar, cast

from .canonical import one_line
from .dates import parse_date
from .html_linked_data import linked_article
from .html_title import article_title
from .people import parse_authors
from .urls import web_url
from .xml import Tree

T = TypeVar("T")

_CANONICAL = '//link[@rel="canonical"]/@href'
_SHARED_AS = '//meta[@property="og:url"]/@content'
_AUTHOR = '//meta[@name="author" or @name="byl" or @property="author" or @property="article:author"]/@content'
_LANGUAGE = '//meta[@property="og:locale"]/@content | //meta[@http-equiv="content-language"]/@content'
_PUBLISHED = '//meta[@property="article:published_time" or @itemprop="datePublished"]/@content'
_MODIFIED = '//meta[@property="article:modified_time" or @itemprop="dateModified"]/@content'

# Where a page states the day of its publication. The dates of comments and of teasers are others'.
_DATED = """
    (
        //meta[@content]
        | //link[@rel="canonical"]
        | //script[contains(@type, "json")]
        | //body//*[self::time or contains(concat(@class, @itemprop), "date") or contains(@class, "publi")]
            [string-length() < 80]
            [not(ancestor-or-self::*[contains(concat(@class, @id), "comment")])]
            [not(ancestor::aside or ancestor::nav or ancestor::footer)]
    )
    [not(contains(concat(@property, @name, @itemprop, @class), "odified"))]
    [not(contains(concat(@property, @name, @itemprop, @class), "updated"))]
    [not(@itemprop="copyrightYear")]
"""
# 03/04/2023: the 3rd of April, or the 4th of March.
_TWO_DAYS = re.compile(r"\b(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|1[0-2])[/-](?:\d{4}|\d{2})\b")


def stated_on(tree: Tree, address: str | None = None) -> dict[str, object]:
    """The fields that the page at `address` states, under the names that `make_article` knows."""
    from trafilatura import extract_metadata

    known, linked = extract_metadata(tree), linked_article(tree)
    # Not trafilatura's: it takes `<base href>` too, which is the same on all pages of a site.
    url = _first(web_url, [*tree.xpath(_CANONICAL), *tree.xpath(_SHARED_AS)])
    return {
        "title": article_title(tree, known.title, known.sitename, address or url),
        # Not trafilatura's at first: it spells names anew, and adds those of other objects.
        "authors": parse_authors(linked.get("author")) or _first(_named, tree.xpath(_AUTHOR)),
        "author": (known.author or "").split(";"),
        "url": url,
        "published": _date_of(tree),
        "date": _first(parse_date, tree.xpath(_PUBLISHED)),  # before 1995, where trafilatura begins
        "updated": _first(parse_date, tree.xpath(_MODIFIED)),
        "site": known.sitename,
        "language": _first(one_line, [tree.get("lang"), tree.get("xml:lang"), *tree.xpath(_LANGUAGE)]),
    }


def _named(value: object) -> tuple[str, ...]:
    """The names in it; none if it is the address of somebody's page."""
    return () if web_url(value) else parse_authors(value)


def _date_of(tree: Tree) -> str | None:
    """The day that the page gives as its own, in ISO 8601.

    Given all of a page, trafilatura takes any date in its prose for the day of its publication; so
    it is given only what states dates.
    """
    from lxml.html import Element
    from trafilatura import extract_metadata

    page, body = Element("html"), Element("body")
    page.append(body)
    for element in tree.xpath(_DATED):
        statement = deepcopy(element)
        statement.tail = None
        if statement.tag == "script" or "datetime" in statement.attrib or not _names_two_days(statement):
            body.append(statement)
    dating = {"extensive_search": False, "original_date": True}
    return cast("str | None", extract_metadata(page, date_config=dating).date)


def _names_two_days(statement: Tree) -> bool:
    return _TWO_DAYS.search(statement.get("content", "") + statement.text_content()) is not None


def _first(parse: Callable[[object], T | None], values: Iterable[object]) -> T | None:
    """The first of `values` that can be used."""
    return next(filter(None, map(parse, values)), None)

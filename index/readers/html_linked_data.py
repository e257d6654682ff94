"""What a page says of its article in JSON-LD (https://schema.org/Article)."""

import json
from collections.abc import Iterator
from typing import Any

from .xml import Tree

_ARTICLES = ("Article", "Posting", "Report")  # NewsArticle, BlogPosting, TechArticle, Report, …


def linked_article(tree: Tree) -> dict[str, Any]:
    """The first object that describes an article; empty if there is none."""
    for script in tree.xpath('//script[contains(@type, "ld+json")]'):
        try:
            stated = json.loads(script.text_content(), strict=False)
        except (ValueError, RecursionError):
            continue
        for found in _objects(stated):
            types = found.get("@type")
            if any(str(each).endswith(_ARTICLES) for each in (types if isinstance(types, list) else [types])):
                return found
    return {}


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects at the top, in a list there, or in a graph."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            yield each
            yield from _objects(each.get("@graph", []))

"""What a sitemap points to. XML from anywhere: no entity is expanded, nothing is loaded."""

from collections.abc import Iterator
from dataclasses import dataclass

from ..readers.canonical import canonical
from ..readers.feed import looks_like_feed, looks_like_sitemap
from ..readers.xml import Tree, name_of

_HEAD = 64 * 1024  # bytes that a root stands within


@dataclass(frozen=True, slots=True)
class Listed:
    """One address, as it is written there; `is_list` where it is another sitemap."""

    reference: str
    is_list: bool = False


def is_list(body: bytes) -> bool:
    """Whether it is a feed (RSS, Atom) or a sitemap."""
    return looks_like_feed(_head(body))


def is_sitemap(body: bytes) -> bool:
    """Whether it is a sitemap, or a list of sitemaps."""
    return looks_like_sitemap(_head(body))


def listed(body: bytes) -> list[Listed]:
    """The addresses in their order, each once. ValueError if it is not XML."""
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = fromstring(body, parser)
    except XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    if root is None:
        raise ValueError("there is nothing in it")
    return list(dict.fromkeys(_found(root)))


def _found(root: Tree) -> Iterator[Listed]:
    """url/loc, sitemap/loc; not the addresses of images, nor those of other languages."""
    for element in root.iter("{*}url", "{*}sitemap"):
        location = element.find("{*}loc")
        reference = None if location is None else location.text
        if reference and reference.strip():
            yield Listed(reference.strip(), name_of(element) == "sitemap")


def _head(body: bytes) -> str:
    return canonical(body[:_HEAD].decode("utf-8", "replace"))

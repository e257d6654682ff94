"""XHTML and HTML from strangers, to trees."""

import re

from ..errors import SourceError
from .decode import declared_encoding
from .opening import whole_text
from .origin import Origin
from .xml import Tree, parse_xml

# What a doctype declares of its own, which HTML does not know, and would show.
_DECLARATIONS = re.compile(r"(?<=<!DOCTYPE html) [^<>\[]{0,200}\[[^\]]{0,10000}\]\s*(?=>)", re.IGNORECASE)


def parse_page(data: bytes, origin: Origin, what: str) -> Tree:
    """The tree of a page: as XML if it is well formed, for there `<a/>` is closed, else as HTML.

    SourceError, which calls it `what`, if it has no text in it, or is nested too deeply.
    """
    try:
        return parse_xml(data, origin.source, what)
    except SourceError:
        page = whole_text(data, origin, declared_encoding(data))
        return parse_html(page, origin.source)


def parse_html(page: str, source: str) -> Tree:
    """The tree of a page, whole: a page that is nested so deeply that libxml2 cuts it off is refused."""
    from lxml.etree import ErrorTypes, ParserError
    from lxml.html import HTMLParser, document_fromstring

    # As trafilatura's own parser, which however stops at 256 levels, and does not say so.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(_DECLARATIONS.sub("", page, count=1).encode(), parser=parser)
    except ParserError:  # nothing but comments
        raise SourceError(source, "has no article text") from None
    if parser.error_log.filter_types([ErrorTypes.ERR_RESOURCE_LIMIT]):
        raise SourceError(source, "is nested too deeply to be read")
    return tree

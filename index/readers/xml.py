"""XML from strangers, parsed: no entity is expanded, and nothing is fetched."""

from typing import Any, TypeAlias

from ..errors import SourceError
from .canonical import shown

Tree: TypeAlias = Any
"""An element of lxml, which has no types."""


def parse_xml(data: bytes, source: str, what: str) -> Tree:
    """The root of an XML document; SourceError, which calls it `what`, if it is not well formed."""
    from lxml.etree import XMLParser, XMLSyntaxError, fromstring

    parser = XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return fromstring(data, parser)
    except XMLSyntaxError as error:
        problem = error.msg
    except ValueError as error:  # a NUL in it
        problem = str(error)
    raise SourceError(source, f"is damaged: {shown(what)} is not XML ({shown(problem)})")


def name_of(element: Tree) -> str:
    """The name of an element without its namespace; empty for what is no element, such as an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Tree, name: str) -> str:
    """The attribute of that name, in whichever namespace; empty if there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def words_in(element: Tree) -> str:
    """The text in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def all_of(element: Tree, name: str) -> list[Tree]:
    """The elements of that name in `element`, itself included, in whichever namespace."""
    return [found for found in element.iter() if name_of(found) == name]

"""DOCX: one article a file, its paragraphs, lists and tables in order.

Read as the XML that it is (ECMA-376, part 1, 17): what was inserted under revision and what stands
in a form's fields belongs to the text, what was deleted does not. Footnotes are left out.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ..errors import SourceError
from ..types import Article
from .canonical import canonical
from .origin import Origin
from .stated import make_article
from .titles import title_for
from .xml import Tree, all_of, attribute, name_of, parse_xml, words_in
from .zipped import Archive, unzipped

_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Deleted, moved away, said once more for old programs, or how it looks.
_SKIPPED = {"del", "moveFrom", "Fallback", "pPr", "rPr", "sdtPr", "trPr", "tblPr", "tblGrid"}
_LISTS = ("list bullet", "list number")
_CONTENTS = "toc "
_TITLES = ("title", "heading 1")
# Its blank document states its own author and the day it was made: 23 December 2013.
_NOBODY = "python-docx"


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph or table; `style` is the name of its style, in lower case."""

    text: str
    style: str = ""
    item: bool = False


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The document as one article; a table is a block of rows, written `| March | 57 mm |`."""
    with unzipped(stream, origin.source) as archive:
        place = _related(archive, "", "officeDocument", origin.source)
        if place is None:
            raise SourceError(origin.source, "is damaged: it does not say where its text is")
        root = parse_xml(archive.read(place), origin.source, place)
        styles = _styles(archive, place, origin.source)
        stated = _stated(archive, origin.source)
    blocks = [block for block in _blocks(root, styles) if not block.style.startswith(_CONTENTS)]
    text = _joined(blocks)
    if not text:
        raise SourceError(origin.source, "has no text")
    headings = (block.text for style in _TITLES for block in blocks if block.style == style)
    yield make_article(text, stated, origin, title=next(headings, "") or title_for(text, origin.stem))


def _related(archive: Archive, place: str, kind: str, source: str) -> str | None:
    """The part that the part at `place` names for a purpose; None if there is none."""
    folder, name = posixpath.split(place)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in archive:
        return None
    for relation in parse_xml(archive.read(relations), source, relations):
        if attribute(relation, "Type").endswith(f"/{kind}"):
            target = posixpath.normpath(posixpath.join("/", folder, attribute(relation, "Target")))
            return target.lstrip("/")
    return None


def _styles(archive: Archive, place: str, source: str) -> dict[str, tuple[str, bool]]:
    """Style id -> (its name in lower case, whether its paragraphs are items of a list)."""
    part = _related(archive, place, "styles", source)
    if part is None or part not in archive:
        return {}
    styles = {}
    for style in all_of(parse_xml(archive.read(part), source, part), "style"):
        name = next((attribute(child, "val") for child in style if name_of(child) == "name"), "").lower()
        styles[attribute(style, "styleId")] = (name, name.startswith(_LISTS))
    return styles


def _stated(archive: Archive, source: str) -> dict[str, object]:
    """The fields of the core properties (ECMA-376, part 2, 8.3)."""
    part = _related(archive, "", "metadata/core-properties", source)
    if part is None or part not in archive:
        return {}
    known = {name_of(field): words_in(field) for field in parse_xml(archive.read(part), source, part)}
    if known.get("creator") == _NOBODY:
        known = {name: value for name, value in known.items() if name in ("title", "language")}
    return {
        "title": known.get("title"),
        "author": known.get("creator"),
        "published": known.get("created"),
        "updated": known.get("modified"),
        "language": known.get("language"),
    }


def _blocks(parent: Tree, styles: dict[str, tuple[str, bool]]) -> Iterator[_Block]:
    for child in parent:
        name = name_of(child)
        if name == "p":
            yield _paragraph(child, styles)
            for box in _found(child, "txbxContent"):
                yield from _blocks(box, styles)
        elif name == "tbl":
            yield from _table(child, styles)
        elif name not in _SKIPPED:
            yield from _blocks(child, styles)


def _paragraph(element: Tree, styles: dict[str, tuple[str, bool]]) -> _Block:
    id, numbered = "", False
    for child in element:
        if name_of(child) == "pPr":
            settings = {name_of(setting): setting for setting in child}
            id = attribute(settings["pStyle"], "val") if "pStyle" in settings else ""
            levels = settings.get("numPr", ())
            numbered = any(name_of(each) == "numId" and attribute(each, "val") != "0" for each in levels)
    style, listed = styles.get(id, ("", False))
    heading = style.startswith(("heading", "title"))
    return _Block(canonical(_text(element)).strip(), style, item=listed or (numbered and not heading))


def _text(element: Tree) -> str:
    """The characters of a paragraph, without those of the text boxes that hang on it."""
    pieces = []
    for child in element:
        name = name_of(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in _CHARACTERS:
            pieces.append(_CHARACTERS[name])
        elif name not in _SKIPPED and name != "txbxContent":
            pieces.append(_text(child))
    return "".join(pieces)


def _table(element: Tree, styles: dict[str, tuple[str, bool]]) -> Iterator[_Block]:
    """A block with a line for each row; a table of one column, which is layout, is what stands in it."""
    rows = [[list(_blocks(cell, styles)) for cell in _found(row, "tc")] for row in _found(element, "tr")]
    if all(len(row) < 2 for row in rows):
        yield from (block for row in rows for cell in row for block in cell)
        return
    lines = []
    for row in rows:
        cells = [" ".join(" ".join(block.text for block in cell).split()) for cell in row]
        if any(cells):
            lines.append(f"| {' | '.join(cells)} |")
    yield _Block("\n".join(lines))


def _found(element: Tree, name: str) -> Iterator[Tree]:
    """The nearest descendants of that name, in whatever they are wrapped."""
    for child in element:
        if name_of(child) == name:
            yield child
        elif name_of(child) not in _SKIPPED:
            yield from _found(child, name)


def _joined(blocks: list[_Block]) -> str:
    """The blocks with a blank line between them; the items of a list are one block."""
    text = ""
    before: _Block | None = None
    for block in blocks:
        if not block.text:
            continue
        between = "\n" if before and before.item and block.item else "\n\n"
        text += f"{between}{'- ' if block.item else ''}{block.text}"
        before = block
    return canonical(text)

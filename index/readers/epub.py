"""EPUB: one article a chapter, in the order of the book (https://www.w3.org/TR/epub-33/)."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import unquote

from ..errors import SourceError
from ..types import Article, Failure
from .blocks import blocks_of, heading, joined
from .origin import Origin
from .pages import parse_page
from .stated import make_article
from .titles import opening_words
from .xml import Tree, all_of, attribute, name_of, parse_xml, words_in
from .zipped import Archive, unzipped

_CONTAINER = "META-INF/container.xml"
_ENCRYPTED = "META-INF/encryption.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/xml", "text/xml")
_NCX = "application/x-dtbncx+xml"


@dataclass(frozen=True, slots=True)
class _Item:
    """A line of the manifest; `place` is the name in the archive."""

    place: str
    type: str
    is_contents: bool


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article | Failure]:
    """The chapters that have text; their ids come from their places in the book, its title is their site."""
    source = origin.source
    with unzipped(stream, source) as archive:
        place = _package_place(archive, source)
        package = parse_xml(archive.read(place), source, place)
        items = _manifest(package, place)
        chapters = [items[id] for id in _spine(package) if id in items]
        locked = _locked(archive, source)
        if any(item.place in locked for item in chapters):
            raise SourceError(source, "is encrypted; only the programs of its seller can open it")
        book = _stated(package)
        titles = _titles(archive, items, source)
        any_chapter = False
        for item in dict.fromkeys(chapters):
            if item.is_contents or item.type not in _CHAPTERS:
                continue
            try:
                article = _chapter(archive, item, book, titles, origin)
            except SourceError as error:
                any_chapter = True
                yield Failure(source, error.reason)
                continue
            if article:
                any_chapter = True
                yield article
        if not any_chapter:
            raise SourceError(source, "has no text")


def _chapter(
    archive: Archive, item: _Item, book: dict[str, object], titles: dict[str, str], origin: Origin
) -> Article | None:
    """The chapter at a place; None if there is no text in it, as in a cover."""
    page = archive.read(item.place)
    blocks = blocks_of(parse_page(page, origin, item.place)) if page.strip() else []
    text = joined(blocks)
    if not text:
        return None
    title = heading(blocks) or titles.get(item.place) or opening_words(text)
    return make_article(text, book, origin, title=title, part=item.place)


def _package_place(archive: Archive, source: str) -> str:
    container = parse_xml(archive.read(_CONTAINER), source, _CONTAINER)
    places = [attribute(file, "full-path") for file in all_of(container, "rootfile")]
    if not places:
        raise SourceError(source, "is damaged: it does not say where its chapters are")
    return places[0]


def _manifest(package: Tree, place: str) -> dict[str, _Item]:
    """Id -> item."""
    return {
        attribute(item, "id"): _Item(
            place=_resolved(place, attribute(item, "href")),
            type=attribute(item, "media-type"),
            is_contents="nav" in attribute(item, "properties").split(),
        )
        for item in all_of(package, "item")
    }


def _spine(package: Tree) -> list[str]:
    return [attribute(reference, "idref") for reference in all_of(package, "itemref")]


def _resolved(place: str, href: str) -> str:
    """The name in the archive that `href` stands for in the file at `place`."""
    path = posixpath.join(posixpath.dirname(place), unquote(href.partition("#")[0]))
    return posixpath.normpath(path).lstrip("/")


def _locked(archive: Archive, source: str) -> set[str]:
    """The places of what is encrypted. Fonts may be, in a book that can be read all the same."""
    if _ENCRYPTED not in archive:
        return set()
    root = parse_xml(archive.read(_ENCRYPTED), source, _ENCRYPTED)
    return {_resolved("", attribute(reference, "URI")) for reference in all_of(root, "CipherReference")}


def _stated(package: Tree) -> dict[str, object]:
    """What the metadata say of the book; the title is that of no chapter, but the site of all."""
    fields: dict[str, list[str]] = {}
    dates: dict[str, str] = {}
    for metadata in all_of(package, "metadata"):
        for field in metadata.iter():
            name, words = name_of(field), words_in(field)
            fields.setdefault(name, []).append(words)
            if name == "date":
                dates.setdefault(attribute(field, "event") or "publication", words)
            elif name == "meta" and attribute(field, "property") == "dcterms:modified":
                dates["modification"] = words
    return {
        "site": next(iter(fields.get("title", [])), None),
        "authors": fields.get("creator", []),
        "language": next(iter(fields.get("language", [])), None),
        "published": dates.get("publication"),
        "updated": dates.get("modification"),
    }


def _titles(archive: Archive, items: dict[str, _Item], source: str) -> dict[str, str]:
    """Place -> title, of the table of contents; none if it is damaged, for the chapters can still be read."""
    titles: dict[str, str] = {}
    for item in items.values():
        if item.place not in archive or not (item.is_contents or item.type == _NCX):
            continue
        try:
            contents = parse_xml(archive.read(item.place), source, item.place)
        except SourceError:
            continue
        for link in all_of(contents, "a"):
            titles.setdefault(_resolved(item.place, attribute(link, "href")), words_in(link))
        for point in all_of(contents, "navPoint"):
            for target in (child for child in point if name_of(child) == "content"):
                label = next((words_in(child) for child in point if name_of(child) == "navLabel"), "")
                titles.setdefault(_resolved(item.place, attribute(target, "src")), label)
    return titles

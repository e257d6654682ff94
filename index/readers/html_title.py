"""The title of a page's article, without the name of the site that pages put before or behind it."""

import re
from collections.abc import Iterator

from .canonical import one_line
from .urls import site_of
from .xml import Tree

_BETWEEN = re.compile(r"\s+(?:[|·•»:~–—-]|::|//)\s+|:\s+")
_NOT_A_WORD = re.compile(r"[\W_]+")


def article_title(tree: Tree, stated: str | None, site: str | None, url: str | None) -> str | None:
    """`stated`, or what the page is called in the browser's tab if that has no word of it, of the article
    alone: what is left is a heading of the page, or what was taken off names the site."""
    host = site_of(url or "") or ""
    names = {_bare(name) for name in (site, host, *host.split("."))} - {""}
    headings = {_bare(heading.text_content()) for heading in tree.iter("h1")} - {""}
    title, tab = one_line(stated), one_line(tree.findtext(".//head/title"))
    # A heading that the tab does not know is that of the site.
    if tab and (not title or (_bare(title) in headings and not _words(title) & _words(tab))):
        title = tab
    if not title or _bare(title) in headings - names:
        return title
    parts = list(_splits(title))
    known = [part for split in parts for part in split if _bare(part) in headings - names]
    without_site_behind = [before for before, behind in reversed(parts) if _bare(behind) in names]
    without_site_before = [behind for before, behind in parts if _bare(before) in names]
    return next(iter(known + without_site_behind + without_site_before), title)


def _splits(title: str) -> Iterator[tuple[str, str]]:
    for between in _BETWEEN.finditer(title):
        yield title[: between.start()], title[between.end() :]


def _bare(text: str | None) -> str:
    """Its letters and digits, in small letters."""
    return _NOT_A_WORD.sub("", text or "").casefold()


def _words(text: str) -> set[str]:
    return set(_NOT_A_WORD.split(text.casefold())) - {""}

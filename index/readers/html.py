"""HTML: one article a page, without its menus, comments and advertisements.

trafilatura and lxml are imported when the first page is read: they are slow to import.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, BinaryIO

from ..errors import SourceError
from ..types import Article
from .blocks import Block, blocks_of, joined
from .canonical import canonical, one_line, shown
from .decode import declared_encoding
from .html_body import article_blocks, without_menus
from .html_stated import stated_on
from .opening import whole_file, whole_text
from .origin import Origin
from .pages import parse_html
from .stated import make_article
from .titles import title_for
from .xml import Tree

# trafilatura's own limit: a page of this size takes it 10 s and 500 MB of memory.
LARGEST_PAGE = 20_000_000  # bytes

_HIDDEN = """
    //body//*[
        @hidden
        or contains(translate(@style, " ", ""), "display:none")
        or contains(translate(@style, " ", ""), "visibility:hidden")
    ]
"""
_ENOUGH = 100  # characters; less than that is a caption or a cookie notice, and not the article


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The page as one article: its main text, and what it states about itself."""
    data = whole_file(stream, origin.source, LARGEST_PAGE)
    page = whole_text(data, origin, declared_encoding(data))
    text, stated = extracted(page, origin.source, origin.url)
    yield make_article(text, stated, origin, title=title_for(text, origin.stem))


def extracted(page: str, source: str, address: str | None = None) -> tuple[str, dict[str, object]]:
    """The main text of a page, canonical, and what it states; SourceError if it has none."""
    try:
        tree = parse_html(page, source)
        stated = stated_on(tree, address)
        text = _main_text(tree, one_line(stated["title"]))
    except (SourceError, MemoryError):
        raise
    except RecursionError:
        raise SourceError(source, "is nested too deeply to be read") from None
    except Exception as error:  # a page that trips trafilatura must not end the reading of the others
        problem = shown(f"{type(error).__name__}: {error}")
        raise SourceError(source, f"cannot be read as HTML ({problem})") from error
    if not text:
        raise SourceError(source, "has no article text")
    return text, stated


def _main_text(tree: Tree, title: str | None) -> str:
    """The article's text, extracted with more and more leniency until there is enough of it."""
    from trafilatura import baseline

    tree, page = _shown(tree)
    longest = ""
    for extract in (_precise, _balanced, lambda tree: baseline(tree)[0]):
        lines = _lines(extract(tree))
        blocks = article_blocks(page, lines)
        if extract is not _precise:  # it may have taken all that there is on the page
            blocks = without_menus(blocks)
        # A page that a script is to write has its text in its JSON-LD only.
        text = joined(_without_title(blocks, title)) if blocks else canonical("\n\n".join(lines))
        if len(text) >= _ENOUGH:
            return text
        longest = max(longest, text, key=len)
    return longest


def _shown(tree: Tree) -> tuple[Tree, list[Block]]:
    """The page without what nobody sees on it, and its blocks; as it is if a script shows most of it."""
    shown = deepcopy(tree)
    for element in shown.xpath(_HIDDEN):
        element.drop_tree()
    everything, seen = blocks_of(tree), blocks_of(shown)
    mostly = sum(len(block.text) for block in seen) > sum(len(block.text) for block in everything) / 2
    return (shown, seen) if mostly else (tree, everything)


def _without_title(blocks: list[Block], title: str | None) -> list[Block]:
    """The article has a title of its own: its text need not begin with it."""
    repeated = len(blocks) > 1 and blocks[0].tag in ("h1", "h2") and one_line(blocks[0].text) == title
    return blocks[1:] if repeated else blocks


def _precise(tree: Tree) -> Tree | None:
    # Token F1 on the pages of `benchmarks.extraction`: .974, and .962 without precision.
    return _extracted(tree, favor_precision=True)


def _balanced(tree: Tree) -> Tree | None:
    return _extracted(tree)


def _extracted(tree: Tree, **options: Any) -> Tree | None:
    from trafilatura import bare_extraction

    document = bare_extraction(tree, include_comments=False, include_tables=True, **options)
    return document.body if document else None


def _lines(body: Tree | None) -> list[str]:
    """The lines of text of trafilatura's tree."""
    from trafilatura.xml import xmltotxt

    if body is None:
        return []
    blocks = [body.text or "", *(xmltotxt(block, include_formatting=False) for block in body)]
    return [line for block in blocks for each in canonical(block).splitlines() if (line := each.strip())]

"""HTML: one article a page, without its menus, comments and advertisements.

trafilatura and lxml are imported when the first page is read: they are slow to import.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO

from ..errors import SourceError
from ..types import Article
from .canonical import canonical
from .decode import declared_encoding
from .html_stated import Tree, stated_on
from .opening import whole_file, whole_text
from .origin import Origin
from .pages import parse_html
from .stated import make_article
from .titles import title_for

# trafilatura's own limit: a page of this size takes it 10 s and 500 MB of memory.
LARGEST_PAGE = 20_000_000  # bytes

_ENOUGH = 100  # characters; less than that is a caption or a cookie notice, and not the article


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The page as one article: its main text, and what it states about itself."""
    data = whole_file(stream, origin.source, LARGEST_PAGE)
    text, stated = extracted(whole_text(data, origin, declared_encoding(data)), origin.source)
    yield make_article(text, stated, origin, title=title_for(text, origin.stem))


def extracted(page: str, source: str) -> tuple[str, dict[str, object]]:
    """The main text of a page, canonical, and what it states; SourceError if it has none."""
    try:
        tree = parse_html(page, source)
        text, stated = _main_text(tree), stated_on(tree)
    except SourceError:
        raise
    except RecursionError:
        raise SourceError(source, "is nested too deeply to be read") from None
    except Exception as error:  # a page that trips trafilatura must not end the reading of the others
        problem = f"{type(error).__name__}: {error}".splitlines()[0]
        raise SourceError(source, f"cannot be read as HTML ({problem})") from error
    if not text:
        raise SourceError(source, "has no article text")
    return text, stated


def _main_text(tree: Tree) -> str:
    """The article's text, extracted with more and more leniency until there is enough of it."""
    from trafilatura import baseline

    longest = ""
    for extract in (_precise, _balanced, lambda tree: baseline(tree)[0]):
        text = _rendered(extract(tree))
        if len(text) >= _ENOUGH:
            return text
        longest = max(longest, text, key=len)
    return longest


def _precise(tree: Tree) -> Tree | None:
    # Token F1 on the 40 pages of an article extraction benchmark: .966, and .955 without precision.
    return _extracted(tree, favor_precision=True)


def _balanced(tree: Tree) -> Tree | None:
    return _extracted(tree)


def _extracted(tree: Tree, **options: Any) -> Tree | None:
    from trafilatura import bare_extraction

    document = bare_extraction(tree, include_comments=False, include_tables=True, **options)
    return document.body if document else None


def _rendered(body: Tree | None) -> str:
    """The blocks of trafilatura's tree with a blank line between them; a list or table is one block."""
    from trafilatura.xml import xmltotxt

    if body is None:
        return ""
    blocks = [body.text or "", *(xmltotxt(block, include_formatting=False) for block in body)]
    return "\n\n".join(block for each in blocks if (block := canonical(each).strip()))

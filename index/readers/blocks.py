"""The text of marked-up content as it is, block by block: for content that is nothing but the article."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from .canonical import canonical
from .xml import Tree, all_of, name_of

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot"
    " th thead tr ul".split()
)
_SKIPPED = frozenset(
    "audio button canvas head iframe noscript object script select style svg template video".split()
)
_ITEM, _ROW = "li", "tr"
_HEADINGS = ("h1", "h2", "h3")
_LONGEST_CELL = 1000  # characters; with one longer, a table arranges a page, and its rows are no lines


@dataclass(frozen=True, slots=True)
class Block:
    """`tag` is that of the element it stands in: `p`, `h1`, `li` where it begins an item, `tr` for a row."""

    text: str
    tag: str
    element: Tree = field(default=None, compare=False, repr=False)


def joined(blocks: list[Block]) -> str:
    """Canonical text with a blank line between blocks; a list's items, or a table's rows, are one."""
    text, before = "", ""
    for block in blocks:
        together = block.tag == before and block.tag in (_ITEM, _ROW)
        text += ("\n" if together else "\n\n") + block.text
        before = block.tag
    return canonical(text)


def heading(blocks: list[Block]) -> str | None:
    """The first heading of the three upper levels."""
    return next((" ".join(block.text.split()) for block in blocks if block.tag in _HEADINGS), None)


def blocks_of(root: Tree) -> list[Block]:
    """All blocks with text in them, in order. Rows are written `| March | 57 mm |`, items `- Rome`."""
    return list(_Gathering(root).blocks())


def is_leaf(element: Tree) -> bool:
    """Whether no block stands in it, and no line ends in it."""
    return not any(
        name in _BLOCKS or name == "br" for each in element.iterdescendants() if (name := name_of(each))
    )


class _Gathering:
    """What is open while a tree is walked through."""

    def __init__(self, root: Tree) -> None:
        self._root = root
        self._text = ""
        self._open: list[Tree] = []
        self._begins_item = False
        self._pre = 0
        self._cells: list[str] | None = None  # of the row of a table with data in it
        self._layout: list[bool] = []  # table by table

    def blocks(self) -> Iterator[Block]:
        waiting = [
            (self._root, False)
        ]  # a stack, not recursion: pages are nested deeper than Python can call
        while waiting:
            node, closing = waiting.pop()
            name = name_of(node).lower()
            if closing:
                yield from self._closed(name)
            elif name and name not in _SKIPPED:
                yield from self._opened(name, node)
                self._add(node.text)
                waiting.append((node, True))
                waiting.extend((child, False) for child in reversed(node))
                continue
            elif not name and (node.text or "").startswith("&"):  # an entity, which was not expanded
                self._add(html.unescape(node.text))
            if node is not self._root:
                self._add(node.tail)
        yield from self._flushed()

    def _add(self, text: str | None) -> None:
        if text:
            self._text += text if self._pre else text.replace("\n", " ").replace("\r", " ")

    def _opened(self, name: str, node: Tree) -> Iterator[Block]:
        if name == "br":
            self._text += "\n"
        if name not in _BLOCKS:
            return
        yield from self._flushed()
        self._open.append(node)
        if name == "table":
            self._layout.append(_is_layout(node))
        elif name == _ITEM:
            self._begins_item = True
        elif name == "pre":
            self._pre += 1
        elif name == _ROW and self._layout and not self._layout[-1]:
            self._cells = []
        elif name in ("td", "th") and self._cells is not None:
            self._cells.append("")

    def _closed(self, name: str) -> Iterator[Block]:
        if name not in _BLOCKS:
            return
        yield from self._flushed()
        element = self._open.pop()
        if name == "table" and self._layout:
            self._layout.pop()
        elif name == _ITEM:
            self._begins_item = False
        elif name == "pre":
            self._pre -= 1
        elif name == _ROW and self._cells is not None:
            cells, self._cells = [cell.strip() for cell in self._cells], None
            if sum(map(bool, cells)) > 1:
                yield Block(f"| {' | '.join(cells)} |", _ROW, element)
            else:
                yield from (Block(cell, "p", element) for cell in cells if cell)

    def _flushed(self) -> Iterator[Block]:
        """The text since the last block began or ended, if there is any."""
        lines = self._text.split("\n")
        text = canonical("\n".join(lines if self._pre else (" ".join(line.split()) for line in lines)))
        self._text = ""
        if not text.strip():
            return
        if self._cells:
            self._cells[-1] += " " + " ".join(text.split())
        elif self._begins_item:
            self._begins_item = False
            yield Block(f"- {text}", _ITEM, self._element())
        else:
            yield Block(text, self._tag(), self._element())

    def _element(self) -> Tree:
        return self._open[-1] if self._open else self._root

    def _tag(self) -> str:
        """That of a heading or paragraph that is open; what only stands in an item begins none."""
        tag = name_of(self._open[-1]).lower() if self._open else "p"
        return "p" if tag in (_ITEM, _ROW) else tag


def _is_layout(table: Tree) -> bool:
    """Whether it holds other tables, or so much text that it is no table of data."""
    return len(all_of(table, "table")) > 1 or any(
        len(cell.xpath("normalize-space()")) > _LONGEST_CELL for cell in all_of(table, "td")
    )

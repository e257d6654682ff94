"""Which blocks of a page are its article. An extractor tells which; the words are always the page's own.

An extractor drops links in the middle of a sentence, and what follows an advertisement. A quotation has to
stand on the page as it is quoted: so what was extracted serves to find blocks, and is not kept itself.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from .blocks import Block, is_leaf
from .canonical import one_line
from .xml import Tree, name_of

_WORD = re.compile(r"\w+")
_SHINGLE = 3  # words
_ALIKE = 0.5  # of the shingles of a line that a block must have, and of a block that lines must have
_NEAR = 8  # blocks before and after the last one found that a line is looked for in, where many are alike
_PROSE = 60  # characters; what is shorter and was not extracted is a label
_LINKED = 0.5  # of an element's characters: with as many in links, it is one
_HEADLINE = 25  # characters of a link at least
_LABEL = 20  # characters that stand before it, or after it, at most
_MAINLY = 0.2  # of the article's characters: what holds as many is where the article stands
_BESIDE = frozenset("aside nav footer form figure figcaption".split())


def article_blocks(page: list[Block], extracted: Iterable[str]) -> list[Block]:
    """The blocks of `page` that the lines `extracted` came from, and the prose between that was left out."""
    found = _found(page, extracted)
    left_out = _left_out(page, found)
    blocks = [block for number, block in enumerate(page) if number in found or number in left_out]
    prose = [block for block in blocks if not _is_teaser(block)]
    # What is made of links mainly is a list of them, and they are what it has to say.
    return prose if sum(map(_length, prose)) > sum(map(_length, blocks)) / 2 else blocks


def without_menus(blocks: list[Block]) -> list[Block]:
    """Those that are neither links nor beside an article, if there are any."""
    return [
        each for each in blocks if not _is_linked(each.element) and not _is_beside(each.element)
    ] or blocks


def _found(page: list[Block], lines: Iterable[str]) -> set[int]:
    """The numbers of the blocks with half of their words in the lines. A line is found in the one block that
    has half of it, or else, made of several, in all of those."""
    # An extractor may have kept the lines of a poem or of code apart, or have joined them.
    shingles_of = [set[str]().union(*map(_shingles, block.text.split("\n"))) for block in page]
    numbers_with: dict[str, list[int]] = defaultdict(list)
    for number, shingles in enumerate(shingles_of):
        for shingle in shingles | _shingles(page[number].text):
            numbers_with[shingle].append(number)
    covered: Counter[int] = Counter()
    last = -1
    for line in lines:
        shingles = _shingles(line)
        shared = _shared(shingles, numbers_with, last)
        number = _most_alike(shared, last)
        if shared[number] >= _ALIKE * max(1, len(shingles)):
            covered[number] += shared[number]
            last = number
        else:
            covered.update(shared)
    return {number for number, shared in covered.items() if shared >= _ALIKE * len(shingles_of[number])}


def _shared(shingles: set[str], numbers_with: Mapping[str, list[int]], last: int) -> Counter[int]:
    """How many of them each block has; of many blocks with the same one, those near `last` count."""
    shared: Counter[int] = Counter()
    for shingle in shingles:
        numbers = numbers_with.get(shingle, [])
        here = bisect(numbers, last)
        shared.update(numbers[max(0, here - _NEAR) : here + _NEAR])
    return shared


def _most_alike(shared: Counter[int], last: int) -> int:
    """The block with the most; of several the next one after `last`, or else before."""
    most = max(shared.values(), default=0)
    alike = [number for number, count in shared.items() if count == most]
    return min(alike, key=lambda number: (number < last, abs(number - last)), default=last)


def _left_out(page: list[Block], found: set[int]) -> set[int]:
    """Prose in the elements where the article mainly stands, or in others of their kind that follow them."""
    characters: Counter[Tree] = Counter()
    for number in found:
        characters[_holder(page[number])] += len(page[number].text)
    holders = {element for element, n in characters.items() if n > _MAINLY * characters.total()}
    kinds = {kind for element in holders if (kind := _kind(element))}
    first = min(found, default=0)

    @cache
    def belongs(element: Tree, holder: Tree, follows: bool) -> bool:
        if element in holders:  # its bare text, of which the rest was found
            return not _is_beside(element)
        near = holder in holders or _kind(holder) in kinds
        return follows and near and not _is_linked(element) and not _is_beside(element)

    return {
        number
        for number, block in enumerate(page)
        if len(block.text) >= _PROSE
        and block.tag != "li"
        and number not in found
        and belongs(block.element, _holder(block), number > first)
    }


def _holder(block: Block) -> Tree:
    """What a paragraph stands in, or a division that is one; other bare text stands in its own element."""
    parent = block.element.getparent()
    paragraph = block.tag in ("p", "li") or (block.tag == "div" and is_leaf(block.element))
    return parent if paragraph and parent is not None else block.element


def _kind(element: Tree) -> tuple[str, str, Tree] | None:
    """Its name, its class, and the article or page it is in; None without a class."""
    if not (kind := element.get("class")):
        return None
    return name_of(element), kind, next(element.iterancestors("article", "main", "body"), None)


def _is_linked(element: Tree) -> bool:
    linked = sum(len(link.text_content()) for link in element.iter("a"))
    return linked >= _LINKED * len(element.text_content())


def _is_teaser(block: Block) -> bool:
    """Whether a paragraph is the headline of another article: "Read more: …", without a full stop."""
    headline = max(
        (one_line(link.text_content()) or "" for link in block.element.iter("a")), key=len, default=""
    )
    beside = _length(block) - len(headline)
    return (
        block.tag in ("p", "div")
        and len(headline) >= _HEADLINE
        and beside <= _LABEL
        and not block.text.endswith((".", "。", ":"))
    )


def _length(block: Block) -> int:
    return len(one_line(block.text) or "")


def _is_beside(element: Tree) -> bool:
    """Whether it is in what stands beside an article: its comments, a form, a picture's caption."""
    return any(
        name_of(each) in _BESIDE or "comment" in f"{each.get('class')} {each.get('id')}".lower()
        for each in (element, *element.iterancestors())
        if name_of(each) not in ("html", "body")
    )


def _shingles(text: str) -> set[str]:
    """The runs of three words in it, or all of them where there are fewer."""
    words = _WORD.findall(text)
    starts = range(max(1, len(words) - _SHINGLE + 1)) if words else ()
    return {" ".join(words[start : start + _SHINGLE]) for start in starts}

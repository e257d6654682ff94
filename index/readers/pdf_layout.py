"""Runs of text on pages, to paragraphs in the order in which they are read."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median, quantiles

from .pdf_glyphs import Run

_EDGE = 2  # lines at the top and at the bottom of a page that may be a running header or footer
_NUMBERED = 3  # pages whose numbers grow with them
_NUMBER = re.compile(r"\d+|^[ivxlc]+$")
_ENDS_SENTENCE = re.compile(r"[.!?:;。！？…][\"'”’»)\]]*$")
_LEADER = re.compile(r"(?:\s?\.){5,}\s*\w+$")  # in a table of contents
_BULLET = re.compile(r"[•‣◦▪●○–*-]\s")
_BROKEN = re.compile(r"(\w+)[-\u00ad\u2010]$")
_WIDE = "\u2e80"  # from here on: Chinese and Japanese, which put no space between words
_MOST_RUNS = 1000  # of a page that is looked at for columns; prose has some 200


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`size` is that of its glyphs, in points; `page` counts from 0."""

    text: str
    size: float
    page: int


def paragraphs(pages: list[list[Run]]) -> list[Paragraph]:
    """The paragraphs of all pages, without running headers and footers."""
    columns = [
        (number, _lines(column))
        for number, page in enumerate(without_running_lines(pages))
        for column in _columns(page)
    ]
    leading = _leading(lines for _, lines in columns)
    words = Counter(re.findall(r"\w+(?:-\w+)*", " ".join(run.text for page in pages for run in page).lower()))
    found: list[Paragraph] = []
    for number, lines in columns:
        for group in _groups(lines, leading):
            text = _joined([line.text for line in group], words)
            size = median(line.size for line in group)
            if found and _goes_on(found[-1], text, size):
                last = found.pop()
                found.append(Paragraph(_joined([last.text, text], words), last.size, last.page))
            else:
                found.append(Paragraph(text, size, number))
    return found


def without_running_lines(pages: list[list[Run]]) -> list[list[Run]]:
    """The pages without the lines at their edges that every page has, or every other, numbers aside.

    A number that grows with the pages is one of them, so three such lines of a chapter are enough.
    """
    tops, bottoms = [_rows(page) for page in pages], [_rows(page)[::-1] for page in pages]
    dropped: set[int] = set()
    for edges in (tops, bottoms):
        marks = [[_marks(row, number) for row in rows[:_EDGE]] for number, rows in enumerate(edges)]
        counts = Counter(mark for page in marks for mark in {mark for found in page for mark in found})
        for number, (rows, found) in enumerate(zip(edges, marks, strict=True)):
            for row, (text, *numbered) in zip(rows, found, strict=False):
                usual = counts[text] > 1 and 2 * counts[text] >= len(pages) - 1
                counted = any(counts[mark] >= _NUMBERED for mark in numbered)
                if not usual and not counted and _text(row) != str(number + 1):
                    break
                dropped.update(map(id, row))
    kept = [[run for run in page if id(run) not in dropped] for page in pages]
    return kept if any(kept) else pages


def _marks(row: list[Run], page: int) -> list[str]:
    """What the same line has on other pages too: text, size, how far its numbers are from the page's."""
    text = f"{_NUMBER.sub('#', _text(row).lower())} {round(row[0].size)}"
    return [text, *{f"{text} {int(number) - page}" for number in re.findall(r"[0-9]{1,6}", _text(row))}]


def _text(row: list[Run]) -> str:
    return " ".join(run.text for run in row).strip()


def _rows(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs that stand side by side, from the top down, each row from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.top):
        first = rows[-1][0] if rows else run
        shared = min(first.top, run.top) - max(first.bottom, run.bottom)
        if rows and shared > 0.5 * min(first.size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.left) for row in rows]


def _lines(runs: list[Run]) -> list[Run]:
    """The rows of a column, each as one run."""
    return [
        Run(
            text=_text(row),
            left=row[0].left,
            right=max(run.right for run in row),
            bottom=min(run.bottom for run in row),
            top=max(run.top for run in row),
            size=median(run.size for run in row),
        )
        for row in _rows(runs)
    ]


def _columns(runs: list[Run]) -> Iterator[list[Run]]:
    """The columns in reading order: what crosses the gutter parts the page into an upper and a lower."""
    gutter = _gutter(runs)
    if gutter is None:
        if runs:
            yield runs
        return
    crossing = sorted((run for run in runs if run.left < gutter < run.right), key=lambda run: -run.top)
    zones: list[list[Run]] = [[] for _ in range(len(crossing) + 1)]
    for run in runs:
        if not run.left < gutter < run.right:
            middle = (run.top + run.bottom) / 2
            zones[sum(other.bottom > middle for other in crossing)].append(run)
    across: list[Run] = []
    for zone, below in zip(zones, [*crossing, None], strict=True):
        left, right = (
            [run for run in zone if run.right <= gutter],
            [run for run in zone if run.left >= gutter],
        )
        if (left and right) or len(zone) > 2:
            if across:
                yield across
            across = []
            yield from _columns(left)
            yield from _columns(right)
        else:  # the last line of a paragraph across the page, which need not reach the gutter
            across += zone
        if below:
            across.append(below)
    if across:
        yield across


def _gutter(runs: list[Run]) -> float | None:
    """Where two columns part: to its left and right stand the most runs, and across it the fewest."""
    if not 6 <= len(runs) <= _MOST_RUNS:
        return None
    width = max(run.right for run in runs) - min(run.left for run in runs)
    best: tuple[int, float] | None = None
    starts = Counter(round(run.left) for run in runs)
    for start in (start for start, count in starts.items() if count >= 3):
        place = start - 1.5
        left = [run for run in runs if run.right <= place]
        right = [run for run in runs if run.left >= place]
        if min(len(left), len(right)) < 3:
            continue
        # Cells of a table, labels and numbers are narrower than columns of prose.
        if min(median(run.right - run.left for run in side) for side in (left, right)) < 0.2 * width:
            continue
        score = min(len(left), len(right)) - (len(runs) - len(left) - len(right))
        best = max(best or (score, place), (score, place))
    return best[1] if best else None


def _leading(columns: Iterable[list[Run]]) -> float:
    """The usual space between two lines, in heights of a line: paragraphs are parted by more."""
    gaps = [
        (above.bottom - below.top) / above.size
        for lines in columns
        for above, below in pairwise(lines)
        if abs(above.size - below.size) < 0.15 * above.size
    ]
    return min(quantiles(gaps, n=4)[0], 1.5) if len(gaps) > 1 else 0.2


def _groups(lines: list[Run], leading: float) -> Iterator[list[Run]]:
    """The lines of a column, paragraph by paragraph."""
    if not lines:
        return
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    group = [lines[0]]
    for above, line in pairwise(lines):
        apart = above.bottom - line.top > (leading + 0.3) * above.size
        resized = abs(line.size - above.size) > 0.15 * above.size
        indented = line.left > left + 0.8 * line.size and above.left < left + 0.4 * line.size
        ended = above.right < right - 0.25 * (right - left) and _ENDS_SENTENCE.search(above.text)
        ended = ended or _LEADER.search(above.text)
        if apart or resized or indented or ended or _BULLET.match(line.text):
            yield group
            group = []
        group.append(line)
    yield group


def _goes_on(last: Paragraph, text: str, size: float) -> bool:
    """Whether a paragraph that begins a column or page is the rest of the one before."""
    same_size = abs(last.size - size) < 0.15 * size
    return same_size and not _ENDS_SENTENCE.search(last.text) and text[:1].islower()


def _joined(lines: list[str], words: Counter[str]) -> str:
    """The lines as one; a word broken at a line's end is whole again.

    Its hyphen stays where the document has the word with a hyphen elsewhere, and never without.
    """
    text = lines[0]
    for line in lines[1:]:
        broken, rest = _BROKEN.search(text), re.match(r"\w+", line)
        if broken and rest and line[0].islower():
            first, second = broken[1].lower(), rest[0].lower()
            compound = words[f"{first}-{second}"] and not words[first + second]
            text = f"{text[:-1]}{'-' if compound else ''}{line}"
        elif broken and rest:
            text = f"{text[:-1]}-{line}"
        elif text[-1:] >= _WIDE and line[:1] >= _WIDE:
            text += line
        else:
            text = f"{text} {line}"
    return text.replace("\u00ad", "-")

"""The glyphs of a PDF page as runs of text at their places; the only importer of pypdfium2.

PDFium may be used by one thread at a time (https://pypdfium2.readthedocs.io), hence the lock.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from ctypes import POINTER, byref, c_ushort, cast, create_string_buffer
from dataclasses import dataclass, replace
from math import pi
from statistics import median
from typing import Any

from ..errors import SourceError
from .canonical import shown

MOST_PAGES = 10_000
MOST_CHARACTERS = 10_000_000  # of a document; "War and Peace" has 3 million

_pdfium = threading.Lock()

# From where text stands on a page to where it would stand upright, by the quarters of a full turn
# that it is turned clockwise.
_UPRIGHT: tuple[Callable[[float, float], tuple[float, float]], ...] = (
    lambda x, y: (x, y),
    lambda x, y: (-y, x),
    lambda x, y: (-x, -y),
    lambda x, y: (y, -x),
)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
# What PDFium gives for a hyphen at the end of a line whose word goes on.
_BROKEN_WORD = dict.fromkeys((0x02, 0xAD, 0xFFFE), "\u00ad")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text on one line without a wide gap in it; edges in points, upwards and to the right.

    `size` is the height of its glyphs, from the deepest descender to the highest ascender.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float


@dataclass(frozen=True, slots=True)
class Document:
    """The runs of each page in the file's own order, the PDF's information dictionary, and its language."""

    pages: list[list[Run]]
    info: dict[str, str]
    language: str


def load(data: bytes, source: str) -> Document:
    """All of a PDF; SourceError if it is encrypted, damaged or much too long."""
    import pypdfium2
    from pypdfium2 import raw

    with _pdfium:
        raw.FPDF_LoadMemDocument64(b"", 0, None)  # or one without pages would have the error of the last file
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            if raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise SourceError(source, "is encrypted; save it without its password") from None
            raise SourceError(source, "is damaged: it cannot be opened as a PDF") from None
        try:
            return Document(_pages(document, source), document.get_metadata_dict(), _language(document))
        except pypdfium2.PdfiumError as error:
            raise SourceError(
                source, f"is damaged: it cannot be read as a PDF ({shown(str(error))})"
            ) from None
        finally:
            document.close()


def _language(document: Any) -> str:
    """As the document states it (ISO 32000-1, 14.9.2); empty if it does not."""
    from pypdfium2 import raw

    size = raw.FPDFCatalog_GetLanguage(document, None, 0)  # bytes, of UTF-16 with a NUL at its end
    buffer = create_string_buffer(size)
    raw.FPDFCatalog_GetLanguage(document, cast(buffer, POINTER(c_ushort)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


def _pages(document: Any, source: str) -> list[list[Run]]:
    if len(document) > MOST_PAGES:
        raise SourceError(source, f"has {len(document)} pages, and {MOST_PAGES} can be read; split it")
    pages: list[list[Run]] = []
    left = MOST_CHARACTERS
    for page in document:
        textpage = page.get_textpage()
        left -= textpage.count_chars()
        if left < 0:
            millions = MOST_CHARACTERS // 1_000_000
            raise SourceError(source, f"has more than {millions} million characters; split it")
        pages.append(list(_runs(textpage)))
        textpage.close()
        page.close()
    return pages


@dataclass(frozen=True, slots=True)
class _Glyph:
    text: str
    left: float
    right: float
    bottom: float
    top: float
    quarter: int

    def follows(self, other: "_Glyph") -> bool:
        """Whether this stands on the same line as `other`, a little to the right of it."""
        height = max(self.top - self.bottom, other.top - other.bottom)
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        level = shared > 0.3 * min(self.top - self.bottom, other.top - other.bottom)
        return level and -height < self.left - other.right < height


def _runs(textpage: Any) -> Iterator[Run]:
    """Runs are cut at wide gaps, so that those of two columns are never one.

    Of text in several directions, only what is set as most of the page is: the rest are watermarks.
    """
    glyphs = list(_glyphs(textpage))
    quarters = Counter(glyph.quarter for glyph in glyphs if glyph).most_common(1)
    run: list[_Glyph] = []
    space = False
    for glyph in glyphs:
        if glyph is None:
            space = True
            continue
        if glyph.quarter != quarters[0][0]:
            continue
        if run and not glyph.follows(run[-1]):
            yield _run(run)
            run, space = [], False
        if space and run:
            run.append(replace(run[-1], text=" ", left=run[-1].right))
        run.append(glyph)
        space = False
    if run:
        yield _run(run)


def _glyphs(textpage: Any) -> Iterator[_Glyph | None]:
    """The glyphs that are not white space; None for white space. PDFium finds where words end."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        text = _BROKEN_WORD.get(code) or _LIGATURES.get(code) or chr(code)
        if text.isspace() or not code:
            yield None
            continue
        quarters = raw.FPDFText_GetCharAngle(textpage, index) / (pi / 2)
        tilted = abs(quarters - round(quarters)) > 0.05
        if tilted or not raw.FPDFText_GetLooseCharBox(textpage, index, byref(box)):
            continue
        turned = _UPRIGHT[round(quarters) % 4]
        (x, y), (other_x, other_y) = turned(box.left, box.bottom), turned(box.right, box.top)
        left, right, bottom, top = min(x, other_x), max(x, other_x), min(y, other_y), max(y, other_y)
        yield _Glyph(text, left, right, bottom, top, round(quarters) % 4)


def _run(glyphs: list[_Glyph]) -> Run:
    text = "".join(glyph.text for glyph in glyphs)
    return Run(
        text=_SURROGATES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text),
        left=glyphs[0].left,
        right=max(glyph.right for glyph in glyphs),
        bottom=min(glyph.bottom for glyph in glyphs),
        top=max(glyph.top for glyph in glyphs),
        size=median(glyph.top - glyph.bottom for glyph in glyphs),
    )

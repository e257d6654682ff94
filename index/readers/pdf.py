"""PDF: one article a file, its text put together again from where it stands on the pages."""

import re
from collections.abc import Iterator
from statistics import median
from typing import BinaryIO

from ..errors import SourceError
from ..types import Article
from .canonical import canonical, one_line
from .opening import whole_file
from .origin import Origin
from .pdf_glyphs import load
from .pdf_layout import Paragraph, paragraphs
from .stated import make_article
from .titles import title_for

_LONGEST_TITLE = 200  # characters
_WORD = re.compile(r"[^\W\d_]{2,}")
# What programs put in where nobody has stated a title or a name.
_NO_TITLE = re.compile(
    r"untitled.*|unknown|microsoft (?:word|powerpoint) - .*|.*\.(?:pdf|docx?|indd|tex|dvi|qxd|rtf|pptx?)",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"anonymous|unknown|user|admin\w*|owner|unspecified|.*\boffice user", re.IGNORECASE)
# ISO 32000-1, 7.9.4: D:YYYYMMDDHHmmSSOHH'mm', and all after the year may be missing.
_DAY = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")


def read(stream: BinaryIO, origin: Origin) -> Iterator[Article]:
    """The file as one article; one of pictures alone is refused."""
    document = load(whole_file(stream, origin.source), origin.source)
    found = paragraphs(document.pages)
    text = canonical("\n\n".join(paragraph.text for paragraph in found))
    if not text:
        raise SourceError(origin.source, "has no text: it seems to be scanned; run it through OCR first")
    title = _largest_line(found) or title_for(text, origin.stem)
    yield make_article(text, {**_stated(document.info), "language": document.language}, origin, title=title)


def _stated(info: dict[str, str]) -> dict[str, object]:
    """The fields of the information dictionary that a person has filled in."""
    title, author = one_line(info.get("Title")), one_line(info.get("Author"))
    day = _DAY.match(info.get("CreationDate", ""))
    return {
        "title": title if title and not _NO_TITLE.fullmatch(title) else None,
        "author": author if author and not _NOBODY.fullmatch(author) else None,
        "date": "-".join(filter(None, day.groups())) if day else None,
    }


def _largest_line(found: list[Paragraph]) -> str | None:
    """What is set largest on the first page, if it is larger than most of the text."""
    usual = median(paragraph.size for paragraph in found for _ in range(len(paragraph.text) // 20 + 1))
    titles = [
        paragraph
        for paragraph in found
        if paragraph.page == found[0].page
        and paragraph.size > 1.15 * usual
        and len(paragraph.text) <= _LONGEST_TITLE
        and _WORD.search(paragraph.text)
    ]
    return max(titles, key=lambda paragraph: paragraph.size).text if titles else None

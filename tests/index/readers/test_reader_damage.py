"""Files of each format with some bytes changed, lost or said twice."""

import gzip
import io
import random
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document

from index.errors import SourceError
from index.readers import read
from index.readers.content import read_content
from index.readers.origin import Origin
from index.types import Failure
from tests.index.readers.made_pdf import Pdf
from tests.index.readers.made_zip import zipped
from tests.index.readers.test_reader_docx import by_hand, saved
from tests.index.readers.test_reader_epub import BOOK
from tests.index.readers.test_reader_feed import ATOM, ITEM, RSS


def pdf() -> bytes:
    made = Pdf()
    for _ in range(3):
        made.lines("It rained\nfor three days-\nin Rome", 72, 100).line("It stopped.", 300, 100).page()
    return made.data()


def message() -> bytes:
    made = EmailMessage()
    made["From"], made["Date"], made["Message-ID"] = "a@example.org", "Thu, 09 Mar 2023", "<1@example.org>"
    made.set_content("It rained.")
    made.add_alternative("<html><p>It rained.</p></html>", subtype="html")
    return made.as_bytes()


WHOLE = {
    "a.pdf": pdf(),
    "a.docx": by_hand("<w:p><w:r><w:t>It rained.</w:t></w:r></w:p>"),
    "b.docx": saved(Document()),
    "a.epub": zipped(BOOK),
    "a.eml": message(),
    "a.rss": RSS.format(ITEM).encode(),
    "a.atom": ATOM.encode(),
    "a.zip": zipped({"a.txt": "It rained.", "b.zip": zipped({"b.txt": "It stopped."})}),
}
SPLINTERS = [b"9" * 20, b"-1", b"<", b">", b"\0", b"]]>", b"&a;", b"\xff\xfe"]


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 20])):
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.randrange(50)]
            case 2:
                again = chance.randrange(len(changed))
                changed[place:place] = changed[again : again + 60]
            case _:
                changed[place:place] = chance.choice(SPLINTERS)
    return bytes(changed) or b"x"


@pytest.mark.parametrize("name", WHOLE)
def test_each_format_may_be_gzipped(tmp_path: Path, name: str) -> None:
    for place, data in (
        (tmp_path / name, WHOLE[name]),
        (tmp_path / f"{name}.gz", gzip.compress(WHOLE[name])),
    ):
        place.write_bytes(data)
    failures: list[Failure] = []
    texts = [
        [article.text for article in read(path, on_failure=failures.append)] for path in tmp_path.iterdir()
    ]
    assert texts[0] == texts[1]
    assert texts[0] or name == "b.docx"  # which is blank


@pytest.mark.parametrize("name", WHOLE)
def test_damage_raises_nothing_but_a_source_error_of_one_line(name: str) -> None:
    chance = random.Random(name)
    for _ in range(300):
        data = damaged(WHOLE[name], chance)
        with suppress(SourceError):
            for found in read_content(io.BytesIO(data), Origin(f"/articles/{name}", name)):
                if isinstance(found, Failure):
                    assert found.reason and "\n" not in found.reason
                else:
                    assert found.text.strip() and found.title and "\n" not in found.title
                    "\0".join((found.text, found.title, found.id, *found.authors, found.site or "")).encode()

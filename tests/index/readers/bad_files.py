"""Files that a folder of articles should not hold, and the line that each is worth.

bad_files    name -> (what is in it, what is said of it, how many articles are read all the same)
good_files   name -> content; each is one article, whatever its name says
"""

import gzip
import random
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.index.readers.made_pdf import Pdf
from tests.index.readers.made_pdf import by_hand as pdf_by_hand
from tests.index.readers.made_zip import zipped
from tests.index.readers.test_reader_docx import by_hand as docx
from tests.index.readers.test_reader_epub import BOOK
from tests.index.readers.test_reader_feed import ITEM, RSS

SECRET = "The vault opens at 4711"
"""What stands in a file beside the corpus, which nothing in there may reach."""

DEEP = 100_000
_LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
_BOMB = f'[<!ENTITY l0 "lol">{_LAUGHS}]'
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


class Bad(NamedTuple):
    content: bytes | str
    reason: str
    articles: int = 0


def outside(secret: Path) -> str:
    """A doctype's inner part, with an entity that stands for a file."""
    return f'[<!ENTITY x SYSTEM "{secret.as_uri()}">]'


def word(body: str) -> str:
    return f"<w:p><w:r><w:t>{body}</w:t></w:r></w:p>"


def book(**changed: str | bytes) -> bytes:
    """An EPUB with other files in it, whose names are written with `__` for `/` and `_` for `.`."""
    return zipped(
        {**BOOK, **{name.replace("__", "/").replace("_", "."): each for name, each in changed.items()}}
    )


def one_chapter(chapter: str | bytes) -> bytes:
    """The same with one chapter more that has text."""
    return book(OPS__text__one_xhtml=chapter)


def with_password(data: bytes) -> bytes:
    """An archive that says of its first file that it is encrypted."""
    locked = bytearray(data)
    locked[6] |= 1
    locked[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(locked)


def of_many(entries: int, size: int) -> bytes:
    """An archive of one file that its directory names `entries` times, as some bombs do."""
    packed = zipped({"0000000.txt": b"It rained. " * (size // 11)})
    start = packed.index(b"PK\x01\x02")
    record = packed[start : packed.index(b"PK\x05\x06")]
    before, after = record[:46], record[46 + 11 :]
    directory = b"".join(before + b"%07d.txt" % number + after for number in range(entries))
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, entries & 0xFFFF, entries & 0xFFFF, len(directory), start, 0
    )
    if entries > 0xFFFF:  # ZIP64 says how many there are
        more = struct.pack(
            "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, len(directory), start
        )
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + len(directory), 1)
        end = (
            more
            + locator
            + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
        )
    return packed[:start] + directory + end


def gzipped_many_times(megabytes: int) -> bytes:
    return gzip.compress(b"It rained.\n" * 95_326) * megabytes


def message(rest: str) -> str:
    return f"From: a@b.example\nDate: 9 Mar 2023\nMessage-ID: <1>\nMIME-Version: 1.0\n{rest}"


def nested_message(depth: int) -> str:
    return message(
        "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    )


def encrypted_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return Pdf(encrypt=StandardEncryption("secret", ownerPassword="other")).line("It rained.", 72, 100).data()


def noise(size: int) -> bytes:
    """Bytes that are text in no encoding."""
    chance = random.Random(1)
    return bytes(chance.choice((0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xFF, 0xFE, 0xA0)) for _ in range(size))


def bad_files() -> Mapping[str, Bad]:
    pdf = Pdf().lines("It rained\nin Rome", 72, 100).data()
    epub, archive = zipped(BOOK), zipped({"a.txt": "It rained. " * 50})
    return {
        # text
        "empty.txt": Bad("", "is empty"),
        "blank.md": Bad(" \n\t\r\n \u00a0\n", "has no text"),
        "controls.txt": Bad("\x01\x02\x03\x1b\x1b" * 9, "has no text"),
        "front.md": Bad("---\ntitle: Rain\n---\n", "has no text below its front matter"),
        "nul.txt": Bad(b"It rained.\0\0It stopped.", "is a binary file"),
        "noise.txt": Bad(noise(4000), "is not text in any known encoding; save it as UTF-8"),
        "utf16-odd.txt": Bad("It rained.".encode("utf-16-le")[:-1], "is a binary file"),
        "photo.txt": Bad(PNG, "is a binary file (a PNG image)"),
        "photo.html": Bad(b"\xff\xd8\xff\xe0JFIF", "is a binary file (a JPEG image)"),
        "program.md": Bad(b"\x7fELF\x02\x01", "is a binary file (a program)"),
        "letter.txt": Bad(rb"{\rtf1 It rained.}", "is an RTF document"),
        "old.docx": Bad(b"\xd0\xcf\x11\xe0" + bytes(600), "is an old or an encrypted office document"),
        # HTML
        "empty.html": Bad(
            "<html><head><title>Rain</title></head><body></body></html>", "has no article text"
        ),
        "comments.html": Bad("<!DOCTYPE html>" + "<!-- x -->" * 9, "has no article text"),
        "deep.html": Bad("<html><body>" + "<div>" * DEEP + "It rained.", "is nested too deeply to be read"),
        "deep.xhtml": Bad("<b>" * DEEP + "It rained." + "</b>" * DEEP, "is nested too deeply to be read"),
        "slow.html": Bad(
            "<html><body>" + "<table><tr><td>It rained.</td></tr></table>" * 150_000,
            "takes longer than 30 seconds",
        ),
        "long.html": Bad("<html><body><p>" + "It rained. " * 1_900_000, "is larger than 20 MB"),
        # JSON lines
        "line.jsonl": Bad("a" * 10_500_000, "line 1 is not JSON"),
        "broken.jsonl": Bad('{"text": "It rained."}\n{"text": "It\n', "line 2 is not JSON", 1),
        "list.jsonl": Bad('[]\n{"text": "It poured."}\n', "line 1 is not a JSON object", 1),
        "untold.jsonl": Bad('{"title": "Rain"}', "line 1 has no text"),
        "number.jsonl": Bad('{"text": 17}', 'line 1 has a "text" that is a number'),
        "digits.jsonl": Bad(
            '{"id": ' + "9" * 5000 + ', "text": "It rained."}', "line 1 is not JSON that can be read"
        ),
        "id.jsonl": Bad('{"id": 1e999, "text": "It rained."}', 'line 1 has an "id" that is a number'),
        "deep.jsonl": Bad('{"text": ' + "[" * DEEP + "]" * DEEP + "}", "line 1 is not JSON that can be read"),
        "latin.jsonl": Bad('{"text": "café"}'.encode("latin-1"), "line 1 is not UTF-8"),
        "blank.jsonl": Bad("\n \n\n", "has no text"),
        # gzip
        "cut.txt.gz": Bad(
            gzip.compress(b"It rained." * 999)[:-9], "is damaged: its gzip data is cut off or corrupt"
        ),
        "corrupt.txt.gz": Bad(gzip.compress(b"It rained.")[:-6] + b"xxxxxx", "is damaged: its gzip data"),
        "trailing.txt.gz": Bad(gzip.compress(b"It rained.") + b"trailing", "is damaged: its gzip data"),
        "twice.txt.gz": Bad(gzip.compress(gzip.compress(b"It rained.")), "is gzip within gzip"),
        "bomb.txt.gz": Bad(gzipped_many_times(250), "is larger than 200 MB"),
        "bomb.html.gz": Bad(gzipped_many_times(30), "is larger than 20 MB"),
        "cut.pdf.gz": Bad(gzip.compress(pdf[:200]), "is damaged: it cannot be opened as a PDF"),
        "pdf.txt.gz": Bad(gzip.compress(pdf[:200]), "is damaged: it cannot be opened as a PDF"),
        # PDF
        "text.pdf": Bad("It rained.", "is damaged: it cannot be opened as a PDF"),
        "cut.pdf": Bad(pdf[: len(pdf) // 3], "is damaged: it cannot be opened as a PDF"),
        "locked.pdf": Bad(encrypted_pdf(), "is encrypted; save it without its password"),
        "scanned.pdf": Bad(pdf_by_hand(b"0 0 9 9 re f"), "has no text: it seems to be scanned"),
        "pageless.pdf": Bad(pdf_by_hand(b"", pages=0), "is damaged: it cannot be opened as a PDF"),
        "garbage.pdf": Bad(
            b"%PDF-1.7\nxref\n0 99\n" + b"garbage\n" * 99 + b"startxref\n9\n%%EOF",
            "is damaged: it cannot be opened",
        ),
        # DOCX
        "text.docx": Bad("It rained.", "is damaged: it cannot be opened as a ZIP archive"),
        "cut.docx": Bad(docx(word("It rained."))[:-40], "is damaged: it cannot be opened as a ZIP archive"),
        "hollow.docx": Bad(
            zipped({"[Content_Types].xml": "", "word/a.xml": ""}),
            "is damaged: it does not say where its text is",
        ),
        "gone.docx": Bad(
            docx(word("It"), relations=BROKEN_RELATIONS), "is damaged: 'word/gone.xml' is missing from it"
        ),
        "broken.docx": Bad(docx("<w:p>"), "is damaged: word/document.xml is not XML"),
        "blank.docx": Bad(docx(word(" ")), "has no text"),
        "laughs.docx": Bad(
            docx(word("&l9;"), doctype=f"<!DOCTYPE w {_BOMB}>"), "is damaged: word/document.xml is not XML"
        ),
        "deep.docx": Bad(
            docx("<a>" * DEEP + word("It rained.") + "</a>" * DEEP),
            "is damaged: word/document.xml is not XML",
        ),
        # EPUB
        "container.epub": Bad(
            book(**{"META-INF__container_xml": "<a/>"}), "is damaged: it does not say where its chapters are"
        ),
        "package.epub": Bad(book(OPS__book_opf="<package>"), "is damaged: OPS/book.opf is not XML"),
        "chapterless.epub": Bad(
            zipped({name: each for name, each in BOOK.items() if "one" not in name}),
            "is damaged: 'OPS/text/one.xhtml' is missing from it",
            1,
        ),
        "locked.epub": Bad(
            book(**{"META-INF__encryption_xml": LOCKED}),
            "is encrypted; only the programs of its seller can open it",
        ),
        "cut.epub": Bad(epub[:-60], "is damaged: it cannot be opened as a ZIP archive"),
        "deep.epub": Bad(one_chapter("<b>" * DEEP + "It rained."), "is nested too deeply to be read", 1),
        "blank.epub": Bad(
            zipped({**BOOK, "OPS/text/one.xhtml": "", "OPS/text/second letter.xhtml": " "}), "has no text"
        ),
        # ZIP
        "text.zip": Bad("It rained.", "is damaged: it cannot be opened as a ZIP archive"),
        "cut.zip": Bad(archive[:-30], "is damaged: it cannot be opened as a ZIP archive"),
        "nothing.zip": Bad(zipped({}), "is a ZIP archive with nothing in it"),
        "pictures.zip": Bad(
            zipped({"a.png": PNG, "b.exe": "x", ".hidden.txt": "x"}), "has no file in it that can be read"
        ),
        "locked.zip": Bad(with_password(archive), "'a.txt' in it is encrypted; save it without its password"),
        "bomb.zip": Bad(zipped({"a.txt": b" " * 30_000_000}), "it may be a ZIP bomb"),
        "nested.zip": Bad(
            zipped({"b.zip": zipped({"a.txt": b" " * 30_000_000})}),
            "'b.zip' in it unpacks to far more than any text would",
        ),
        "overlaid.zip": Bad(of_many(300, 1_000_000), "is larger than 200 MB when unpacked"),
        "crowded.zip": Bad(of_many(100_001, 11), "has more than 100000 files in it"),
        "russian.zip": Bad(
            zipped({"b.zip": zipped({"c.zip": zipped({"a.txt": "x"})})}),
            "is an archive in an archive in an archive",
        ),
        "member.zip": Bad(
            zipped({"a.txt": "It rained.", "b.pdf": "It rained."}), "'b.pdf' in it is damaged", 1
        ),
        "sheet.zip": Bad(zipped({"xl/workbook.xml": "<a/>"}), "is a spreadsheet"),
        # messages
        "bodiless.eml": Bad(message("Subject: Rain\n\n"), "has no text"),
        "base64.eml": Bad(
            message("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n%%%%"), "has no text"
        ),
        "boundless.eml": Bad(message("Content-Type: multipart/mixed\n\n"), "has no text"),
        "nested.eml": Bad(nested_message(2000), "is nested too deeply to be read"),
        "photo.eml": Bad(PNG, "is a binary file"),
        "fields.eml": Bad("It rained.\n\nIt stopped.", "is no message"),
        # feeds
        "empty.rss": Bad(RSS.format(""), "is a feed without entries"),
        "teasers.rss": Bad(
            RSS.format("<item><title>Rain</title></item>" * 12),
            "12 of its 12 entries have no full text in the feed",
        ),
        "partly.rss": Bad(
            RSS.format(ITEM + "<item><title>Rain</title></item>"), "1 of its 2 entries have no full text", 1
        ),
        "cut.atom": Bad("<feed><title>Ra", "is a feed without entries, or a damaged one"),
        "none.atom": Bad("It rained.", "is neither an RSS nor an Atom feed"),
        "sitemap.xml": Bad("<urlset><url><loc>https://a.example/</loc></url></urlset>", "is a sitemap"),
        "laughs.rss": Bad(
            f"<!DOCTYPE rss {_BOMB}>"
            + RSS.format("<item><description>&l9;</description></item>").partition("?>")[2],
            "no full text",
        ),
        "deep.rss": Bad(
            RSS.format(f"<item><description><![CDATA[{'<b>' * DEEP}It rained.]]></description></item>"),
            "no full text",
        ),
        "nested.rss": Bad(RSS.format("<item>" + "<b>" * DEEP), "no full text"),
        # names
        "two\nlines.md": Bad("", "is empty"),
        "\x1b[31mred\x07.md": Bad("", "is empty"),
        "right\u202eleft.md": Bad("", "is empty"),
        "n" * 251 + ".txt": Bad("", "is empty"),
        "not\udce9utf8.txt": Bad("", "is empty"),
    }


BROKEN_RELATIONS = """\
<Relationships>
  <Relationship Type="http://x.example/officeDocument" Target="/word/gone.xml"/>
</Relationships>"""
ATOM_OF_ONE = """\
<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>It rained. &x;</content></entry></feed>"""
LOCKED = '<encryption><EncryptedData><CipherReference URI="OPS/text/one.xhtml"/></EncryptedData></encryption>'


def good_files(secret: Path) -> Mapping[str, bytes | str]:
    """Each is one article, whatever its name says, and whatever else is in it."""
    pdf, rain = (
        Pdf().lines("It rained\nin Rome", 72, 100).data(),
        "<p>It rained in Rome for three days, and then it stopped.</p>",
    )
    entity = outside(secret)
    return {
        "plain.txt": "It rained.",
        "pdf.txt": pdf,
        "html.pdf": f"<html><body>{rain}</body></html>",
        "docx.zip": docx(word("It rained.")),
        "feed.txt": RSS.format(ITEM),
        "mail.txt": message("Subject: Rain\n\nIt rained."),
        "packed.pdf.gz": gzip.compress(pdf),
        "zeros.txt.gz": gzip.compress(b"It rained.") + bytes(512),
        "charset.html": f'<html><head><meta charset="utf-16"></head><body>{rain}</body></html>',
        "charset.eml": message('Content-Type: text/plain; charset="x-none"\n\nIt rained.'),
        "mixed.txt": "Es regnete über Rom. ".encode() + "Und dann nicht über Rom.".encode("latin-1"),
        "surrogate.jsonl": '{"text": "It \\ud800 rained."}',
        "traversal.zip": zipped({"../../../../etc/cron.d/rain.txt": "It rained."}),
        "outside.docx": docx(word("It rained.&x;"), doctype=f"<!DOCTYPE w {entity}>"),
        "outside.html": f"<!DOCTYPE html {entity}><html><body>{rain}<p>&x;</p></body></html>",
        "outside.atom": f"<!DOCTYPE feed {entity}>{ATOM_OF_ONE}",
        "laughs.html": f"<!DOCTYPE html {_BOMB}><html><body>{rain}<p>&l9;</p></body></html>",
        "outside.rss": f"<!DOCTYPE rss {entity}>"
        + RSS.format(ITEM.replace("It rained.", "It rained. &x;")).partition("?>")[2],
        "folder.txt/inner.md": "It rained.",
        "d/" * 200 + "deep.md": "It rained.",
        "naïve 🐈 'quoted'.md": "It rained.",
    }

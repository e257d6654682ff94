"""A folder with one article of each format, as a person would have it: built and listed by the command."""

import gzip
import io
import json
import os
import subprocess
import sys
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from docx import Document

from index.readers import ENDINGS
from tests.index.readers.made_pdf import Pdf
from tests.index.readers.made_zip import zipped

PROSE = """It rained in Rome for three days, and nobody whom we met could say when it had last done so. On the
fourth day the sun came out, and the whole city with it, to see what was left of the spring."""


def front_matter(kind: str) -> str:
    return f"---\ntitle: Rain in {kind}\nauthor: Ann Lee\ndate: 2023-03-09\nlang: en\n---\n\n{PROSE}\n"


def page(kind: str) -> str:
    linked = {
        "@type": "NewsArticle",
        "author": {"name": "Ann Lee"},
        "datePublished": "2023-03-09T23:15:00-08:00",
    }
    return (
        f'<html lang="en"><head><title>Rain in {kind} - The Example</title>'
        f'<script type="application/ld+json">{json.dumps(linked)}</script></head><body><nav>Home</nav>'
        f"<article><h1>Rain in {kind}</h1><p>{PROSE}</p></article></body></html>"
    )


def line(kind: str) -> str:
    fields = {
        "title": f"Rain in {kind}",
        "text": PROSE,
        "author": "Ann Lee",
        "date": "9 March 2023",
        "lang": "en",
    }
    return json.dumps(fields) + "\n"


def pdf(kind: str) -> bytes:
    made = Pdf(lang="en").line(f"Rain in {kind}", 72, 80, 22).lines(PROSE, 72, 120)
    made.canvas.setAuthor("Ann Lee")
    return made.data().replace(b"D:20000101", b"D:20230309")


def docx(kind: str) -> bytes:
    document, buffer = Document(), io.BytesIO()
    document.add_paragraph(PROSE)
    core = document.core_properties
    core.title, core.author, core.language = f"Rain in {kind}", "Ann Lee", "en"
    core.created = datetime(2023, 3, 9)
    document.save(buffer)
    return buffer.getvalue()


def epub(kind: str) -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:title>Letters</dc:title><dc:creator>Ann Lee</dc:creator><dc:language>en</dc:language>"
        '<dc:date>2023-03</dc:date></metadata><manifest><item id="a" href="a.xhtml"'
        ' media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )
    body = f"<body><h1>Rain in {kind}</h1><p>{PROSE}</p></body>"
    chapter = f"<html xmlns='http://www.w3.org/1999/xhtml'>{body}</html>"
    return zipped({"META-INF/container.xml": container, "book.opf": package, "a.xhtml": chapter})


def eml(kind: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Ann Lee <ann@example.org>"
    message["Date"] = "Thu, 09 Mar 2023 10:15:00 +0100"
    message["Subject"] = f"Rain in {kind}"
    message.set_content(PROSE)
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    message["Content-Language"] = "en"
    return message.as_bytes()


def rss(kind: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Letters</title><language>en</language>'
        f"<item><title>Rain in {kind}</title><dc:creator>Ann Lee</dc:creator>"
        "<pubDate>Thu, 09 Mar 2023 10:15:00 +0100</pubDate>"
        f"<content:encoded><![CDATA[<p>{PROSE}</p>]]></content:encoded></item></channel></rss>"
    )


def atom(kind: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Letters</title><entry>'
        f"<title>Rain in {kind}</title><author><name>Ann Lee</name></author><id>urn:x:{kind}</id>"
        "<published>2023-03-09T10:15:00Z</published>"
        f'<content type="html">&lt;p&gt;{PROSE}&lt;/p&gt;</content></entry></feed>'
    )


FOLDER = {
    "rain.md": front_matter("Markdown"),
    "rain.html": page("HTML"),
    "rain.jsonl": line("JSON Lines"),
    "rain.pdf": pdf("PDF"),
    "rain.docx": docx("DOCX"),
    "rain.epub": epub("EPUB"),
    "rain.eml": eml("EML"),
    "rain.rss": rss("RSS"),
    "rain.atom": atom("Atom"),
    "rain.html.gz": gzip.compress(page("gzipped HTML").encode()),
    "rain.pdf.gz": gzip.compress(pdf("gzipped PDF")),
    "rain.zip": zipped(
        {"letters/zipped.md": front_matter("zipped Markdown"), "zipped.pdf": pdf("zipped PDF")}
    ),
    # Plain text states nothing but its title, unless it is something else under that ending.
    "plain.txt": f"Rain in text\n\n{PROSE}\n",
    "kept.txt": page("HTML that is called text"),
    "report": pdf("PDF without an ending"),
    ".hidden.md": front_matter("hidden Markdown"),
    "picture.png": b"\x89PNG\r\n\x1a\n",
}


def test_each_is_listed_with_its_title_author_date_and_language(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, content in FOLDER.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def byline(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).with_name("byline")), "index", *words]
        environment = {**os.environ, "BYLINE_LIBRARY": str(tmp_path / "library")}
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    built = byline("build", "articles", "articles/report")
    assert (built.returncode, built.stderr) == (0, "")
    listed = {
        row["title"]: (row["authors"], row["published"], row["language"])
        for row in json.loads(byline("list", "--json").stdout)
    }
    whole = (["Ann Lee"], "2023-03-09", "en")
    assert listed == {
        "Rain in text": ([], None, None),
        "Rain in EPUB": (["Ann Lee"], "2023-03", "en"),
        **{
            f"Rain in {kind}": whole
            for kind in (
                "Markdown, HTML, JSON Lines, PDF, DOCX, EML, RSS, Atom, gzipped HTML, gzipped PDF,"
                " zipped Markdown, zipped PDF, HTML that is called text, PDF without an ending"
            ).split(", ")
        },
    }
    table = [" ".join(line.split()) for line in byline("list").stdout.splitlines()]
    for title in listed.keys() - {"Rain in text", "Rain in EPUB"}:
        assert any(f" 2023-03-09 en {title} Ann Lee" in line for line in table)


def test_no_format_is_missing_from_the_folder() -> None:
    kinds = {kind for ending, kind in ENDINGS.items() if any(name.endswith(ending) for name in FOLDER)}
    assert kinds == set(ENDINGS.values())

"""Made-up contents of each format: good files with changes in them, and soups of a format's words."""

import gzip
import json

from docx import Document
from docx.document import Document as Docx
from hypothesis import strategies as st

from tests.index.readers.made_pdf import Pdf
from tests.index.readers.made_pdf import by_hand as pdf_by_hand
from tests.index.readers.made_zip import zipped
from tests.index.readers.test_reader_damage import message
from tests.index.readers.test_reader_docx import RELATIONS, by_hand, saved
from tests.index.readers.test_reader_epub import BOOK, page
from tests.index.readers.test_reader_feed import ATOM, ITEM, RSS

from .making import PROSE, Contents, as_bytes, mutated, repacked, soup

# Text and Markdown

_ENCODINGS = st.sampled_from(
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-32",
        "utf-16-le",
        "cp1252",
        "cp1251",
        "koi8-r",
        "cp932",
        "gb18030",
        "utf-7",
    ]
)
TEXT: Contents = (
    st.binary(max_size=300)
    | st.builds(
        lambda text, encoding: text.encode(encoding, "replace"),
        st.text(max_size=300)
        | st.sampled_from([PROSE, "Дождь шёл три дня.", "雨が三日降った。", "Il a plu à Rome."]),
        _ENCODINGS,
    )
    | mutated(PROSE.encode() * 3, f"Rain\n====\n\n{PROSE}".encode("utf-16"))
)
_FRONT = "---\ntitle: 'Rain: a story'\nauthors: [Ann Lee, {{name: Bo}}]\ndate: 2023-03-09\nurl: https://a.example/x\n---\n"
_YAML = (
    "---\n|...\n|title: |author: |authors:\n|date: |url: |language: |site: |- |  |\n|[|]|{|}|,|: |&a |*a|"
    "!!python/name:os.system |"
    "? |>\n|'|\"|# |2023-03-09|https://a.example/|<<: *a\n|~|null|\t"
)
_MARKDOWN = (
    "# |## |\n\n|\n|```\n|~~~|> |- |1. |* |`|[a](b)|![|](|<b>|</b>|---\n|===\n|| a | b |\n|&amp;|\\|\u00a0"
)
MARKDOWN: Contents = (
    mutated(_FRONT.format().encode() + b"# Rain\n\n" + PROSE.encode())
    | soup(_YAML, lambda front: f"---\n{front}\n---\n{PROSE}")
    | soup(_MARKDOWN, str)
    | TEXT
)

# Mark-up

_HTML = (
    "<html>|<head>|<body>|<p>|</p>|<div>|</div>|<b>|</b>|<a href='https://a.example/'>|</a>|<h1>|</h1>|"
    "<ul>|<li>|</ul>|<table>|<tr>|<td>|"
    "</table>|<pre>|</pre>|<br>|<article>|</article>|<title>|</title>|<time datetime='2023-03-09'>|"
    "</time>|<span class='date'>|</span>|"
    "<meta name='author' content='|<meta charset='utf-16'>|"
    "<meta property='article:published_time' content='2023-03-09T99:99'>|"
    "<link rel='canonical' href='//[|<script type='application/ld+json'>|</script>|"
    '{"@type": "NewsArticle", "author": |'
    '"datePublished": "2023", |[|]|{|}|null|<!--|-->|<!DOCTYPE html>|<![CDATA[|]]>|&nbsp;|&#0;|&#xD800;|'
    "&bogus;|<|>|'|\"|<svg>|<math>|"
    "<blockquote>|<figure>|<p class='byline'>By |03/04/2023|<template>|<noscript>|<base href='x'>|"
    "<body lang='\x01'>|<?php |?>|<frameset>|<x:y>"
)
_ARTICLE = (
    "<!DOCTYPE html><html lang='en'><head><title>Rain</title><meta charset='utf-8'>"
    "<meta name='author' content='Ann Lee'>"
    "<link rel='canonical' href='https://a.example/rain'><script type='application/ld+json'>"
    '{"@type": "NewsArticle",'
    '"headline": "Rain", "datePublished": "2023-03-09", "author": [{"name": "Ann Lee"}]}</script></head>'
    "<body><nav>Home</nav>"
    f"<article><h1>Rain</h1><p class='byline'>By Ann Lee, 9 March 2023</p><p>{PROSE}</p><ul><li>"
    f"A lot.</li></ul><table><tr><th>a</th>"
    f"<td>b</td></tr></table><blockquote>{PROSE}</blockquote><pre>a\n b</pre></article><footer>"
    f"2020</footer></body></html>"
).encode()
HTML: Contents = (
    mutated(_ARTICLE) | soup(_HTML, lambda body: f"<html><body>{body}<p>{PROSE}") | soup(_HTML, str) | TEXT
)

_FEED = (
    "<item>|</item>|<entry>|</entry>|<title>|</title>|<title type='html'>|<title type='xhtml'>|<link>|"
    "</link>|<link href='https://a.example/'/>|"
    "<guid>|</guid>|<id>|</id>|<pubDate>|</pubDate>|<updated>|</updated>|<description>|</description>|"
    "<content type='html'>|"
    "<content type='xhtml'>|<content type='text/plain' mode='base64'>|"
    "<content src='file:///etc/passwd'/>|</content>|<content:encoded>|"
    "</content:encoded>|<summary>|</summary>|<author>|</author>|<name>|</name>|<dc:creator>|"
    "</dc:creator>|<![CDATA[|]]>|&lt;p&gt;|&amp;|&#0;|"
    "&a;|&#x1;|Thu, 09 Mar 2023 10:00:00 GMT|2023-03-09T10:15:00Z|9999999999999-99-99|"
    "<div xmlns='http://www.w3.org/1999/xhtml'>|</div>|<p>|</p>|"
    "<language>|</language>|<media:content url='x'/>|<geo:lat>|<georss:point>1 2|<gml:posList>|"
    "<itunes:explicit>|xml:base='//['|<a:b>|<!--|-->"
)
FEED: Contents = (
    mutated(RSS.format(ITEM * 2).encode(), ATOM.encode())
    | soup(_FEED, RSS.format)
    | soup(_FEED, lambda body: RSS.format(f"<item><description>{PROSE * 6}</description>{body}</item>"))
    | soup(_FEED, lambda body: f"<feed xmlns='http://www.w3.org/2005/Atom'>{body}</feed>")
    | soup(_FEED, lambda body: f"<!DOCTYPE rss [<!ENTITY a '{PROSE}'>]><rss version='0.9'>{body}")
)

# JSON Lines

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([PROSE, "2023-03-09", "https://a.example/", "\ud800", "//[", "\x00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
_NAMES = [
    "id",
    "title",
    "text",
    "url",
    "authors",
    "author",
    "published",
    "date",
    "updated",
    "site",
    "language",
    "Text",
]
_OBJECTS = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=6)
_LINES = st.builds(
    lambda stated, text: json.dumps({**stated, "text": text}), _OBJECTS, st.text(min_size=1) | st.just(PROSE)
)
JSONL: Contents = (
    st.lists(_LINES | _OBJECTS.map(json.dumps) | st.text(max_size=20), max_size=5).map(
        lambda found: as_bytes("\n".join(found))
    )
    | mutated(
        3
        * b'{"id": 17, "title": "Rain", "text": "It rained.", "authors": ["Ann Lee"], "date": "2023-03-09"}\n'
    )
    | soup(
        '{|}|[|]|"|:|,|\\ud800|\\u0000|\\|"text": "It rained."|"id": |1e999|NaN|-|9999999999|true|null|\n|\r',
        str,
    )
    | TEXT
)

# Messages

_HEADERS = (
    "From: |Date: |Subject: |Message-ID: |List-Id: |MIME-Version: 1.0|Content-Type: |text/plain|"
    "text/html|multipart/alternative|"
    "multipart/mixed|message/rfc822|message/external-body|; charset=|utf-8|iso-2022-jp|utf-7|hex|rot13|"
    "punycode|idna|unknown-8bit|"
    '; boundary=|"b"|b|--b\n|--b--\n|\n|\n\n|Content-Transfer-Encoding: |base64|quoted-printable|'
    "uuencode|x-uuencode|8bit|begin 644 a\n|=?utf-8?b?|"
    "=?utf-8?q?|=?iso-2022-jp?b?|?=|SXQgcmFpbmVk|=C3=A9|=\n|<p>It rained.</p>|Ann Lee <a@b.example>|"
    "(comment|\"|<|>|,|@|; charset*=|''%ff|"
    "Content-Disposition: attachment|; filename*0*=|\t| "
)
_MAIL = message()
EML: Contents = (
    mutated(
        _MAIL,
        b"From: a@b.example\nDate: 9 Mar 2023\nMessage-ID: <1>\nSubject: =?utf-8?b?UmFpbg==?=\n\n"
        + PROSE.encode(),
    )
    | soup(_HEADERS, str)
    | soup(_HEADERS, lambda rest: f"From: a@b.example\nDate: 9 Mar 2023\nSubject: {rest}\n\n{PROSE}")
    | soup(
        _HEADERS,
        lambda rest: (
            f"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{rest}\n\n{PROSE}\n--b--"
        ),
    )
)

# Archives

_WORD_XML = (
    "<w:p>|</w:p>|<w:r>|</w:r>|<w:t>|</w:t>|<w:tbl>|</w:tbl>|<w:tr>|</w:tr>|<w:tc>|</w:tc>|<w:tab/>|"
    "<w:br/>|<w:del>|</w:del>|<w:pPr>|</w:pPr>|"
    "<w:pStyle w:val='Title'/>|<w:numPr><w:numId w:val='1'/></w:numPr>|<w:txbxContent>|</w:txbxContent>|"
    "<mc:Fallback>|&a;|&#1;|<!--|-->"
)
_PARAGRAPH = "<w:p><w:r><w:t>It rained.</w:t></w:r></w:p>"


_TREES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&>"), max_size=9)
    | st.just(PROSE),
    lambda inner: st.builds(
        lambda tag, many: f"<{tag}>{''.join(many)}</{tag}>",
        st.sampled_from("w:p w:r w:t w:tbl w:tr w:tc w:pPr w:del w:txbxContent w:hyperlink w:sdt".split()),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


def _document() -> Docx:
    document = Document()
    document.add_heading("Rain", 1)
    document.add_paragraph(PROSE, style="List Bullet")
    return document


_DOCX = (
    by_hand(_PARAGRAPH * 3),
    saved(_document()),
    by_hand(f"<w:tbl><w:tr><w:tc>{_PARAGRAPH}</w:tc><w:tc>{_PARAGRAPH}</w:tc></w:tr></w:tbl>"),
)
DOCX: Contents = (
    repacked(*_DOCX)
    | mutated(*_DOCX)
    | soup(_WORD_XML, by_hand)
    | st.lists(_TREES, max_size=5).map(lambda found: by_hand(_PARAGRAPH + "".join(found)))
    | soup(
        "<Relationship |Type='/officeDocument' |Target='|/word/document.xml|../..|'/>|\0",
        lambda found: by_hand(
            _PARAGRAPH, relations=RELATIONS.replace("<Relationship Id", f"{found}<Relationship Id")
        ),
    )
)
_EPUB = zipped(BOOK)
EPUB: Contents = (
    repacked(_EPUB)
    | mutated(_EPUB)
    | soup(_HTML, lambda body: zipped({**BOOK, "OPS/text/one.xhtml": page(body).encode("utf-8", "replace")}))
    | soup(_HTML, lambda body: zipped({**BOOK, "OPS/text/one.xhtml": body.encode("utf-8", "replace")}))
)

# PDF

_PAINT = (
    "BT |ET |(It rained.) Tj |[(It) -250 (rained)] TJ |/F1 12 Tf |/F1 0 Tf |/F1 -12 Tf |/F1 1e9 Tf |"
    "/F2 9 Tf |1 0 0 1 72 700 Tm |0 1 -1 0 72 700 Tm |"
    "0 0 0 0 0 0 Tm |1e30 0 0 1e30 0 0 Tm |.7 .7 -.7 .7 9 9 Tm |72 700 Td |0 -14 Td |-99999 99999 Td |"
    "T* |14 TL |3 Tr |50 Tc |-50 Tz |q |Q |"
    "1 0 0 1 0 0 cm |0 0 0 0 0 0 cm |<0041D800DFFF00AD0002FFFE> Tj |(\\000\\001\\002\\255) Tj |/X Do |"
    "BI /W 1 /H 1 ID x EI |' |\" |<< |>> |[ |] |"
)
_CMAP = (
    "<41> <0041> |<41> <D800> |<41> <DC00D800> |<49> <0000> |<49> <0001> |<74> <FFFE> |<74> <00AD> |"
    "<20> <000A> |<61> <FB03> |<61> <D83DDC08> |<61> <FEFF> |<69> <0661> |"
)
_MADE_PDF = (
    Pdf(pageCompression=0)
    .lines("It rained\nfor three days-\nin Rome", 72, 100)
    .line("It stopped.", 300, 100)
    .page()
    .line("1", 72, 800)
    .data()
)
_PLAIN_PDF = pdf_by_hand(
    b"BT /F1 12 Tf 72 700 Td (It rained in Rome.) Tj 0 -14 Td (And then it stopped.) Tj ET"
)
PDF: Contents = (
    mutated(_PLAIN_PDF, _MADE_PDF, Pdf().lines("It rained\nfor three days", 72, 100).data())
    | soup(_PAINT, lambda paint: pdf_by_hand(as_bytes(paint)))
    | soup(
        _CMAP,
        lambda cmap: pdf_by_hand(b"BT /F1 12 Tf 72 700 Td (It rained again in Rome.) Tj ET", as_bytes(cmap)),
    )
)

MARKED: dict[str, Contents] = {
    "text": TEXT,
    "markdown": MARKDOWN,
    "html": HTML,
    "jsonl": JSONL,
    "pdf": PDF,
    "docx": DOCX,
    "epub": EPUB,
    "eml": EML,
    "feed": FEED,
}
_ARCHIVE = zipped(
    {
        "a.txt": PROSE,
        "b.md.gz": gzip.compress(b"# Rain\n\nIt rained."),
        "c.zip": zipped({"d.html": _ARTICLE, "e.jsonl": '{"text": "x"}'}),
    }
)
_MEMBER_NAMES = st.sampled_from(
    [
        "a.txt",
        "a.md",
        "b.html",
        "c.jsonl",
        "d.pdf",
        "e.docx",
        "f.epub",
        "g.eml",
        "h.rss",
        "i.zip",
        "j.txt.gz",
        "../k.txt",
        "/l\n.txt",
        "m\ud800.txt".encode("utf-8", "replace").decode(),
        ".n.txt",
    ]
)
ZIP: Contents = (
    mutated(_ARCHIVE)
    | repacked(_ARCHIVE)
    | st.dictionaries(_MEMBER_NAMES, st.one_of(*MARKED.values()), min_size=1, max_size=3).map(zipped)
)
CONTENTS: dict[str, Contents] = {**MARKED, "zip": ZIP}

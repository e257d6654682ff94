"""An article, opened at the words that were quoted: a page of its own, and the pane beside the chat.

The article's text is escaped, never markup. The quotation is marked here, by its offsets in the
Python string: a browser counts in UTF-16 and would be one off after every emoji.
"""

import re
from collections.abc import Iterator
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from index import Article
from index.days import readable
from index.errors import ArticleNotFound, BylineError
from qa import Citation
from ui.library import Library
from ui.render import fingerprint

PARAGRAPH_BREAK = re.compile(r"\n(?:[^\S\n]*\n)+")
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Byline</title>
<link rel="stylesheet" href="byline/article.css">
<link rel="icon" href="byline/favicon.svg">
</head>
<body class="reading-page">
<nav><a href="./">Byline</a></nav>
<main>{content}</main>
</body>
</html>
"""

CHANGED = "This article has changed since it was quoted, so the words are not marked."


def article_routes(library: Library) -> APIRouter:
    """`GET article?id=…&start=…&end=…`: the page; with `pane=1` only what goes into the pane."""
    routes = APIRouter()

    @routes.get("/article")
    def article(
        id: str, start: int = 0, end: int = 0, n: int = 0, check: str = "", pane: bool = False
    ) -> HTMLResponse:
        library.open()
        try:
            found = library.opened().index.article(id)
        except BylineError as error:
            title = "Not there" if isinstance(error, ArticleNotFound) else "Not yet"
            content = f'<article><h2>{title}</h2><p class="notice">{_text(str(error))}</p></article>'
            status = 404 if isinstance(error, ArticleNotFound) else 503
        else:
            title, status = found.title, 200
            content = article_html(found, start, end, marker=n, check=check, heading="h2" if pane else "h1")
        if not pane:
            content = PAGE.format(title=_text(title), content=content)
        return HTMLResponse(content, status, headers={"Cache-Control": "no-cache"})

    return routes


def article_html(
    article: Article, start: int, end: int, *, marker: int = 0, check: str = "", heading: str = "h2"
) -> str:
    """The article as an `<article>` element, its characters `start` to `end` in `<mark>`s.

    Where those are not the words that `check` is the fingerprint of, it says so and marks none.
    """
    quote = article.text[start:end] if 0 <= start < end else ""
    intact = bool(quote) and check in ("", fingerprint(quote))
    head = [f'<p class="kicker">Quotation {marker}</p>'] if marker > 0 else []
    head.append(f'<{heading} dir="auto" tabindex="-1">{_text(article.title) or "Untitled"}</{heading}>')
    if origin := _origin(article):
        head.append(f'<p class="origin">{origin}</p>')
    if intact and (link := _live(article, quote, start, end)):
        head.append(
            f'<p class="live"><a href="{_text(link)}" target="_blank" rel="noopener noreferrer">'
            "Open the page at these words</a></p>"
        )
    if end > 0 and not intact:
        head.append(f'<p class="notice">{CHANGED}</p>')
    language = f' lang="{_text(article.language)}"' if article.language else ""
    marked = (start, end) if intact else (0, 0)
    return (
        f"<article{language}><header>{''.join(head)}</header>"
        f'<div class="text">{"".join(marked_paragraphs(article.text, *marked))}</div></article>'
    )


def marked_paragraphs(text: str, start: int, end: int) -> Iterator[str]:
    """`text` as `<p>` elements, split at blank lines; what lies in `[start, end)` is in `<mark>`s.

    A quotation that spans paragraphs is marked in each of them; the first mark has the id `quote`.
    """
    first = True
    for begin, stop in paragraph_spans(text):
        marked_from, marked_to = max(begin, start), min(stop, end)
        if marked_from >= marked_to:
            yield f'<p dir="auto">{_text(text[begin:stop])}</p>'
            continue
        name = ' id="quote"' if first else ""
        first = False
        yield (
            f'<p dir="auto">{_text(text[begin:marked_from])}'
            f"<mark{name}>{_text(text[marked_from:marked_to])}</mark>"
            f"{_text(text[marked_to:stop])}</p>"
        )


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the paragraphs of `text` begin and end: all of it but blank lines."""
    begin = 0
    for gap in PARAGRAPH_BREAK.finditer(text):
        if text[begin : gap.start()].strip():
            yield begin, gap.start()
        begin = gap.end()
    if text[begin:].strip():
        yield begin, len(text)


def _origin(article: Article) -> str:
    """Who wrote it, where and when it stood."""
    parts = []
    if article.authors:
        parts.append("By " + _text(", ".join(article.authors)))
    if article.site:
        parts.append(_text(article.site))
    if article.published:
        parts.append(f'<time datetime="{article.published}">{readable(article.published)}</time>')
    return " · ".join(parts)


def _live(article: Article, quote: str, start: int, end: int) -> str | None:
    """The live page, opened at the quotation."""
    place = Citation(
        0, article.id, article.title, article.url, article.site, article.published, quote, start, end
    )
    return place.link


def _text(text: str) -> str:
    """Text as HTML; a character that HTML cannot hold becomes one that says so."""
    return escape(UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text))

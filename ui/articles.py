"""An article, opened at the words that were quoted: a page of its own, and the pane beside the chat.

The article's text is escaped, never markup. The quotation is marked here, by its offsets in the
Python string: a browser counts in UTF-16 and would be one off after every emoji.
"""

import re
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from index import Article
from index.days import readable
from index.errors import ArticleNotFound, BylineError
from qa import Citation
from ui.html import as_html, page
from ui.library import Library
from ui.render import fingerprint

PARAGRAPH_BREAK = re.compile(r"\n(?:[^\S\n]*\n)+")
CHANGED = "This article has changed since it was quoted, so the words are not marked."


def article_routes(library: Library) -> APIRouter:
    """`GET article?id=…&start=…&end=…`: the page; with `pane=1` only what goes into the pane,
    and with `preview=1` only the quotation."""
    routes = APIRouter()

    @routes.get("/article")
    def article(
        id: str,
        start: int = 0,
        end: int = 0,
        n: int = 0,
        check: str = "",
        pane: bool = False,
        preview: bool = False,
    ) -> HTMLResponse:
        library.open()
        try:
            found = library.opened().index.article(id)
        except BylineError as error:
            title = "Not there" if isinstance(error, ArticleNotFound) else "Not yet"
            content = f'<article><h2>{title}</h2><p class="notice">{as_html(str(error))}</p></article>'
            status = 404 if isinstance(error, ArticleNotFound) else 503
        else:
            if preview:
                return HTMLResponse(preview_html(found, start, end, check))
            title, status = found.title, 200
            content = article_html(found, start, end, marker=n, check=check, heading="h2" if pane else "h1")
        if not pane:
            content = page(title, content, kind="reading-page")
        return HTMLResponse(content, status, headers={"Cache-Control": "no-cache"})

    return routes


def preview_html(article: Article, start: int, end: int, check: str) -> str:
    """The quotation and where it stands, to be seen before the article is opened."""
    quote = article.text[start:end] if 0 <= start < end else ""
    if not quote or check not in ("", fingerprint(quote)):
        return f'<p class="origin">{CHANGED}</p>'
    origin = " · ".join(part for part in (as_html(article.title), _origin(article)) if part)
    return f'<p class="quoted" dir="auto">{as_html(quote)}</p><p class="origin">{origin}</p>'


def article_html(
    article: Article, start: int, end: int, *, marker: int = 0, check: str = "", heading: str = "h2"
) -> str:
    """The article as an `<article>` element, its characters `start` to `end` in `<mark>`s.

    Where those are not the words that `check` is the fingerprint of, it says so and marks none.
    """
    quote = article.text[start:end] if 0 <= start < end else ""
    intact = bool(quote) and check in ("", fingerprint(quote))
    head = [f'<p class="kicker">Quotation {marker}</p>'] if marker > 0 else []
    head.append(f'<{heading} dir="auto" tabindex="-1">{as_html(article.title) or "Untitled"}</{heading}>')
    if origin := _origin(article):
        head.append(f'<p class="origin">{origin}</p>')
    if intact and (link := _live(article, quote, start, end)):
        head.append(
            f'<p class="live"><a href="{as_html(link)}" target="_blank" rel="noopener noreferrer">'
            "Open the page at these words</a></p>"
        )
    if end > 0 and not intact:
        head.append(f'<p class="notice">{CHANGED}</p>')
    language = f' lang="{as_html(article.language)}"' if article.language else ""
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
            yield f'<p dir="auto">{as_html(text[begin:stop])}</p>'
            continue
        name = ' id="quote"' if first else ""
        first = False
        yield (
            f'<p dir="auto">{as_html(text[begin:marked_from])}'
            f"<mark{name}>{as_html(text[marked_from:marked_to])}</mark>"
            f"{as_html(text[marked_to:stop])}</p>"
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
        parts.append("By " + as_html(", ".join(article.authors)))
    if article.site:
        parts.append(as_html(article.site))
    if article.published:
        parts.append(f'<time datetime="{article.published}">{readable(article.published)}</time>')
    return " · ".join(parts)


def _live(article: Article, quote: str, start: int, end: int) -> str | None:
    """The live page, opened at the quotation."""
    place = Citation(
        0, article.id, article.title, article.url, article.site, article.published, quote, start, end
    )
    return place.link

"""What programs are given, as JSON's values. `ui.records` has the one of an answer."""

from typing import Any

from index import Article, Hit
from qa import Citation
from ui.doors.wanted import Page


def hit_record(hit: Hit, article: Article) -> dict[str, Any]:
    """A passage that was found: `text` is `article.text[start:end]`. `score` orders one list, and has no
    unit."""
    passage = hit.passage
    return {
        **_facts(article),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "link": _link(article, passage.start, passage.end),
        "score": hit.score,
        "copies": list(hit.copies),
    }


def page_record(article: Article, page: Page) -> dict[str, Any]:
    """A stretch of an article: `next` is where the one after it starts, or None at the article's end."""
    start = min(page.start, len(article.text))
    end = min(start + page.characters, len(article.text))
    return {
        **_facts(article),
        "authors": list(article.authors),
        "text": article.text[start:end],
        "start": start,
        "end": end,
        "characters": len(article.text),
        "next": end if end < len(article.text) else None,
    }


def _facts(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.id,
        "title": article.title,
        "url": article.url,
        "site": article.site,
        "published": article.published and article.published.isoformat(),
    }


def _link(article: Article, start: int, end: int) -> str | None:
    """The live page, opened at a passage."""
    return Citation(
        0,
        article.id,
        article.title,
        article.url,
        article.site,
        article.published,
        article.text[start:end],
        start,
        end,
    ).link

"""Sentences to citations: numbered in order of appearance, each an exact span of its article."""

from .evidence import Sentence
from .types import Citation


class Citations:
    """Hands out markers. The same span keeps its number."""

    def __init__(self) -> None:
        self._by_span: dict[tuple[str, int, int], Citation] = {}

    def of(self, sentence: Sentence) -> Citation:
        """The citation of a sentence; a new one takes the next number. ValueError outside its article."""
        article = sentence.article
        span = (article.id, sentence.start, sentence.end)
        if span not in self._by_span:
            quoted = article.passage(sentence.start, sentence.end)
            self._by_span[span] = Citation(
                marker=len(self._by_span) + 1,
                article_id=article.id,
                title=article.title,
                url=article.url,
                site=article.site,
                published=article.published,
                quote=quoted.text,
                start=quoted.start,
                end=quoted.end,
            )
        return self._by_span[span]

    def all(self) -> tuple[Citation, ...]:
        """Those handed out so far, by number."""
        return tuple(self._by_span.values())

"""First questions to ask of a library, made from the names that its articles speak of."""

import re
from collections import Counter

from index.reading import Index
from index.types import Article

_NAME = re.compile(
    r"(?<![.!?:“\"]\s)(?<!^)\b[A-ZÀ-Þ][\w’'-]{1,40}+(?: [A-ZÀ-Þ][\w’'-]{1,40}+)+", re.MULTILINE
)
_LOOKED_AT = 40
"""Articles looked at; a large library need not be read to begin with."""


def suggestions(index: Index, n: int) -> list[str]:
    """`n` questions at most, about different articles, the newest first."""
    questions: list[str] = []
    for article in _newest(index):
        question = _question(article)
        if question not in questions:
            questions.append(question)
        if len(questions) == n:
            break
    return questions


def _newest(index: Index) -> list[Article]:
    with index.pinned() as snapshot:
        ids = snapshot.catalog.newest(_LOOKED_AT)
        return [snapshot.article(id) for id in ids]


def _question(article: Article) -> str:
    """About the name that the article says most often; about its title where it says none twice."""
    names = Counter(_NAME.findall(article.text))
    name, times = max(names.items(), key=lambda item: item[1], default=("", 0))
    return f"What is said about {name}?" if times > 1 else f"What is “{article.title}” about?"

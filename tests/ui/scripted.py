"""A stand-in for the Assistant whose answers are written down here, at a pace a test chooses."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from index.errors import ArticleNotFound
from index.types import Article
from qa import Answer, Citation, Turn

PUFFIN = Article(
    id="puffin",
    title="Sea power: the Puffin turbine starts",
    text="🌊🌊 A tide turbine, seen from the pier 🐦.\n\n"
    "The Puffin turbine began to turn on Monday. It is the largest of its kind, its makers say.\n\n"
    "“We waited eleven years for this,” said Ada Lind 👩‍🔧, who leads the project.\n"
    "She had cried, she added.\n\n" + "Fishing boats keep away from the site. " * 60 + "\n\n"
    "By the summer it will feed 4,000 homes 🏠. A second one is planned for 2027.",
    source="puffin.md",
    url="https://example.org/puffin",
    authors=("Ida Holm", "Per Sand"),
    published=date(2025, 3, 14),
    site="The Harbour Post",
    language="en",
)


def quote(article: Article, words: str, marker: int) -> Citation:
    start = article.text.index(words)
    return Citation(
        marker, article.id, article.title, article.url, article.site, article.published,
        words, start, start + len(words),
    )  # fmt: skip


@dataclass(frozen=True)
class Script:
    """What the assistant says to a question: pieces of text and the quotations that they mark."""

    pieces: Sequence[str]
    citations: Sequence[Citation] = ()
    pause: float = 0.0
    error: Exception | None = None
    confidence: float = 0.92
    abstained: bool = False
    notes: Sequence[str] = ()


@dataclass
class ScriptedAssistant:
    """As `qa.Assistant` is used by the page. `asked` and `closed` tell what happened to it."""

    scripts: dict[str, Script]
    articles: Sequence[Article]
    asked: list[tuple[str, Sequence[Turn]]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    @property
    def index(self) -> "ScriptedAssistant":
        return self

    def article(self, article_id: str) -> Article:
        for article in self.articles:
            if article.id == article_id:
                return article
        raise ArticleNotFound(f"There is no article {article_id!r} in this library.")

    @dataclass
    class Info:
        articles: int
        passages: int

    def info(self) -> Info:
        return self.Info(len(self.articles), 3 * len(self.articles))

    def suggestions(self, n: int = 4) -> list[str]:
        return list(self.scripts)[:n]

    def reply(self, question: str, history: Sequence[Turn] = ()) -> "ScriptedReply":
        self.asked.append((question, history))
        script = self.scripts.get(question, Script([f"You asked: {question}"]))
        if script.error is not None and not script.pieces:
            raise script.error
        return ScriptedReply(question, script, self.closed)

    def close(self) -> None:
        pass


@dataclass
class ScriptedReply:
    question: str
    script: Script
    closed: list[str]
    text: str = ""

    def __iter__(self) -> Iterator[str]:
        for piece in self.script.pieces:
            time.sleep(self.script.pause)
            self.text += piece
            yield piece
        if self.script.error is not None:
            raise self.script.error

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(c for c in self.script.citations if f"[{c.marker}]" in self.text)

    def answer(self) -> Answer:
        return Answer(
            self.question,
            "".join(self.script.pieces),
            citations=tuple(self.script.citations),
            confidence=self.script.confidence,
            abstained=self.script.abstained,
            notes=tuple(self.script.notes),
        )

    def close(self) -> None:
        self.closed.append(self.question)

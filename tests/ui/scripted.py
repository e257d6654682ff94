"""A stand-in for the Assistant whose answers are written down here, at a pace that suits the test."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from index import Article, Filter, Listed
from index.errors import ArticleNotFound
from qa import Answer, Citation, Settings, Turn
from qa.errors import QuestionError

PUFFIN = Article(
    id="puffin & co/1",
    title="Sea power: the *Puffin* turbine starts",
    text="🌊🌊 A tide turbine, seen from the pier 🐦.\n\n"
    "The Puffin turbine began to turn on Monday. It is the largest of its kind, its makers say.\n\n"
    + "Fishing boats keep away from the site. "
    * 60
    + "\n\n“We waited eleven years for this,” said Ada Lind 👩‍🔧, who leads the project.\n"
    "She had cried, she added.\n\n"
    "By the summer it will feed 4,000 homes 🏠. A second one is planned for 2027.",
    source="puffin.md",
    url="https://news.example/puffin",
    authors=("Ida Holm", "Per Sand"),
    published=date(2025, 3, 14),
    site="The Harbour Post",
    language="en",
)
HOSTILE_WORDS = (
    '<script>window.ran = 1</script><img src="http://evil.example/a.png" onerror="window.ran = 2"> '
    "![i](http://evil.example/b.png) [x](javascript:window.ran=3) <svg onload='window.ran = 4'> "
    "https://evil.example/c `code` $x$ | a | &copy; ~~no~~ [1] <b>bold</b>"
)
HOSTILE = Article(
    id="<script>window.ran = 5</script>",
    title="</title><script>window.ran = 6</script>",
    text=f"🐦 Before.\n\n{HOSTILE_WORDS}\n\n<iframe src='http://evil.example/d'></iframe>",
    source="hostile.html",
    url="javascript:window.ran=7",
    authors=("<img src=http://evil.example/e onerror='window.ran = 8'>",),
    site='"><img src=http://evil.example/f>',
    language='"><script>window.ran = 9</script>',
)


def quoted(article: Article, words: str, marker: int) -> Citation:
    """A citation of those words, where they first stand in the article."""
    start = article.text.index(words)
    end = start + len(words)
    return Citation(
        marker, article.id, article.title, article.url, article.site, article.published, words, start, end
    )


FIRST = quoted(PUFFIN, "The Puffin turbine began to turn on Monday.", 1)
LATER = quoted(PUFFIN, "who leads the project.\nShe had cried, she added.\n\nBy the summer", 2)


def listed(article: Article) -> Listed:
    return Listed(
        article.id,
        article.title,
        article.authors,
        article.site,
        article.published,
        article.updated,
        article.language,
        article.url,
        article.source,
        passages=3,
        stale=False,
        copy_of=None,
    )


@dataclass(frozen=True)
class Script:
    """What is said to a question: pieces of text, and the quotations that they mark."""

    pieces: Sequence[str]
    citations: Sequence[Citation] = ()
    pause: float = 0.0
    confidence: float = 0.92
    abstained: bool = False
    notes: Sequence[str] = ()
    error: Exception | None = None


SCRIPTS = {
    "When did it start?": Script(
        ["The Puffin turbine ", "began to turn ", "on Monday.", " [1]", "\n\n“… She had cried”", " [2]"],
        [FIRST, LATER],
        pause=0.05,
    ),
    "Tell me at length": Script(
        ["It began to turn [1]", *(f" and turned {n} times" for n in range(100))], [FIRST], pause=0.08
    ),
    "Who is the pope?": Script(
        ["Nothing in your articles answers this. The nearest:\n\n", "It began. [1]"],
        [FIRST],
        abstained=True,
    ),
    "Are you sure?": Script(["Hardly. [1]"], [FIRST], confidence=0.2, notes=["The endpoint was *slow*."]),
    "Hostile?": Script([HOSTILE_WORDS, " [2]"], [quoted(HOSTILE, HOSTILE_WORDS, 2)]),
    "Too long?": Script([], error=QuestionError("The question is too long.", "Shorten it.")),
    "Broken?": Script(["It be"], error=RuntimeError("secret: /home/me")),
}


@dataclass
class ScriptedAssistant:
    """As much of `qa.Assistant` as the page uses. `asked` and `closed` tell what happened to it, and `limits`
    within which scope and with which settings it was asked."""

    articles: Sequence[Article]
    scripts: dict[str, Script]
    asked: list[tuple[str, Sequence[Turn]]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    limits: list[tuple[Filter | None, Settings | None]] = field(default_factory=list)

    @property
    def index(self) -> "ScriptedAssistant":
        return self

    def info(self) -> "ScriptedInfo":
        return ScriptedInfo(len(self.articles))

    def listing(self) -> list[Listed]:
        return [listed(article) for article in self.articles]

    def article(self, article_id: str) -> Article:
        for article in self.articles:
            if article.id == article_id:
                return article
        raise ArticleNotFound(f"There is no article {article_id!r} here.")

    def suggestions(self, n: int = 4) -> list[str]:
        return list(self.scripts)[:n]

    def reply(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        scope: Filter | None = None,
        settings: Settings | None = None,
    ) -> "ScriptedReply":
        self.asked.append((question, tuple(history)))
        self.limits.append((scope, settings))
        return ScriptedReply(question, self.scripts.get(question, Script([f"You asked: {question}"])), self)

    def close(self) -> None:
        pass


@dataclass
class ScriptedInfo:
    articles: int
    generation: str = "000001"
    created: str = "2025-03-15T10:00:00+00:00"


@dataclass
class ScriptedReply:
    """As much of `qa.Reply` as the page uses."""

    question: str
    script: Script
    assistant: ScriptedAssistant
    read: str = ""
    over: bool = False

    def __iter__(self) -> Iterator[str]:
        for piece in self.script.pieces:
            time.sleep(self.script.pause)
            self.read += piece
            yield piece
        if self.script.error is not None:
            raise self.script.error

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(c for c in self.script.citations if f"[{c.marker}]" in self.read)

    def answer(self) -> Answer:
        script = self.script
        return Answer(
            self.question,
            "".join(script.pieces),
            citations=tuple(script.citations),
            confidence=script.confidence,
            abstained=script.abstained,
            notes=tuple(script.notes),
        )

    def close(self) -> None:
        if not self.over:
            self.assistant.closed.append(self.question)
        self.over = True


def scripted_assistant() -> ScriptedAssistant:
    return ScriptedAssistant([PUFFIN, HOSTILE], SCRIPTS)

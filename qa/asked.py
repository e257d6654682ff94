"""What is asked: the question standing alone, the time that it is about, what it asks of metadata."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .about import About, about
from .followup import Standing, stand_alone
from .types import Turn
from .when import When, when


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is understood. `standing` has what to search for, and `question` what to answer."""

    standing: Standing
    when: When | None = None
    about: About | None = None

    @property
    def question(self) -> str:
        return self.standing.question


def understood(question: str, history: Sequence[Turn], today: date) -> Asked:
    """The question, by rules, with what was said before it."""
    of_an_article = about(question, history)
    if of_an_article is not None:
        topic = of_an_article.topic
        return Asked(Standing(question, (topic,), (1.0,)), when(topic, today), of_an_article)
    standing = stand_alone(question, history)
    return Asked(standing, when(question, today) or when(standing.question, today))

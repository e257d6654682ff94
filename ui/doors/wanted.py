"""What programs ask for: a Question, a Query, a Page. Everything in them has its bounds."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from index import Filter
from qa import Turn

MAX_TEXT = 20_000
"""Characters of anything that is said; of a question an Assistant takes fewer, and says how many."""
MAX_HISTORY = 50
"""Earlier turns. What is searched for comes from the last ones."""
MAX_CHOSEN = 200
"""Articles or sites that a restriction may name."""
MAX_HITS = 100
MAX_SENTENCES = 20
MAX_CHARACTERS = 20_000
"""Characters of an article in one page."""


def _day(value: Any) -> date | None:
    try:
        return value if value is None or type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("it must be a day, such as 2025-03-14") from None


Text = Annotated[str, Field(max_length=MAX_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=2_000)]
Day = Annotated[date | None, BeforeValidator(_day, json_schema_input_type=str | None)]


class Noun(BaseModel):
    """A name that is not known is refused: with a restriction misspelt, the answer would be to another
    question."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Within(Noun):
    """Which articles may be read; what is left out restricts nothing."""

    sites: Annotated[
        tuple[Name, ...], Field(max_length=MAX_CHOSEN, description="Only articles of these sites.")
    ] = ()
    articles: Annotated[
        tuple[Name, ...], Field(max_length=MAX_CHOSEN, description="Only the articles with these ids.")
    ] = ()
    since: Annotated[Day, Field(description="Only articles published on this day (2025-03-14) or later.")] = (
        None
    )
    until: Annotated[Day, Field(description="Only articles published on this day or before.")] = None

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since ({self.since}) is after until ({self.until})")
        return self

    def filter(self) -> Filter | None:
        return Filter.of(self.since, self.until, self.sites or None, self.articles or None)


class Said(Noun):
    """One earlier turn of a conversation."""

    question: Text
    answer: Text = ""


class Question(Within):
    """A question, with what was said before it."""

    question: Annotated[Text, Field(description="The question, in plain language.")]
    history: Annotated[
        tuple[Said, ...],
        Field(max_length=MAX_HISTORY, description="Earlier questions and answers, the oldest first."),
    ] = ()
    sentences: Annotated[
        int | None, Field(ge=1, le=MAX_SENTENCES, description="Sentences quoted in the answer, at most.")
    ] = None
    writer: Annotated[
        str, Field(max_length=200, description="Who writes: a name of GET /v1/models; else as is set.")
    ] = ""

    def turns(self) -> Sequence[Turn]:
        return [Turn(each.question, each.answer) for each in self.history]


class Query(Within):
    """What passages are searched for."""

    query: Annotated[Text, Field(min_length=1, description="Words, a name or a question to search for.")]
    k: Annotated[int, Field(ge=1, le=MAX_HITS, description="How many passages, at most.")] = 10


class Page(Noun):
    """A stretch of one article's text."""

    article: Annotated[
        Name, Field(description="The article: its id, as hits and citations have it, its URL or its title.")
    ]
    start: Annotated[int, Field(ge=0, description="The first character; 0 is the beginning.")] = 0
    characters: Annotated[int, Field(ge=1, le=MAX_CHARACTERS, description="How many characters.")] = 8_000

"""How well a library answers questions whose answers are known (`byline eval`)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median

from .assistant import Assistant
from .errors import QuestionError, QuestionsError
from .markdown import markers
from .questions import Question
from .scoring import contains, exact, f1, normalised, rank
from .types import Answer

DEPTHS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `found` is the place, from 1, of the first hit with a right answer in it; None where none has one.
    `right` says whether the short answer is right, or, where there is none, whether a quotation is. Of a
    model's answer, `claims` counts its sentences, `cited` those with a citation, whose mean is `support`.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    short: str | None
    confidence: float
    abstained: bool
    found: int | None
    exact: bool
    f1: float
    quoted: bool
    right: bool
    citations: int
    inexact: int
    seconds: float
    claims: int = 0
    cited: int = 0
    support: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All questions together; shares are from 0 to 1, and None where there is nothing to take a share of.

    Of the answerable questions: `answer_at` (a right answer stands in one of the first k hits), `exact` and
    `f1` of the short answer (0 where there is none), `quoted` (a quotation has it), and how many `abstained`.
    `abstained_rightly` is of the others. `wrong` is of the answers given. `inexact` counts citations that
    are not the article's own words at their place, or have no marker. Of what a model wrote: the share of
    sentences `cited`, and the mean `support` of those.
    """

    questions: int
    answerable: int
    answer_at: dict[int, float] | None
    exact: float | None
    f1: float | None
    quoted: float | None
    abstained: float | None
    abstained_rightly: float | None
    wrong: float | None
    citations: int
    inexact: int
    seconds_median: float
    seconds_p95: float
    cited: float | None = None
    support: float | None = None


def evaluate(assistant: Assistant, questions: Iterable[Question]) -> Iterator[Outcome]:
    """Asks one question after the other. QuestionsError names one that cannot be asked, being too long."""
    for question in questions:
        try:
            answer = assistant.ask(question.text, question.history)
        except QuestionError as error:
            raise QuestionsError(f"Question {question.id}: {error.what}", error.remedy) from None
        yield outcome(question, answer, _inexact(assistant, answer))


def outcome(question: Question, answer: Answer, inexact: int) -> Outcome:
    """What an answer with that many inexact citations is worth."""
    short = answer.short or ""
    quoted = _quoted(question, answer)
    cited = [claim for claim in answer.claims if claim.markers]
    return Outcome(
        id=question.id,
        question=question.text,
        answers=question.answers,
        short=answer.short,
        confidence=answer.confidence,
        abstained=answer.abstained,
        found=rank((hit.passage.text for hit in answer.hits), question.answers),
        exact=exact(short, question.answers) if short else False,
        f1=f1(short, question.answers) if short else 0.0,
        quoted=quoted,
        right=exact(short, question.answers) if short else quoted,
        citations=len(answer.citations),
        inexact=inexact,
        seconds=answer.usage.seconds,
        claims=len(answer.claims),
        cited=len(cited),
        support=_share(claim.support for claim in cited),
    )


def summary(outcomes: Sequence[Outcome]) -> Evaluation:
    """ValueError where there are none."""
    able = [each for each in outcomes if each.answers]
    unable = [each for each in outcomes if not each.answers]
    claims = sum(each.claims for each in outcomes)
    seconds = sorted(each.seconds for each in outcomes)
    return Evaluation(
        questions=len(outcomes),
        answerable=len(able),
        answer_at={
            depth: mean(each.found is not None and each.found <= depth for each in able) for depth in DEPTHS
        }
        if able
        else None,
        exact=_share(each.exact for each in able),
        f1=_share(each.f1 for each in able),
        quoted=_share(each.quoted for each in able),
        abstained=_share(each.abstained for each in able),
        abstained_rightly=_share(each.abstained for each in unable),
        wrong=_share(not each.right for each in outcomes if not each.abstained),
        citations=sum(each.citations for each in outcomes),
        inexact=sum(each.inexact for each in outcomes),
        seconds_median=median(seconds),
        seconds_p95=seconds[min(len(seconds) - 1, round(0.95 * len(seconds)))],
        cited=sum(each.cited for each in outcomes) / claims if claims else None,
        support=_share(each.support for each in outcomes if each.support is not None),
    )


def _share(values: Iterable[float]) -> float | None:
    found = list(values)
    return mean(found) if found else None


def _quoted(question: Question, answer: Answer) -> bool:
    """Whether a quotation has a right answer in it; where the right sentence is known, whether it is one."""
    if not question.quote:
        return any(contains(citation.quote, question.answers) for citation in answer.citations)
    wanted = normalised(question.quote)
    quotes = [normalised(citation.quote) for citation in answer.citations]
    return any(wanted in quote or (quote and quote in wanted) for quote in quotes)


def _inexact(assistant: Assistant, answer: Answer) -> int:
    """Citations that are not at their place in the article, or whose marker is not in the text."""
    marked = set(markers(answer.text))
    return sum(
        citation.marker not in marked
        or assistant.index.article(citation.article_id).text[citation.start : citation.end] != citation.quote
        for citation in answer.citations
    )

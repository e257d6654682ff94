"""What goes wrong, as a sentence and a status."""

import pytest

from index.errors import ArticleNotFound, LibraryDamaged
from qa import QuestionError
from ui.doors.refusals import FAILED, Left, Refusal, refusal_of
from ui.limits import Busy


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (QuestionError("It is empty.", "Ask."), Refusal(422, "It is empty. Ask.")),
        (ArticleNotFound("There is no article 'x'."), Refusal(404, "There is no article 'x'.")),
        (LibraryDamaged("It is damaged.", "Rebuild it."), Refusal(503, "It is damaged. Rebuild it.")),
        (
            Busy("You have asked a lot.", 7, mine=True),
            Refusal(429, "You have asked a lot. Please ask again in 7 seconds.", retry_after=7),
        ),
        (
            Busy("Many people are asking.", 1, mine=False),
            Refusal(503, "Many people are asking. Please ask again in 1 second.", retry_after=1),
        ),
        (Left(), Refusal(499, "The caller has left.")),
        (KeyError("a secret"), Refusal(500, FAILED)),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_error_has_its_status_and_says_what_to_do(error: Exception, refusal: Refusal) -> None:
    assert refusal_of(error) == refusal


def test_when_to_come_again_is_a_header() -> None:
    assert refusal_of(Busy("Wait.", 7, mine=True)).headers == {"Retry-After": "7"}
    assert refusal_of(Left()).headers == {}

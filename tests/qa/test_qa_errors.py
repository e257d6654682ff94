"""The errors of asking, and that all of Byline's are in the trees that are drawn."""

import re

import pytest

import index.errors
import qa.errors
from index.errors import BylineError
from qa import QuestionError


def test_a_question_error_is_one_of_bylines() -> None:
    assert issubclass(QuestionError, BylineError)
    error = QuestionError("The question is empty.", "Ask something.")
    assert (error.what, error.remedy) == ("The question is empty.", "Ask something.")
    assert str(error) == "The question is empty. Ask something."


@pytest.mark.parametrize("module", [qa.errors, index.errors], ids=lambda module: module.__name__)
def test_every_error_stands_in_the_tree_that_its_module_draws(module: object) -> None:
    defined = {
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, Exception) and value.__module__ == module.__name__  # type: ignore[attr-defined]
    }
    drawn = set(re.findall(r"[├└]── (\w+)", module.__doc__ or ""))
    assert defined - {"BylineError"} == drawn

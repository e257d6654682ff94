"""What can be wrong with a question. The root of the tree is in index.errors.

BylineError
├── QuestionError      the question is empty or too long
└── QuestionsError     a file of questions cannot be used
"""

from index.errors import BylineError


class QuestionError(BylineError):
    """The question is empty or too long."""


class QuestionsError(BylineError):
    """A file of questions cannot be used; the message names the line."""

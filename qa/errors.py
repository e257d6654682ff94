"""What can be wrong with a question. The root of the tree is in index.errors.

BylineError
└── QuestionError      the question is empty or too long
"""

from index.errors import BylineError


class QuestionError(BylineError):
    """The question is empty or too long."""

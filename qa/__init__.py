"""A question in, a cited answer out.

Names are imported when they are first used, so that `import qa` stays light.
"""

from typing import TYPE_CHECKING

from index.lazy import lazily

if TYPE_CHECKING:
    from .assistant import Assistant, Reply
    from .door import ask
    from .errors import QuestionError, QuestionsError
    from .settings import Settings
    from .types import Answer, Citation, Claim, Turn, Usage

__all__ = [  # noqa: RUF022 (in the order of use)
    "ask",
    "Assistant",
    "Settings",
    "Turn",
    "Reply",
    "Answer",
    "Citation",
    "Claim",
    "Usage",
    "QuestionError",
    "QuestionsError",
]

__getattr__ = lazily(
    __name__,
    {
        "door": ("ask",),
        "assistant": ("Assistant", "Reply"),
        "settings": ("Settings",),
        "errors": ("QuestionError", "QuestionsError"),
        "types": ("Answer", "Citation", "Claim", "Turn", "Usage"),
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)

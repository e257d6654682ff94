"""A question in, a cited answer out.

Names are imported when they are first used, so that `import qa` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .assistant import Assistant, Reply
    from .door import ask
    from .errors import QuestionError
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
]

_HOMES = {
    "ask": "door",
    "Assistant": "assistant",
    "Reply": "assistant",
    "Settings": "settings",
    "QuestionError": "errors",
    "Answer": "types",
    "Citation": "types",
    "Claim": "types",
    "Turn": "types",
    "Usage": "types",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

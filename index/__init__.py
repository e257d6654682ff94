"""Articles in, passages out: builds a library, keeps it in step, searches it.

Names are imported when they are first used, so that `import index` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .filters import Filter
    from .pipeline import build
    from .reading import Index, Info, Listed
    from .removal import remove
    from .settings import IndexSettings, default_library
    from .types import Article, Failure, Hit, Passage, Report
    from .upkeep import Pruned, Verified, prune, verify
    from .watching import watch

__all__ = [  # noqa: RUF022 (in the order of the pipeline)
    # building
    "build",
    "Report",
    "Failure",
    "IndexSettings",
    "default_library",
    # upkeep
    "watch",
    "remove",
    "verify",
    "Verified",
    "prune",
    "Pruned",
    # reading
    "Index",
    "Info",
    "Listed",
    "Filter",
    "Article",
    "Passage",
    "Hit",
]

_HOMES = {
    "build": "pipeline",
    "Index": "reading",
    "Info": "reading",
    "Listed": "reading",
    "watch": "watching",
    "remove": "removal",
    "verify": "upkeep",
    "Verified": "upkeep",
    "prune": "upkeep",
    "Pruned": "upkeep",
    "Filter": "filters",
    "IndexSettings": "settings",
    "default_library": "settings",
    "Report": "types",
    "Failure": "types",
    "Article": "types",
    "Passage": "types",
    "Hit": "types",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""Articles in, passages out: builds a library, keeps it in step, searches it.

Names are imported when they are first used, so that `import index` stays light.
"""

import os
from typing import TYPE_CHECKING

from .lazy import lazily

# Before anything loads ONNX Runtime, which since 1.32 tells Microsoft that it runs, from threads of its own.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from .failed import Failed, failures
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
    "failures",
    "Failed",
    # reading
    "Index",
    "Info",
    "Listed",
    "Filter",
    "Article",
    "Passage",
    "Hit",
]

__getattr__ = lazily(
    __name__,
    {
        "pipeline": ("build",),
        "watching": ("watch",),
        "removal": ("remove",),
        "upkeep": ("verify", "Verified", "prune", "Pruned"),
        "failed": ("Failed", "failures"),
        "reading": ("Index", "Info", "Listed"),
        "filters": ("Filter",),
        "settings": ("IndexSettings", "default_library"),
        "types": ("Article", "Failure", "Hit", "Passage", "Report"),
    },
)


def __dir__() -> list[str]:
    return sorted(__all__)

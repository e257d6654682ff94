"""How a process is set that answers many at the same time."""

import sys
from importlib.util import find_spec

SWITCH = 0.001
"""Seconds after which a thread lets another run: what shows an answer and what reads one take turns sooner
than Python's 0.005 would have them."""


def prepare() -> None:
    """Once, before serving."""
    sys.setswitchinterval(SWITCH)
    # Gradio tries to import matplotlib around every update that it sends. Where there is none, that search
    # through all folders took a seventh of the time of the thread that serves.
    if "matplotlib" not in sys.modules and find_spec("matplotlib") is None:
        sys.modules["matplotlib"] = None  # type: ignore[assignment]

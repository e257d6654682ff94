"""What the benchmarks share: where the evaluation data lie, its scorer, and small tables."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"


def evaluation() -> ModuleType:
    """The scorer that lies beside the evaluation data; ends the program where there is none."""
    path = EVAL / "score.py"
    if not path.is_file():
        sys.exit(f"Skipped: there is no evaluation data at {EVAL.resolve()}.")
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; floats with three decimals."""
    return "\n".join(line(row) for row in (head, ["---"] * len(head), *rows))


def line(row: Sequence[object]) -> str:
    """One line of such a table."""
    return f"| {' | '.join(f'{cell:.3f}' if isinstance(cell, float) else str(cell) for cell in row)} |"

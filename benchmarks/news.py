"""The news articles of the evaluation data, as files and as libraries that several benchmarks share."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.common import EVAL, evaluation

NEWS = EVAL / "realtimeqa"


def articles(parts: Sequence[str] = ("dev",)) -> list[dict[str, Any]]:
    """Those of `dev` (2,130) and `train` (4,884), as JSON Lines has them."""
    score = evaluation()
    return [row for part in parts for row in score.rows(NEWS / f"{part}.articles.jsonl.gz")]


def questions(most: int) -> list[str]:
    score = evaluation()
    return [row["question"] for row in score.rows(NEWS / "dev.questions.jsonl")[:most]]


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """`rows` as gzipped JSON Lines."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path

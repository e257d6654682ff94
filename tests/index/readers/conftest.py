"""Real files, and what reading them yields."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from index.readers import read
from index.types import Article

Writes = Callable[[str, str | bytes], Path]


class Outcome(NamedTuple):
    articles: list[Article]
    reasons: list[str]


@pytest.fixture
def write(tmp_path: Path) -> Writes:
    """Writes a file below `tmp_path`."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def outcome(write: Writes, tmp_path: Path) -> Callable[[str, str | bytes], Outcome]:
    """Writes a file and reads it: its articles, and the reasons why others could not be read."""

    def read_file(name: str, content: str | bytes) -> Outcome:
        failures = []
        articles = list(read(write(name, content), root=tmp_path, on_failure=failures.append))
        return Outcome(articles, [failure.reason for failure in failures])

    return read_file


@pytest.fixture
def article(outcome: Callable[[str, str | bytes], Outcome]) -> Callable[[str, str | bytes], Article]:
    """Writes a file and reads the one article in it."""

    def read_article(name: str, content: str | bytes) -> Article:
        articles, reasons = outcome(name, content)
        assert not reasons
        assert len(articles) == 1
        return articles[0]

    return read_article

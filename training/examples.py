"""Questions with passages: read from the sets, with negatives, and cut into windows for the reader."""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tokenizers import Encoding, Tokenizer

from index.embed import bundled_folder
from index.lexical import LexicalIndex
from qa.followup import following
from qa.reader import LONGEST_QUESTION

FOLLOW_UP = "written follow-up"
WRITTEN = Path(__file__).parent / "written"
KEPT_BACK = 10
"""One written article in this many is kept back, to look at while training."""
LONGEST = 288
"""Tokens of an input, the question's included."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question over a passage; `answers` are spans of it, each with its weight, and none where it has no
    answer. `prefix` is what the reader is told of the article: its title and day."""

    question: str
    passage: str
    answers: tuple[tuple[int, int, float], ...]
    prefix: str
    source: str

    def answered(self) -> list[str]:
        """The answers in words."""
        return [self.passage[start:end] for start, end, _ in self.answers]


def squad(path: Path) -> list[Example]:
    """The questions of one file of SQuAD's kind, as shared/eval has them."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    source = path.name.split(".")[1]
    return [
        Example(
            row["question"].strip(),
            row["context"],
            tuple((a["start"], a["start"] + len(a["text"]), 1 / len(row["answers"])) for a in row["answers"]),
            row["title"].replace("_", " ") if source in ("wiki", "squad2") else "",
            source,
        )
        for row in rows
    ]


def articles() -> Iterator[tuple[dict[str, Any], bool]]:
    """Each article of training/written with its questions, and whether it is kept back: one in KEPT_BACK."""
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            yield {"id": f"{path.stem}-{number}"} | json.loads(line), number % KEPT_BACK == 0


def written(kept_back: bool) -> list[Example]:
    """The questions of the articles that are kept back, or of all others."""
    return [example for article, kept in articles() if kept is kept_back for example in _of_article(article)]


def _of_article(row: dict[str, Any]) -> Iterator[Example]:
    prefix = f"{row['title']} ({row['published']})"
    for asked in row["questions"]:
        question, source = asked["question"], "written"
        if before := asked.get("before"):
            question, source = following(question, before, answer_of(before, row)), FOLLOW_UP
        answers = []
        for place, answer in enumerate(asked["answers"]):
            match = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", row["text"])
            if match:
                answers.append((*match.span(), 0.7 if place == 0 else 0.3 / (len(asked["answers"]) - 1)))
        yield Example(question, row["text"], tuple(answers), prefix, source)


def answer_of(question: str, row: dict[str, Any]) -> str:
    """The first answer to a question of an article's; "" where it has none, or the question is not there."""
    return next(
        (each["answers"][0] for each in row["questions"] if question == each["question"] and each["answers"]),
        "",
    )


def near(examples: Sequence[Example], rng: random.Random, wanted: int) -> list[Example]:
    """Questions with one of the passages that our own BM25 ranks nearest and that lack the answer."""
    passages = list(dict.fromkeys(example.passage for example in examples))
    prefixes = {example.passage: example.prefix for example in examples}
    asked = [example for example in examples if example.answers]
    found = []
    with TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder, "words"), create=True)
        for number, passage in enumerate(passages):
            index.add(number, passage, "", {"article": str(number)})
        index.commit()
        for example in rng.sample(asked, min(wanted, len(asked))):
            answers = {answer.lower() for answer in example.answered()}
            ranked = (passages[number] for number, _ in index.best(example.question, 6))
            others = [
                passage
                for passage in ranked
                if passage != example.passage and not any(answer in passage.lower() for answer in answers)
            ]
            if others:
                passage = rng.choice(others[:2])
                other = replace(example, passage=passage, prefix=prefixes[passage], answers=())
                found.append(replace(other, source=f"{example.source} near"))
    return found


@dataclass(frozen=True, slots=True)
class Input:
    """What the model is given: ids, where the passage's tokens begin, and the spans (first and last token)
    that answer, with their weights, which add up to one."""

    ids: list[int]
    passage_from: int
    spans: tuple[tuple[int, int, float], ...]
    segment: int

    @property
    def question(self) -> tuple[int, ...]:
        """Its ids, which inputs over other passages have too."""
        return tuple(self.ids[: self.segment])


@cache
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    found.no_truncation()
    found.no_padding()
    return found


@cache
def _encoded(text: str) -> Encoding:
    return tokenizer().encode(text, add_special_tokens=False)


CLS, SEP = 101, 102


def cut(example: Example, window: int, rng: random.Random) -> Input:
    """The input of an example, its passage cut to a window of that many tokens, with the answer in it."""
    question, passage = _encoded(example.question).ids[-LONGEST_QUESTION:], _encoded(example.passage)
    prefix = _encoded(f"{example.prefix}:").ids[-32:] if example.prefix and rng.random() < 0.8 else []
    first, last = 0, len(passage.ids)
    spans = [(*_tokens(passage, start, end), weight) for start, end, weight in example.answers]
    if last > window:
        if spans:
            start, end, _ = spans[0]
            lowest, highest = max(0, end + 1 - window), min(start, last - window)
        else:
            lowest, highest = 0, last - window
        first = rng.randint(min(lowest, highest), max(lowest, highest))
        last = first + window
    kept = [(start, end, weight) for start, end, weight in spans if first <= start and end < last]
    total = sum(weight for _, _, weight in kept)
    head = [CLS, *question, SEP]
    at = len(head) + len(prefix)
    ids = [*head, *prefix, *passage.ids[first:last], SEP]
    moved = tuple((start - first + at, end - first + at, weight / total) for start, end, weight in kept)
    return Input(ids, at, moved, len(head))


def _tokens(passage: Encoding, start: int, end: int) -> tuple[int, int]:
    """The first and last token of the characters `start:end`."""
    touched = [n for n, (left, right) in enumerate(passage.offsets) if left < end and right > start]
    return (touched[0], touched[-1]) if touched else (0, 0)

"""Answers that a model writes: how good they are, and what the work on its citations costs.

    python -m benchmarks.llm                    # the cost, with a server of its own that answers by rules
    BYLINE_LLM=ollama/llama3.2 python -m benchmarks.llm [--questions N]   # quality as well, with that model

Quality is measured on the questions of the sample articles and, where the evaluation data are at hand, of the
news: EM and F1 of the short answer, abstentions, the share of sentences with a citation, their support.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import seeds
from benchmarks.common import EVAL, evaluation, table
from index import build
from qa import Assistant, Settings
from qa.evaluate import evaluate, summary
from qa.models.retrying import stream_patiently
from qa.questions import Question, parsed
from qa.support import Support, Verdict
from qa.writers import llm
from tests.servers.scripted import Reply, Request, Server, quoting, served

TOKEN_PAUSE = 0.02
"""Seconds between two chunks of the server: 50 tokens a second."""


def slowly(request: Request) -> Reply:
    """What the model by rules says, then in other words, then again: at the end of each
    sentence its support is measured."""
    said = quoting(request).chunks
    freely = [
        "Put ",
        "otherwise, ",
        "somebody ",
        "reported ",
        "this ",
        "not ",
        "long ",
        "ago ",
        said[-1],
        ". ",
    ]
    return Reply([*said, " ", *freely, *said], pause=TOKEN_PAUSE)


def overhead(library: Path, questions: Sequence[Question]) -> list[list[object]]:
    """The delay of the first piece, the time that each chunk takes from the client to the pieces, and that of
    judging each sentence, beside them."""
    spent = Spent()
    delays: list[float] = []
    with served(answering=slowly) as server:
        settings = Settings(llm="openai/rules", llm_url=server.url + "/v1", abstain_below=0)
        with Assistant.open(library, settings) as assistant, measuring(spent):
            assistant.ask("A first question, so that everything is loaded?")
            spent.clear()
            for question in questions:
                delays.append(_delay(assistant, server, question.text))
    return [
        _row("first piece after the model's first token", delays, "50 ms"),
        _row("citation work a chunk, processor time of its thread", spent.working, "2 ms"),
        _row("citation work a chunk, by the clock", spent.waiting, ""),
        _row("support of a sentence, beside the stream, by the clock", spent.judging, ""),
    ]


@dataclass
class Spent:
    """Seconds, from each chunk to the wish for the next, and of each judgement of a sentence."""

    working: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    judging: list[float] = field(default_factory=list)

    def clear(self) -> None:
        for times in (self.working, self.waiting, self.judging):
            times.clear()


@contextmanager
def measuring(spent: Spent) -> Iterator[None]:
    """Adds to `spent` while answers are written."""

    def stream(*args: Any) -> Iterator[str]:
        for chunk in stream_patiently(*args):
            clock, processor = time.perf_counter(), time.thread_time()
            yield chunk
            if chunk:
                spent.working.append(time.thread_time() - processor)
                spent.waiting.append(time.perf_counter() - clock)

    def judge(*args: Any) -> Verdict:
        began = time.perf_counter()
        verdict = judged(*args)
        spent.judging.append(time.perf_counter() - began)
        return verdict

    judged = Support.judge
    with patch.object(llm, "stream_patiently", stream), patch.object(Support, "judge", judge):
        yield


def _row(name: str, times: Sequence[float], most: str) -> list[object]:
    ordered = sorted(times)
    found = (statistics.median(ordered), ordered[int(0.95 * len(ordered))], ordered[-1])
    return [name, *(f"{1000 * seconds:.2f}" for seconds in found), f"{len(ordered):,}", most]


def _delay(assistant: Assistant, server: Server, question: str) -> float:
    before = len(server.first_sent)
    pieces: Iterator[str] = iter(assistant.reply(question))
    next(pieces)
    at = time.perf_counter()
    for _ in pieces:
        pass
    return at - server.first_sent[before]


def quality(name: str, library: Path, questions: Sequence[Question], settings: Settings) -> list[object]:
    with Assistant.open(library, settings) as assistant:
        found = summary(list(evaluate(assistant, questions)))
    return [
        settings.llm or "extractive",
        name,
        found.questions,
        *(_share(value) for value in (found.exact, found.f1, found.quoted, found.abstained)),
        *(_share(value) for value in (found.abstained_rightly, found.cited, found.support)),
        f"{found.citations - found.inexact:,} of {found.citations:,}",
        f"{found.seconds_median:.2f}",
    ]


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def sample_questions() -> list[Question]:
    return parsed((Path(seeds.articles_dir()).parent / "questions.jsonl").read_bytes(), "questions.jsonl")


def news_questions() -> list[Question]:
    rows = evaluation().rows(EVAL / "realtimeqa" / "dev.questions.jsonl")
    return [Question(str(row["id"]), row["question"], tuple(row["answers"])) for row in rows]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--questions", type=int, default=100, help="questions of each set at most")
    chosen = options.parse_args()
    settings = Settings.load()
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "samples"
        build(seeds.articles_dir(), library=library)
        head = ["milliseconds", "median", "95th percentile", "largest", "times", "at most"]
        print(table(head, overhead(library, sample_questions()[:20])))
        if settings.endpoint is None:
            print("\nSkipped: quality, for no model is chosen. Set BYLINE_LLM.", file=sys.stderr)
            return
        sets = [("sample articles", seeds.articles_dir(), library, sample_questions())]
        if (EVAL / "score.py").is_file():
            articles = EVAL / "realtimeqa" / "dev.articles.jsonl.gz"
            sets.append(("news", articles, Path(folder) / "news", news_questions()))
        else:
            print("\nSkipped: the news, for there is no evaluation data.", file=sys.stderr)
        rows = []
        for name, articles, home, questions in sets:
            build(articles, library=home)
            for each in (replace(settings, llm=""), settings):
                rows.append(quality(name, home, questions[: chosen.questions], each))
                print(rows[-1], file=sys.stderr, flush=True)
        head = ["writer", "set", "questions", "EM", "F1", "quoted", "abstained, answerable"]
        head += ["abstained, unanswerable", "sentences cited", "support", "citations exact", "seconds p50"]
        print("\n" + table(head, rows))


if __name__ == "__main__":
    main()

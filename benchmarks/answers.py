"""What is answered, without a language model: is it the right sentence, is it exact, is doubt in place?

    python -m benchmarks.answers [--library DIR]

Three sets: the sample articles' questions, the nine on the evaluation data's seed article, and the news
questions (2,130 articles; `--library` keeps their library). For each: how often a quoted sentence
contains the gold quote (for news: a gold answer), how often it abstained, and every citation checked
again in a new process against the stored article. Answers are taken with the shipped threshold, and
the right-sentence figures also without (`abstain_below=0`).
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import seeds
from benchmarks.common import EVAL, evaluation, table
from index import build
from qa import Answer, Assistant, Settings, Turn

RECHECK = """
import json, re, sys
from index import Index
from index.sentences import sentences

checked = 0
with Index.open(sys.argv[1]) as index:
    for line in sys.stdin:
        answer = json.loads(line)
        markers = [int(n) for n in re.findall(r"(?<!\\\\\\\\)\\[(\\d+)\\]", answer["text"])]
        assert list(dict.fromkeys(markers)) == [c["marker"] for c in answer["citations"]], answer["text"]
        for c in answer["citations"]:
            article = index.article(c["article_id"])
            assert article.text[c["start"]:c["end"]] == c["quote"], c
            inside = [h["passage"] for h in answer["hits"] if h["passage"]["article_id"] == article.id
                      and h["passage"]["start"] <= c["start"] and c["end"] <= h["passage"]["end"]]
            assert inside, c
            spans = sentences(article.text, article.language)
            edges = {inside[0]["start"], inside[0]["end"]}
            assert c["start"] in {s for s, _ in spans} | edges, c
            assert c["end"] in {e for _, e in spans} | edges, c
            checked += 1
print(checked)
"""


@dataclass(frozen=True)
class Case:
    """A question; `wanted` are strings of which one must stand in a quoted sentence; none: unanswerable."""

    question: str
    wanted: Sequence[str]
    history: tuple[Turn, ...] = ()


def sample_cases() -> list[Case]:
    return [
        Case(row.question, [row.quote] if row.quote else [], tuple(Turn(q, a) for q, a in row.history))
        for row in seeds.questions()
    ]


def seed_article_cases() -> list[Case]:
    rows = evaluation().rows(EVAL / "seed-article" / "questions.jsonl")
    return [Case(row["question"], [row["quote"]] if row["quote"] else []) for row in rows]


def news_cases() -> list[Case]:
    rows = evaluation().rows(EVAL / "realtimeqa" / "dev.questions.jsonl")
    return [Case(row["question"], row["answers"]) for row in rows]


def quoted_right(answer: Answer, wanted: Sequence[str]) -> bool:
    """Whether a quoted sentence contains one of the strings, or is within it."""
    normalise = evaluation().normalise
    quotes = [normalise(citation.quote) for citation in answer.citations]
    return any(normalise(w) in q or q in normalise(w) for w in wanted for q in quotes)


def recheck(library: Path, answers: Sequence[Answer]) -> int:
    """Reads every citation back in a new process; ends the program at the first that is not exact."""
    lines = "\n".join(json.dumps(asdict(answer), default=str) for answer in answers)
    command = [sys.executable, "-c", RECHECK, str(library)]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"A citation is not exact:\n{done.stderr}")
    return int(done.stdout)


def measure(name: str, library: Path, cases: Sequence[Case]) -> list[object]:
    """One row of the table."""
    with Assistant.open(library) as shipped, Assistant.open(library, Settings(abstain_below=0)) as sure:
        answers = [shipped.ask(case.question, case.history) for case in cases]
        always = [sure.ask(case.question, case.history) for case in cases]
    able = [i for i, case in enumerate(cases) if case.wanted]
    unable = [i for i, case in enumerate(cases) if not case.wanted]
    return [
        name,
        len(cases),
        statistics.mean(quoted_right(always[i], cases[i].wanted) for i in able),
        statistics.mean(quoted_right(_first(always[i]), cases[i].wanted) for i in able),
        statistics.mean(answers[i].abstained for i in able),
        statistics.mean(answers[i].abstained for i in unable) if unable else "-",
        recheck(library, [*answers, *always]),
        f"{statistics.median(answer.usage.seconds for answer in answers) * 1000:.0f}",
    ]


def _first(answer: Answer) -> Answer:
    """The same answer as if only its first sentence had been quoted."""
    return Answer(answer.question, answer.text, citations=answer.citations[:1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--library", type=Path, help="keep the news articles' library here")
    chosen = options.parse_args()
    evaluation()
    with tempfile.TemporaryDirectory() as folder:
        sets = [
            ("sample articles", seeds.articles_dir(), Path(folder) / "samples", sample_cases()),
            ("seed article", EVAL.parent / "articles", Path(folder) / "seed", seed_article_cases()),
            (
                "news",
                EVAL / "realtimeqa" / "dev.articles.jsonl.gz",
                chosen.library or Path(folder) / "news",
                news_cases(),
            ),
        ]
        rows = []
        for name, articles, library, cases in sets:
            build(articles, library=library)
            rows.append(measure(name, library, cases))
            print(rows[-1], file=sys.stderr, flush=True)
    head = ["set", "questions", "quoted right", "first sentence right", "abstained, answerable"]
    print(table([*head, "abstained, unanswerable", "citations exact", "ms p50"], rows))


if __name__ == "__main__":
    main()

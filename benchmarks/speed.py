"""How long things take, as ratios within one run.

    python -m benchmarks.speed [--articles N] [--questions N]

build / encode alone: two fresh processes, one that builds a library of the news articles from nothing, one
that loads the same encoder in the same way and encodes the same passages, in the same groups, and does
nothing else. Both times include loading the model. Then, over the built library: a build with nothing to
do, and the median time of opening, searching and answering.
"""

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import EVAL, evaluation, table
from index import Index
from index.encode import GROUP

BUILD = """
import sys, time
began = time.perf_counter()
from index import build
report = build(sys.argv[1], library=sys.argv[2])
print(time.perf_counter() - began, report.passages, report.encoded)
"""

ENCODE = """
import json, sys, time
began = time.perf_counter()
from index.embed import BULK_FROM, open_encoder
from index.settings import IndexSettings
texts = json.load(open(sys.argv[1]))
encoder = open_encoder(IndexSettings().encoder)
if len(texts) >= BULK_FROM:
    encoder = encoder.for_bulk()
ready = time.perf_counter()
group = int(sys.argv[2])
for first in range(0, len(texts), group):
    encoder.encode(texts[first : first + group])
print(time.perf_counter() - began, ready - began)
"""


def child(code: str, *arguments: str | Path | int) -> list[float]:
    """The numbers that a fresh process prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return [float(part) for part in subprocess.check_output(command, text=True).split()]


def passage_texts(library: Path) -> list[str]:
    """What the encoder read for every passage, in the order of length that the build keeps."""
    from index.draft import TITLE_TOKENS, dense_text

    texts: dict[str, int] = {}
    with Index.open(library) as index, index.pinned() as snapshot:
        for article in snapshot.catalog.articles():
            header = snapshot.encoder.pieces.first(article.title, TITLE_TOKENS)
            for row in snapshot.catalog.passages(article.id):
                text = dense_text(article, header, article.text[row.start : row.end])
                texts.setdefault(text, row.end - row.start)
    return sorted(texts, key=lambda text: texts[text])


def median_seconds(call: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--articles", type=int, default=2130, help="of the news articles, at most 2,130")
    options.add_argument("--questions", type=int, default=50)
    chosen = options.parse_args()
    score = evaluation()
    questions = [
        row["question"] for row in score.rows(EVAL / "realtimeqa" / "dev.questions.jsonl")[: chosen.questions]
    ]
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source, library = place / "articles.jsonl.gz", place / "library"
        articles = score.rows(EVAL / "realtimeqa" / "dev.articles.jsonl.gz")[: chosen.articles]
        with gzip.open(source, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(article) + "\n" for article in articles)

        built, passages, encoded = child(BUILD, source, library)
        texts = passage_texts(library)
        (place / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        alone, loading = child(ENCODE, place / "texts.json", GROUP)
        again, _, _ = child(BUILD, source, library)
        rows += [
            [
                "build",
                f"{built:.1f} s",
                f"{len(articles)} articles, {passages:.0f} passages, {encoded:.0f} encoded",
            ],
            ["encode alone", f"{alone:.1f} s", f"{loading:.1f} s of it loading; {len(texts)} passages"],
            ["build / encode alone", f"{built / alone:.2f}", "at most 1.25 asked for"],
            [
                "build, nothing changed",
                f"{again:.1f} s",
                f"{again / built:.1%} of the build, imports included",
            ],
        ]

        from qa import Assistant, Settings

        opening = median_seconds(lambda: Index.open(library).close(), 5)
        with Assistant.open(library, Settings()) as assistant:
            assistant.ask("A first question, so that everything is loaded?")
            every = iter(questions)
            searching = median_seconds(lambda: assistant.index.search(next(every)), len(questions))
            every = iter(questions)
            answering = median_seconds(lambda: assistant.ask(next(every)), len(questions))
        rows += [
            [
                "open a library",
                f"{opening * 1000:.0f} ms",
                "median of 5, packages imported, checksums included",
            ],
            ["search", f"{searching * 1000:.1f} ms", f"median of {len(questions)}"],
            ["answer", f"{answering * 1000:.0f} ms", f"median of {len(questions)}"],
        ]
    print(table(["what", "measured", "of"], rows))


if __name__ == "__main__":
    main()

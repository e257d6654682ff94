"""Seven thousand news articles: built, listed, verified, half of them deleted, verified again.

    python -m benchmarks.large [--library DIR] [--questions N]

Past the limits of Chroma's `add` (5,461 rows) and `get` (32,766). After the deletion every hit of every
question has to belong to an article that is still in the sources. `--library` keeps the library, and takes
what is cached in it.
"""

import argparse
import gzip
import json
import tempfile
import time
from pathlib import Path

from benchmarks.common import EVAL, evaluation, table
from index import Index, build, verify


def write(path: Path, lines: list[str]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--library", type=Path, help="keep the library here")
    options.add_argument("--questions", type=int, default=300)
    chosen = options.parse_args()
    score = evaluation()
    rows: list[list[object]] = []

    def took(what: str, began: float, said: str) -> None:
        rows.append([what, f"{time.perf_counter() - began:.1f} s", said])

    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "news", chosen.library or Path(folder) / "library"
        source.mkdir()
        lines = {}
        for part in ("dev", "train"):
            with gzip.open(EVAL / "realtimeqa" / f"{part}.articles.jsonl.gz", "rt", encoding="utf-8") as file:
                lines[part] = file.readlines()
            write(source / f"{part}.jsonl.gz", lines[part])
        for what, step in (("build", 1), ("build after half was deleted", 2)):
            for part, all_lines in lines.items():
                write(source / f"{part}.jsonl.gz", all_lines[::step])
            began = time.perf_counter()
            report = build(source, library=library)
            took(what, began, f"{report.added} added, {report.removed} removed, {report.encoded} encoded")
            began = time.perf_counter()
            with Index.open(library) as index:
                took("open", began, f"{report.articles} articles, {report.passages} passages")
                began = time.perf_counter()
                listed = index.listing()
                took("list", began, f"{len(listed)} articles")
                assert len(listed) == report.articles
            began = time.perf_counter()
            verified = verify(library)
            took("verify", began, f"{verified.articles} articles, {verified.passages} passages whole")
        kept = {json.loads(line)["url"] for all_lines in lines.values() for line in all_lines[::2]}
        questions = [
            row["question"]
            for part in ("dev", "train")
            for row in score.rows(EVAL / "realtimeqa" / f"{part}.questions.jsonl")
        ][: chosen.questions]
        began, hits = time.perf_counter(), 0
        with Index.open(library) as index:
            for question in questions:
                for hit in index.search(question, 50):
                    hits += 1
                    assert index.article(hit.passage.article_id).url in kept, hit
        took("ask", began, f"{len(questions)} questions, {hits} hits, each in an article that is still there")
    print(table(["what", "took", "of"], rows))


if __name__ == "__main__":
    main()

"""How well search finds the passage that answers: answer@1/5/10/50, and BM25 and dense beside it.

    python -m benchmarks.retrieval [--library DIR] [--passage-tokens N]

Sets: the news questions of the evaluation data (2,130 articles) and the sample articles' own
questions. The library of the news articles is built where it is not there yet, which takes minutes.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import seeds
from benchmarks.common import EVAL, evaluation, table
from index import Index, IndexSettings, build
from index.search import DenseRetriever, LexicalRetriever, Ranked

KS = (1, 5, 10, 50)
RRF_K = 60
"""Reciprocal-rank fusion: score(d) = sum over lists of 1 / (RRF_K + rank of d), ranks from 1.
Cormack, Clarke and Büttcher, SIGIR 2009, who chose 60."""


def systems(index: Index) -> dict[str, Callable[[str], list[str]]]:
    """Name -> a function from a question to the texts of its passages, best first."""

    def alone(retriever: type[DenseRetriever] | type[LexicalRetriever]) -> Callable[[str], list[str]]:
        def ranked(question: str) -> list[str]:
            with index.pinned() as snapshot:
                found = retriever(snapshot).ranked([question])[0]
                return [hit.passage.text for hit in snapshot.hits(found)]

        return ranked

    def by_rank(question: str) -> list[str]:
        with index.pinned() as snapshot:
            lists = [kind(snapshot).ranked([question])[0] for kind in (LexicalRetriever, DenseRetriever)]
            return [hit.passage.text for hit in snapshot.hits(reciprocal_rank_fusion(lists))]

    return {
        "BM25": alone(LexicalRetriever),
        "dense": alone(DenseRetriever),
        "fused by rank": by_rank,
        "fused": lambda question: [hit.passage.text for hit in index.search(question, k=max(KS))],
    }


def reciprocal_rank_fusion(lists: Sequence[Ranked]) -> Ranked:
    """Ids by the sum over lists of 1 / (RRF_K + rank); ties keep the order of first appearance."""
    scores: dict[int, float] = {}
    for ranked in lists:
        for rank, (id, _) in enumerate(ranked, start=1):
            scores[id] = scores.get(id, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda item: -item[1])


def measure(index: Index, questions: Iterable[tuple[str, list[str]]]) -> list[list[object]]:
    """One row a system: answer@k, and the median milliseconds of a question."""
    score = evaluation()
    asked = list(questions)
    rows: list[list[object]] = []
    for name, find in systems(index).items():
        found, seconds = [], []
        for question, answers in asked:
            began = time.perf_counter()
            texts = find(question)
            seconds.append(time.perf_counter() - began)
            found.append(score.answer_at(texts, answers, KS))
        means = [statistics.mean(row[k] for row in found) for k in KS]
        rows.append([name, *means, f"{statistics.median(seconds) * 1000:.1f}"])
    return rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--library", type=Path, help="keep the news articles' library here")
    options.add_argument("--passage-tokens", type=int, default=IndexSettings().passage_tokens)
    chosen = options.parse_args()
    score = evaluation()
    settings = IndexSettings(passage_tokens=chosen.passage_tokens)
    head = ["system", *(f"answer@{k}" for k in KS), "ms p50"]
    with tempfile.TemporaryDirectory() as folder:
        report = build(seeds.articles_dir(), library=Path(folder) / "seeds", settings=settings)
        with Index.open(Path(folder) / "seeds") as index:
            asked = [
                (question.question, [question.quote])
                for question in seeds.questions()
                if question.quote and not question.history
            ]
            print(
                f"Sample articles: {report.passages} passages, {len(asked)} questions (the quoted sentence)\n"
            )
            print(table(head, measure(index, asked)), "\n")

        library = chosen.library or Path(folder) / "news"
        report = build(EVAL / "realtimeqa" / "dev.articles.jsonl.gz", library=library, settings=settings)
        print(
            json.dumps({"articles": report.articles, "passages": report.passages, "seconds": report.seconds})
        )
        rows = score.rows(EVAL / "realtimeqa" / "dev.questions.jsonl")
        with Index.open(library) as index:
            print(f"\nNews: {report.passages} passages, {len(rows)} questions\n")
            print(table(head, measure(index, [(row["question"], row["answers"]) for row in rows])))


if __name__ == "__main__":
    main()

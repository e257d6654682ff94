"""How good the answers are without a language model: every figure of the model card, with baselines.

    python -m benchmarks.quality [squad] [samples] [news] [absent] [--library DIR] [--every N]

squad    SQuAD 2.0 dev, each question with its own paragraph: EM, F1, and doubt on those without an answer
samples  the sample articles' own questions: EM, F1, abstentions
news     359 news questions over 2,130 articles: passages before and after reading, EM, F1, calibration, time
absent   the same questions with half of the articles: doubt where the article that answers is not there

EM, F1, AUROC and ECE are of answers that always answer (`abstain_below=0`), abstentions of the shipped
threshold. The news have 25,560 passages to encode: `--library` keeps their libraries, and with `--every` one
question in N is asked, over the articles that belong to these (SQuAD's paragraphs and news alike).
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import seeds
from benchmarks import news
from benchmarks.common import EVAL, evaluation, table
from benchmarks.retrieval import systems
from index import Index, build
from index.filters import Filter
from index.search import search
from qa import Answer, Assistant, Settings, Turn
from qa.extract import extract
from qa.followup import stand_alone
from qa.reader import the_reader

ALWAYS = Settings(abstain_below=0)
DEPTHS = (1, 5, 10)
Rows = Iterator[list[object]]


def squad(folder: Path, every: int) -> Rows:
    """The reader and all behind it, with the question's own paragraph as all that was found."""
    score = evaluation()
    asked = score.rows(EVAL / "squad" / "dev.squad2.jsonl.gz")[::every]
    contexts = {row["context"]: str(n) for n, row in enumerate(asked)}
    articles = [{"id": id, "title": f"Paragraph {id}", "text": text} for text, id in contexts.items()]
    titles = {row["context"]: row["title"].replace("_", " ") for row in asked}
    for article in articles:
        article["title"] = titles[article["text"]]
    build([news.write(folder / "squad.jsonl.gz", articles)], library=folder / f"squad-{every}")
    exact, f1, chances, answerable = [], [], [], []
    with Index.open(folder / f"squad-{every}") as index, index.pinned() as snapshot:
        for row in asked:
            own = Filter.of(articles=[contexts[row["context"]]])
            hits = search(snapshot, [row["question"]], ALWAYS.hits, own)
            favours = [0.0] * len(hits)
            alone = stand_alone(row["question"], ())
            found = extract(snapshot, the_reader(), alone, hits, favours, ALWAYS.read, 1)
            chances.append(found.chance)
            answerable.append(bool(row["answers"]))
            if row["answers"]:
                golds = [answer["text"] for answer in row["answers"]]
                exact.append(score.exact(found.short or "", golds))
                f1.append(score.f1(found.short or "", golds))
    name = f"SQuAD 2.0 dev, {len(exact)} answerable of {len(asked)}"
    yield [name, "EM", statistics.mean(exact)]
    yield [name, "F1", statistics.mean(f1)]
    yield [name, "AUROC, answerable against unanswerable", score.auroc(chances, answerable)]


def samples(folder: Path, _: int) -> Rows:
    """The questions of seeds/, all of them, follow-ups too."""
    score = evaluation()
    build([seeds.articles_dir()], library=folder / "samples")
    asked = seeds.questions()
    with Assistant.open(folder / "samples") as shipped, Assistant.open(folder / "samples", ALWAYS) as sure:
        given = [shipped.ask(each.question, [Turn(*turn) for turn in each.history]) for each in asked]
        always = [sure.ask(each.question, [Turn(*turn) for turn in each.history]) for each in asked]
    able = [n for n, each in enumerate(asked) if each.answers]
    unable = [n for n, each in enumerate(asked) if not each.answers]
    name = f"samples, {len(able)} answerable of {len(asked)}"
    yield [name, "EM", statistics.mean(score.exact(always[n].short or "", asked[n].answers) for n in able)]
    yield [name, "F1", statistics.mean(score.f1(always[n].short or "", asked[n].answers) for n in able)]
    doubt = [answer.confidence for answer in always]
    yield [name, "AUROC", score.auroc(doubt, [bool(each.answers) for each in asked])]
    yield [name, "abstained, answerable", statistics.mean(given[n].abstained for n in able)]
    yield [name, "abstained, unanswerable", statistics.mean(given[n].abstained for n in unable)]
    yield [name, "whole answer p50, ms", _milliseconds(given)]


def asked_of_the_news(every: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every question in `every`, and the articles that were found for these."""
    rows = evaluation().rows(news.NEWS / "dev.questions.jsonl")[::every]
    wanted = {url for row in rows for url in row["candidate_urls"]}
    return rows, [article for article in news.articles() if every == 1 or article["url"] in wanted]


def of_the_news(folder: Path, every: int) -> Rows:
    """Passages by each system, then the answers."""
    score = evaluation()
    rows, articles = asked_of_the_news(every)
    build([news.write(folder / "news.jsonl.gz", articles)], library=folder / f"news-{every}")
    name = f"news, {len(rows)} questions, {len(articles)} articles"
    with Assistant.open(folder / f"news-{every}", ALWAYS) as assistant:
        found: dict[str, Callable[[str], list[str]]] = systems(assistant.index) | {
            "stock LlamaIndex": stock(assistant.index)
        }
        for system, find in found.items():
            at = [score.answer_at(find(row["question"]), row["answers"], DEPTHS) for row in rows]
            yield from (
                [name, f"answer@{k}, {system}", statistics.mean(one[k] for one in at)] for k in DEPTHS
            )
        answers = [assistant.ask(row["question"]) for row in rows]
    at = [
        score.answer_at([hit.passage.text for hit in answer.hits], row["answers"], DEPTHS)
        for answer, row in zip(answers, rows, strict=True)
    ]
    yield from ([name, f"answer@{k}, Answer.hits", statistics.mean(one[k] for one in at)] for k in DEPTHS)
    exact = [
        score.exact(answer.short or "", row["answers"]) for answer, row in zip(answers, rows, strict=True)
    ]
    f1 = [score.f1(answer.short or "", row["answers"]) for answer, row in zip(answers, rows, strict=True)]
    yield [name, "EM", statistics.mean(exact)]
    yield [name, "F1", statistics.mean(f1)]
    yield [name, "ECE of confidence", score.ece([answer.confidence for answer in answers], exact)]
    yield [name, "whole answer p50, ms", _milliseconds(answers)]


def absent(folder: Path, every: int) -> Rows:
    """Half of the articles; a question counts as answerable where an answer stands in one of that half."""
    score = evaluation()
    rows, articles = asked_of_the_news(every)
    halves = articles[::2]
    build([news.write(folder / "half.jsonl.gz", halves)], library=folder / f"half-{every}")
    words = [f" {score.normalise(article['text'])} " for article in halves]
    there = [
        any(f" {score.normalise(answer)} " in text for answer in row["answers"] for text in words)
        for row in rows
    ]
    with Assistant.open(folder / f"half-{every}", ALWAYS) as assistant:
        doubt = [assistant.ask(row["question"]).confidence for row in rows]
    yield [
        f"news, half of the articles, {sum(there)} of {len(rows)} there",
        "AUROC",
        score.auroc(doubt, there),
    ]


def stock(index: Index) -> Callable[[str], list[str]]:
    """LlamaIndex's own vector index over the same passages and vectors."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.core.schema import QueryBundle, TextNode

    with index.pinned() as snapshot:
        ids = [int(id) for id in snapshot.exact.ids]
        nodes = [
            TextNode(id_=str(id), text=hit.passage.text, embedding=snapshot.exact.of([id])[0].tolist())
            for id, hit in zip(ids, snapshot.hits([(id, 0.0) for id in ids]), strict=True)
        ]
        encode = snapshot.encode
    retriever = VectorStoreIndex(nodes, embed_model=MockEmbedding(384)).as_retriever(
        similarity_top_k=max(DEPTHS)
    )

    def find(question: str) -> list[str]:
        asked = QueryBundle(question, embedding=encode([question])[0].tolist())
        return [found.node.get_content() for found in retriever.retrieve(asked)]

    return find


def _milliseconds(answers: Sequence[Answer]) -> str:
    return f"{1000 * statistics.median(answer.usage.seconds for answer in answers):.0f}"


PARTS: dict[str, Callable[[Path, int], Rows]] = {
    "squad": squad,
    "samples": samples,
    "news": of_the_news,
    "absent": absent,
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, unless some are named")
    options.add_argument("--library", type=Path, help="keep the libraries in this folder")
    options.add_argument("--every", type=int, default=1, help="ask one question in so many")
    chosen: Any = options.parse_args()
    evaluation()
    rows: list[list[object]] = []
    with tempfile.TemporaryDirectory() as made:
        folder = chosen.library or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        for part in chosen.parts or PARTS:
            for row in PARTS[part](folder, chosen.every):
                rows.append(row)
                print(*row, sep="\t", file=sys.stderr, flush=True)
    print(table(["set", "measure", "figure"], rows))


if __name__ == "__main__":
    main()

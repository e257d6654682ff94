"""How long a build takes: against encoding alone, against stock LlamaIndex, and article by article."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import news
from benchmarks.processes import Peak, medians, numbers
from index import Index
from index.encode import GROUP
from index.settings import IndexSettings

Row = list[object]

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
done = time.perf_counter()
tokens = sum(sum(encoding.attention_mask) for encoding in encoder.pieces.encoded(texts))
print(done - began, ready - began, tokens)
"""

# As its documentation has it; the tokenizer is the model's own, so that chunks are as long as Byline's.
# 100 articles at a time, for ChromaVectorStore cannot add more than 5,461 chunks at once.
STOCK = """
import gzip, json, sys, time
began = time.perf_counter()
import chromadb
from llama_index.core import Document
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore
source, folder, model, size, overlap, batch = sys.argv[1:]
embedding = HuggingFaceEmbedding(model_name=model, embed_batch_size=int(batch), device="cpu")
tokenize = embedding._model.tokenizer.tokenize
collection = chromadb.PersistentClient(folder).create_collection("articles")
pipeline = IngestionPipeline(
    transformations=[
        SentenceSplitter(chunk_size=int(size), chunk_overlap=int(overlap), tokenizer=tokenize),
        embedding,
    ],
    vector_store=ChromaVectorStore(chroma_collection=collection),
)
with gzip.open(source, "rt") as file:
    rows = [json.loads(line) for line in file]
documents = [
    Document(text=row["text"], metadata={"title": row["title"], "published": str(row.get("published"))})
    for row in rows
]
chunks = 0
for first in range(0, len(documents), 100):
    chunks += len(pipeline.run(documents=documents[first : first + 100]))
print(time.perf_counter() - began, chunks)
"""
STOCK_BATCH, STOCK_OVERLAP = 32, 37  # a sixth of a passage, as Byline's


def against_encoding_alone(place: Path, rows: list[dict[str, Any]], times: int) -> list[Row]:
    """Two fresh processes: one builds from nothing; one loads the same encoder in the same way, encodes the
    same passages in the same groups, and does nothing else."""
    source = news.write(place / "articles.jsonl.gz", rows)
    library = place / "library"
    _, passages, _encoded = numbers(BUILD, source, library)
    texts = place / "texts.json"
    texts.write_text(json.dumps(passage_texts(library)), encoding="utf-8")
    _, _, tokens = numbers(ENCODE, texts, GROUP)

    counter = iter(range(1000))
    built, alone = medians(
        times,
        lambda: numbers(BUILD, source, place / f"library-{next(counter)}")[0],
        lambda: numbers(ENCODE, texts, GROUP)[0],
    )
    again = numbers(BUILD, source, library)[0]
    size = sum(file.stat().st_size for file in library.rglob("*") if file.is_file())
    return [
        [
            "build / encode alone",
            f"{built / alone:.2f}",
            "1.15",
            "1.05",
            f"{built:.1f} s / {alone:.1f} s, {len(rows)} articles, {passages:.0f} passages",
        ],
        [
            "tokens a second, build",
            f"{tokens / built:,.0f}",
            "",
            "",
            f"{alone / built:.0%} of encoding alone",
        ],
        [
            "build, nothing changed / build",
            f"{again / built:.3f}",
            "",
            "",
            f"{again:.1f} s, imports included",
        ],
        ["disk, bytes a passage", f"{size / passages:,.0f}", "", "", "two generations' cache included"],
    ]


def against_stock(place: Path, rows: list[dict[str, Any]], times: int) -> list[Row]:
    """Byline's build and LlamaIndex's own pipeline over the same articles, each in a fresh process."""
    from index.embed import bundled_folder

    source = news.write(place / "some.jsonl.gz", rows)
    size = IndexSettings().passage_tokens
    counter = iter(range(1000))
    counts: list[float] = []

    def stock() -> float:
        took, chunks = numbers(
            STOCK,
            source,
            place / f"stock-{next(counter)}",
            bundled_folder(),
            size,
            STOCK_OVERLAP,
            STOCK_BATCH,
        )
        counts.append(chunks)
        return took

    built, theirs = medians(times, lambda: numbers(BUILD, source, place / f"own-{next(counter)}")[0], stock)
    said = (
        f"{theirs:.1f} s / {built:.1f} s, {len(rows)} articles; IngestionPipeline, SentenceSplitter("
        f"chunk_size={size}, chunk_overlap={STOCK_OVERLAP}, the model's tokenizer), HuggingFaceEmbedding("
        f"float32, embed_batch_size={STOCK_BATCH}), ChromaVectorStore: {counts[-1]:.0f} chunks"
    )
    return [["build, times faster than stock LlamaIndex", f"{theirs / built:.2f}", "1.8", "2.3", said]]


def article_by_article(place: Path, rows: list[dict[str, Any]]) -> list[Row]:
    """500 articles, spread evenly over all of them, and all; and the memory of the larger build."""
    some = rows[:: max(1, len(rows) // 500)]
    few = news.write(place / "few.jsonl.gz", some)
    many = news.write(place / "many.jsonl.gz", rows)
    few_seconds, few_passages, _ = numbers(BUILD, few, place / "few")
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", BUILD, str(many), str(place / "many")], stdout=subprocess.PIPE, text=True
    )
    with Peak(process.pid) as peak:
        printed, _ = process.communicate()
    many_seconds, many_passages, _ = map(float, printed.split())
    per_few, per_many = few_seconds / len(some), many_seconds / len(rows)
    return [
        [
            f"cost per article, {len(rows):,} against {len(some)} articles",
            f"{per_many / per_few:.2f}",
            "1.1",
            "1.0",
            f"{per_many * 1000:.0f} ms / {per_few * 1000:.0f} ms; by passage "
            f"{(many_seconds / many_passages) / (few_seconds / few_passages):.2f}",
        ],
        [
            f"memory building {len(rows):,} articles, peak",
            f"{peak.megabytes:,.0f} MB",
            "2,000 MB",
            "1,500 MB",
            f"with its children; {many_passages:,.0f} passages in {many_seconds:.0f} s",
        ],
    ]


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

"""The Tantivy index of one generation (BM25); the only importer of tantivy.

Words are lower-cased, stripped of accents and stemmed as English, which does little harm to other
languages that put spaces between words. Chinese and Japanese do not, and Korean joins its endings to
them: runs of their characters are indexed by overlapping pairs. Queries are built from terms, so nothing
in a question is syntax.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from .filters import Filter, Row
from .tokens import encodable

_WORDS = "byline_words"
_TITLE_WEIGHT = 0.25
"""Of a match in the title against one in the passage (benchmarks/retrieval.py)."""
_HEAP_BYTES = 64_000_000
_CJK_RUN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_NO_DATE = -1


class LexicalIndex:
    """Passages by their words, in `folder`. Searching is safe from several threads."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if create:
            folder.mkdir(parents=True)
            self._index = tantivy.Index(_schema(), path=str(folder))
        else:
            self._index = self._opened(folder)
        self._words = _analyzer()
        self._index.register_tokenizer(_WORDS, _analyzer())
        self._writer: tantivy.IndexWriter | None = None

    def _opened(self, folder: Path) -> tantivy.Index:
        """Tantivy locks a file to open an index; where nothing can be written, it does so beside links."""
        try:
            return tantivy.Index.open(str(folder))
        except ValueError as error:
            if "Lockfile" not in str(error):
                raise
        self._links = TemporaryDirectory(prefix="byline-")
        for file in folder.iterdir():
            if file.suffix != ".lock":
                Path(self._links.name, file.name).symlink_to(file.absolute())
        return tantivy.Index.open(self._links.name)

    def add(self, id: int, text: str, title: str, row: Row) -> None:
        """Adds one passage under its id; seen by searches after `commit`."""
        document = tantivy.Document()
        document.add_integer("id", id)
        document.add_text("body", text)
        document.add_text("title", title)
        document.add_text("pairs", " ".join(_pairs(f"{title} {text}")))
        document.add_integer("published", int(row.get("published", _NO_DATE)))
        if "site" in row:
            document.add_text("site", str(row["site"]))
        document.add_text("article", str(row["article"]))
        self._open_writer().add_document(document)

    def delete_article(self, article_id: str) -> None:
        self._open_writer().delete_documents_by_term("article", article_id)

    def commit(self) -> None:
        """Makes what was added and deleted durable and visible, and ends writing."""
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None
        self._index.reload()

    def best(self, question: str, k: int, filter: Filter | None = None) -> list[tuple[int, float]]:
        """(passage id, BM25 score) of the `k` best, best first; nothing where no word of it is known."""
        query = self._query(question)
        if query is None:
            return []
        if filter is not None:
            # A condition that holds would add 1 to every score, which the fusion compares.
            unscored = [tantivy.Query.const_score_query(part, 0.0) for part in self._filters(filter)]
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in [query, *unscored]])
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        return [(int(searcher.doc(address)["id"][0]), float(score)) for score, address in hits]

    def ids(self) -> Iterable[int]:
        """The ids of all passages."""
        searcher = self._index.searcher()
        total = searcher.num_docs
        hits = searcher.search(tantivy.Query.all_query(), max(total, 1), count=False).hits
        return (int(searcher.doc(address)["id"][0]) for _, address in hits)

    def count(self) -> int:
        return int(self._index.searcher().num_docs)

    def terms(self, text: str) -> list[str]:
        """The words of a text as they are indexed: lower case, no accents, stemmed."""
        return list(self._words.analyze(encodable(text)))

    def rarity(self, term: str) -> float:
        """BM25's inverse document frequency of an indexed word: ln(1 + (N - n + 0.5) / (n + 0.5))."""
        searcher = self._index.searcher()
        holding = searcher.doc_freq("body", term)
        return math.log1p((searcher.num_docs - holding + 0.5) / (holding + 0.5))

    def discard(self) -> None:
        """Gives up what was not committed; nothing is written any more once this returns."""
        if self._writer is not None:
            with suppress(ValueError, OSError):  # a disk that is full: the threads have ended by themselves
                self._writer.rollback()
                self._writer.wait_merging_threads()
            self._writer = None

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES, 1)
        return self._writer

    def _query(self, question: str) -> tantivy.Query | None:
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        schema = self._index.schema
        for term in dict.fromkeys(self.terms(question)):
            title = tantivy.Query.term_query(schema, "title", term)
            parts.append((tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term)))
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, _TITLE_WEIGHT)))
        for pair in dict.fromkeys(_pairs(question)):
            parts.append((tantivy.Occur.Should, tantivy.Query.term_query(schema, "pairs", pair)))
        return tantivy.Query.boolean_query(parts) if parts else None

    def _filters(self, filter: Filter) -> Iterable[tantivy.Query]:
        schema = self._index.schema
        if filter.since is not None or filter.until is not None:
            low = filter.since.toordinal() if filter.since else 0
            high = filter.until.toordinal() if filter.until else None
            yield tantivy.Query.range_query(schema, "published", tantivy.FieldType.Integer, low, high)
        if filter.sites is not None:
            yield tantivy.Query.term_set_query(schema, "site", list(filter.sites))
        if filter.articles is not None:
            yield tantivy.Query.term_set_query(schema, "article", list(filter.articles))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_text_field("body", tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field("title", tokenizer_name=_WORDS, index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field("published", indexed=True, fast=True)
    builder.add_text_field("site", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    filters = tantivy.Filter
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(filters.remove_long(60))
        .filter(filters.lowercase())
        .filter(filters.ascii_fold())
        .filter(filters.stopword("english"))
        .filter(filters.stemmer("english"))
        .build()
    )


def _pairs(text: str) -> Sequence[str]:
    """Overlapping pairs of neighbouring Chinese, Japanese and Korean characters; a lone one by itself."""
    found: list[str] = []
    for run in _CJK_RUN.findall(unicodedata.normalize("NFKC", text)):
        found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return found

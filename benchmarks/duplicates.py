"""How rightly copies of one article are told from articles about one thing.

    python -m benchmarks.duplicates

Looks for copies among the 7,000 news articles, and compares with pairs that were judged by hand
(tests/index/copies_of_news.tsv): every pair of different addresses that share between .4 and 1 of their
five-word runs, less a few that could be called either; 40 pages that were fetched twice, those that changed
most; and pairs that share nothing but a site's notice. "Same" means one report, retitled, updated or cut.
"""

from pathlib import Path

from benchmarks.common import EVAL, evaluation, table
from index.catalog import text_digest
from index.duplicates import Candidate, copies, signature
from index.readers import read
from index.types import Article

JUDGED = Path(__file__).parent.parent / "tests" / "index" / "copies_of_news.tsv"


def news() -> dict[str, Article]:
    """All articles by id; one that is there several times has `~2`, `~3` … behind it."""
    found: dict[str, Article] = {}
    for part in ("dev", "train"):
        for article in read(EVAL / "realtimeqa" / f"{part}.articles.jsonl.gz"):
            name, number = article.id, 1
            while name in found:
                number += 1
                name = f"{article.id}~{number}"
            found[name] = article
    return found


def main() -> None:
    evaluation()
    articles = news()
    candidates = [
        Candidate(
            id,
            article.title,
            text_digest(article.text),
            signature(article.text),
            article.published.isoformat() if article.published else "9999",
            article.url,
        )
        for id, article in articles.items()
    ]
    folded = copies(candidates, lambda id: articles[id].text)
    judged = [line.split("\t") for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    rows = []
    for name, chosen in (
        ("one address", lambda one, other: one == other),
        ("two addresses", lambda one, other: one != other),
        ("all", lambda one, other: True),
    ):
        pairs = [row for row in judged if chosen(*(id.partition("~")[0] for id in row[:2]))]
        told = [folded.get(one, one) == folded.get(other, other) for one, other, _ in pairs]
        same = [judgement == "same" for _, _, judgement in pairs]
        right = sum(a and b for a, b in zip(told, same, strict=True))
        rows.append(
            [name, sum(same), len(same) - sum(same), sum(told), right / max(1, sum(told)), right / sum(same)]
        )
    print(f"{len(articles)} articles, {len(folded)} of them copies; {len(judged)} pairs judged by hand\n")
    print(table(["pairs of", "same", "different", "folded", "precision", "recall"], rows))


if __name__ == "__main__":
    main()

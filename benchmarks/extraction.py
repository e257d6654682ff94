"""How much of a page's article is taken, and how little else: token F1 of the body, titles and dates.

    python -m benchmarks.extraction

40 news pages whose article body a person marked. A token is a run of letters or digits; F1 is taken over the
tokens with their counts, page by page, and averaged. The other extractors are used as they come.

`pages.tsv` has, for each page, what a person sees on it: the day of its publication, and its title, as the
first 16 hexadecimal digits of its SHA-256 (the titles are their publishers'). `--show` prints the pages where
Byline says something else.
"""

import argparse
import gzip
import hashlib
import json
import re
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import EVAL, evaluation, table
from index.readers import read_page
from index.types import Article

SEEN = Path(__file__).with_name("pages.tsv")
_TOKEN = re.compile(r"\w+")


def byline(page: bytes, url: str = "https://example.org/") -> Article:
    (article,) = read_page(page, url, "text/html", "utf-8", print)
    return article


def trafilatura_text(page: bytes) -> str:
    from trafilatura import extract

    return extract(page) or ""


def readability_text(page: bytes) -> str:
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(page.decode()).summary()).text_content())


def beautiful_soup_text(page: bytes) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "lxml").get_text(" ")


EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "Byline": lambda page: byline(page).text,
    "trafilatura": trafilatura_text,
    "readability-lxml": readability_text,
    "BeautifulSoup, all text": beautiful_soup_text,
}


def scores(found: str, marked: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the tokens found, counted."""
    found_tokens, marked_tokens = (Counter(_TOKEN.findall(text)) for text in (found, marked))
    shared = (found_tokens & marked_tokens).total()
    if not shared:
        return 0.0, 0.0, 0.0
    precision, recall = shared / found_tokens.total(), shared / marked_tokens.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--show", action="store_true", help="print what differs from pages.tsv")
    show = parser.parse_args().show
    evaluation()
    truth = json.loads((EVAL / "pages" / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {key: gzip.decompress((EVAL / "pages" / f"{key}.html.gz").read_bytes()) for key in truth}

    rows: list[list[object]] = []
    for name, extract in EXTRACTORS.items():
        measured = [scores(extract(page), truth[key]["articleBody"]) for key, page in pages.items()]
        worst = sum(f1 < 0.9 for _, _, f1 in measured)
        rows.append([name, *map(statistics.fmean, zip(*measured, strict=True)), worst])
    print(f"{len(pages)} pages\n")
    print(table(["extractor", "precision", "recall", "F1", "pages with F1 under .9"], rows))

    titles = dates = 0
    for line in SEEN.read_text(encoding="utf-8").splitlines():
        prefix, published, title = line.split("\t")
        key = next(key for key in pages if key.startswith(prefix))
        article = byline(pages[key], truth[key]["url"])
        is_titled = hashlib.sha256(article.title.encode()).hexdigest()[:16] == title
        is_dated = str(article.published) == published
        titles, dates = titles + is_titled, dates + is_dated
        if show and not (is_titled and is_dated):
            print(f"{prefix}  {article.published} for {published}  {is_titled or article.title!r}")
    print(f"\nTitles as a person sees them: {titles} of {len(pages)}; dates: {dates} of {len(pages)}")


if __name__ == "__main__":
    main()

"""40 real news pages; the figures are printed by benchmarks/extraction.py."""

import gzip
import hashlib
import json
import statistics

import pytest

from benchmarks.common import EVAL
from benchmarks.extraction import SEEN, byline, scores

PAGES = EVAL / "pages"


def test_the_body_the_title_and_the_date_of_real_pages() -> None:
    if not PAGES.is_dir():
        pytest.skip("the evaluation data are not at hand")
    truth = json.loads((PAGES / "ground-truth.json").read_text(encoding="utf-8"))
    seen = {prefix: rest for prefix, *rest in map(str.split, SEEN.read_text(encoding="utf-8").splitlines())}
    f1, dated, titled = [], [], []
    for key, page in truth.items():
        article = byline(gzip.decompress((PAGES / f"{key}.html.gz").read_bytes()), page["url"])
        published, title = seen[key[:8]]
        f1.append(scores(article.text, page["articleBody"])[2])
        dated.append(str(article.published) == published)
        titled.append(hashlib.sha256(article.title.encode()).hexdigest()[:16] == title)
    assert len(f1) == len(seen) == 40
    assert statistics.fmean(f1) > 0.98
    assert sum(titled) >= 39
    assert sum(dated) >= 38

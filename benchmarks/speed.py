"""How fast, and with how much memory: one table, its ratios taken in one run.

    python -m benchmarks.speed [PART ...] [--articles N] [--repeat N]

Parts (all, if none is named): `build` against encoding alone, over 500 news articles; `stock` against
LlamaIndex's own pipeline; `ask` from the command line; `serve` the web chat; `search` and answers in 26,000
passages (2,130 articles); `large`: the cost of an article and the memory with 7,014, then search in 100,000
passages, of which made-up ones fill up what is missing. Everything takes an hour on two cores. Nothing else
should run meanwhile.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import asking, building, news, searching
from benchmarks.building import Row
from benchmarks.common import evaluation, line, table
from index import build

PARTS = ("build", "stock", "ask", "serve", "search", "large")


def measured(parts: list[str], articles: int, repeat: int, library: Path | None) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        dev = news.articles()
        some = dev[:: max(1, len(dev) // articles)][:articles]
        questions = news.questions(200)
        if library is None and {"ask", "serve", "search"} & set(parts):
            library = place / "dev"
            build(news.write(place / "dev.jsonl.gz", dev), library=library)
        for part in parts:
            print(f"{part} …", file=sys.stderr)
            if part == "build":
                yield from building.against_encoding_alone(place, some, repeat)
            elif part == "stock":
                yield from building.against_stock(place, some, repeat)
            elif part == "ask":
                yield from asking.cold(library, questions[0], max(5, repeat))
            elif part == "serve":
                yield from asking.served(library, questions)
            elif part == "search":
                yield from searching.search(library, questions)
                yield from asking.warm(library, questions[:100])
            elif part == "large":
                every = [*dev, *news.articles(["train"])]
                yield from building.article_by_article(place, every)
                searching.filled_up(place / "many", place, every)
                yield from searching.search(place / "many", questions, "50 ms", "20 ms")


def machine() -> str:
    try:
        import torch

        device = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    except ImportError:
        device = "no GPU"
    return f"{platform.machine()}, {os.cpu_count()} cores, {device}, Python {platform.python_version()}"


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure")
    options.add_argument("--articles", type=int, default=500, help="of the news, for `build` and `stock`")
    options.add_argument(
        "--repeat", type=int, default=3, help="times that ratios are taken; medians are shown"
    )
    options.add_argument("--library", type=Path, help="of the 2,130 articles, where one was built before")
    chosen = options.parse_args()
    evaluation()
    print(f"{machine()}\n\n{table(['figure', 'measured', 'at least', 'aim', 'of'], [])}", flush=True)
    for row in measured(chosen.parts or list(PARTS), chosen.articles, chosen.repeat, chosen.library):
        print(line(row), flush=True)


if __name__ == "__main__":
    main()

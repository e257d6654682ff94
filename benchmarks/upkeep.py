"""What keeping in step costs, as parts of a full build and step by step.

    python -m benchmarks.upkeep [--articles N] [--times N]

Writes news articles to a folder, one file each, and builds a library from nothing. Then, each in a fresh
process and as a median: a build with nothing to do, and builds after one article was edited, renamed or
deleted. All times include loading Python's packages.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import EVAL, evaluation, table
from index.progress import STEPS

BUILD = """
import json, sys, time
began = time.perf_counter()
from index import build
from index.progress import NoProgress

steps = [("imports", began)]

class Timed(NoProgress):
    def step(self, name):
        steps.append((name, time.perf_counter()))

report = build(sys.argv[1], library=sys.argv[2], progress=Timed())
ended = time.perf_counter()
nexts = [at for _, at in steps[1:]] + [ended]
print(json.dumps({
    "seconds": ended - began,
    "steps": {name: after - at for (name, at), after in zip(steps, nexts)},
    "encoded": report.encoded,
    "passages": report.passages,
}))
"""


class Upkeep:
    """One folder of articles and its library."""

    def __init__(self, folder: Path, articles: list[dict[str, str]]) -> None:
        self.source, self.library = folder / "articles", folder / "library"
        self.source.mkdir()
        for number, article in enumerate(articles):
            title, day = json.dumps(article["title"]), article["published"].replace("/", "-")
            self.path(number).write_text(
                f"---\ntitle: {title}\ndate: {day}\n---\n\n{article['text']}\n", encoding="utf-8"
            )

    def path(self, number: int) -> Path:
        return self.source / f"{number:05d}.md"

    def build(self) -> dict:
        command = [sys.executable, "-P", "-c", BUILD, str(self.source), str(self.library)]
        return json.loads(subprocess.check_output(command, text=True))

    def after(self, change: Callable[[int], object], numbers: range) -> dict:
        """The build in the middle, by time, of those after each change."""
        builds = []
        for number in numbers:
            change(number)
            builds.append(self.build())
        return sorted(builds, key=lambda build: build["seconds"])[len(builds) // 2]

    def edit(self, number: int) -> None:
        with self.path(number).open("a", encoding="utf-8") as file:
            file.write(f"\nA correction was added to article {number} after it was published.\n")

    def rename(self, number: int) -> None:
        self.path(number).rename(self.source / f"renamed-{number}.md")

    def delete(self, number: int) -> None:
        self.path(number).unlink()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--articles", type=int, default=2000, help="of the news articles, at most 2,130")
    options.add_argument("--times", type=int, default=5, help="of each change")
    chosen = options.parse_args()
    score = evaluation()
    articles = score.rows(EVAL / "realtimeqa" / "dev.articles.jsonl.gz")[: chosen.articles]
    with tempfile.TemporaryDirectory() as folder:
        upkeep = Upkeep(Path(folder), articles)
        full = upkeep.build()
        times = chosen.times
        builds = {
            "nothing changed": upkeep.after(lambda number: None, range(times)),
            "one edited": upkeep.after(upkeep.edit, range(times)),
            "one renamed": upkeep.after(upkeep.rename, range(times, 2 * times)),
            "one deleted": upkeep.after(upkeep.delete, range(2 * times, 3 * times)),
        }
    print(f"{len(articles)} articles, {full['passages']} passages; median of {times}\n")
    rows = [["full build", f"{full['seconds']:.1f} s", "", full["encoded"]]]
    rows += [
        [name, f"{build['seconds']:.2f} s", f"{build['seconds'] / full['seconds']:.2%}", build["encoded"]]
        for name, build in builds.items()
    ]
    print(table(["build", "takes", "of a full build", "encoded"], rows))
    edited = builds["one edited"]["steps"]
    total = statistics.fsum(edited.values())
    rows = [
        [step, f"{edited[step]:.2f} s", f"{edited[step] / total:.0%}"]
        for step in ("imports", *STEPS)
        if edited.get(step, 0) >= 0.005
    ]
    print(f"\n{table(['step of the build after an edit', 'takes', 'of it'], rows)}")


if __name__ == "__main__":
    main()

"""Builds the wheel, installs it into a clean environment, and uses it from an empty folder.

    .venv/bin/python tools/smoke_wheel.py

The clean environment keeps the pip that Python brought along, so a plain `pip install` is tried too.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent

USE = """
import prompts, seeds
from index import build
from qa import ask

assert prompts.names() and all(prompts.text(name) for name in prompts.names())
assert len(seeds.articles()) >= 15 and len(seeds.questions()) >= 60
report = build(seeds.articles_dir(), library="library")
assert report.added == len(seeds.articles()), report
answer = ask("How old is Ling Huazhan?", library="library")
assert "26" in answer.text and answer.citations, answer
print(answer.text)
"""


def run(*command: str | Path, cwd: Path) -> None:
    """Runs a command, shown as it is; ends the program where it fails."""
    print("+", *command, flush=True)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BYLINE"))}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=clean, check=False)
    if done.returncode:
        sys.exit(f"failed with code {done.returncode}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "empty").mkdir()
        run(sys.executable, "-m", "build", "--wheel", "--outdir", place, ROOT, cwd=place)
        (wheel,) = place.glob("*.whl")
        venv.create(place / "clean", with_pip=True)
        python = place / "clean" / "bin" / "python"
        constraints = ROOT / "constraints.txt"
        run(python, "-m", "pip", "install", "--quiet", "-c", constraints, wheel, cwd=place / "empty")
        run(place / "clean" / "bin" / "byline", "--help", cwd=place / "empty")
        run(python, "-P", "-c", USE, cwd=place / "empty")
        print(f"{wheel.name} works.")


if __name__ == "__main__":
    main()

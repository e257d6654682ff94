"""Writes constraints.txt: the exact versions, here installed, of everything that Byline depends on.

.venv/bin/python tools/pin.py
"""

import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

TARGET = Path(__file__).parent.parent / "constraints.txt"
HEAD = """# What was tested together. `pip install -c constraints.txt .` repeats it; `pip install .` takes
# the newest versions that pyproject.toml allows. Made by tools/pin.py.
"""


def closure(root: str, extras: tuple[str, ...]) -> dict[str, str]:
    """Normalised name -> version of everything that `root` needs, with these extras, on this machine."""
    found: dict[str, str] = {}
    waiting = [(root, extras)]
    seen: set[tuple[str, tuple[str, ...]]] = set()
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        if name != root:
            found[name] = installed.version.partition("+")[0]
        for line in installed.requires or []:
            needed = Requirement(line)
            environments = [{"extra": extra} for extra in wanted] or [{"extra": ""}]
            if needed.marker is None or any(needed.marker.evaluate(each) for each in environments):
                waiting.append((_normal(needed.name), tuple(sorted(needed.extras))))
    return found


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    pins = closure("byline", ("dev",))
    TARGET.write_text(HEAD + "".join(f"{name}=={version}\n" for name, version in sorted(pins.items())))
    print(f"{len(pins)} pins")

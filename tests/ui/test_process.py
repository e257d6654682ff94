"""How the process is set that answers many at the same time; tried in one of its own."""

import subprocess
import sys

PROGRAM = """
import importlib.abc, sys, types
import ui.process

searched = []

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        searched.append(name)

if sys.argv[1] == "without":
    ui.process.find_spec = lambda name: None
else:
    sys.modules["matplotlib"] = types.ModuleType("matplotlib")
ui.process.prepare()
assert abs(sys.getswitchinterval() - ui.process.SWITCH) < 1e-6
sys.meta_path.insert(0, Finder())
try:
    import matplotlib
    print("there")
except ImportError:
    print("searched for" if "matplotlib" in searched else "not searched for")
"""


def said(how: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_what_is_not_there_is_not_searched_for_again() -> None:
    assert said("without") == "not searched for"


def test_what_is_there_can_be_imported() -> None:
    assert said("with") == "there"

"""How the process is set that answers many at the same time; tried in one of its own."""

import subprocess
import sys

PROGRAM = """
import sys
from ui.process import SWITCH, prepare
if sys.argv[1] == "without":
    import ui.process
    ui.process.find_spec = lambda name: None
else:
    import types
    sys.modules["matplotlib"] = types.ModuleType("matplotlib")
prepare()
assert abs(sys.getswitchinterval() - SWITCH) < 1e-6
try:
    import matplotlib
    print("there")
except ImportError:
    print("none")
"""


def said(how: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_what_is_not_there_is_not_searched_for_again() -> None:
    assert said("without") == "none"


def test_what_is_there_can_be_imported() -> None:
    assert said("with") == "there"

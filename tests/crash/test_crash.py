"""A short run of the crash harness; `make crash` runs it in full."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.progress import STEPS

HARNESS = Path(__file__).with_name("harness.py")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_builds_and_readers_tear_nothing() -> None:
    command = [sys.executable, str(HARNESS), "--random", "6", "--each-step", "1", "--serving", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])
    assert outcome["kills"] >= 6 + len(STEPS[1:-1])
    assert outcome["asked"] > 100
    assert {"copies", "encode", "check", "seal", "swap"} <= outcome["fell"].keys()

"""The README's doors for programs: what it shows is run, against a server over the sample articles."""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

import seeds
from index.embed import Encoder
from index.reading import Index
from index.seal import check
from qa import Assistant, Settings
from tests.ui.conftest import serving
from ui.app import assemble
from ui.doors.opened import Doors
from ui.library import Library

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # a build and answers by the real encoder

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
SECTION = README[README.index("## Doors for programs") : README.index("## How a question is answered")]
ADDRESS = "http://127.0.0.1:7860"
CURLS = re.findall(r"^\$ (curl .*)$", SECTION, re.MULTILINE)
PYTHON = re.findall(r"^```python\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, bundled: Encoder) -> Path:
    """Where `library` is one of the sample articles."""
    from index import build

    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.pipeline.check_apart", check)
        build(seeds.articles_dir(), library=home / "library", encoder=bundled)
    return home


@pytest.fixture(scope="module")
def address(folder: Path, bundled: Encoder) -> Iterator[str]:
    """Of what `byline serve --api --mcp` serves there."""
    opened = Library(lambda: Assistant(Index.open(folder / "library", encoder=bundled), Settings()))
    with serving(assemble(opened, doors=Doors(api=True, mcp=True))) as url:
        yield url.rstrip("/")


def test_the_three_doors_are_shown() -> None:
    assert len(CURLS) == 3 and len(PYTHON) == 2
    assert "byline serve --api --mcp" in SECTION


@pytest.mark.parametrize("line", CURLS)
def test_a_request_that_is_shown_is_answered(address: str, line: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on the PATH")
    words = shlex.split(line.replace(ADDRESS, address))
    told = subprocess.run([*words, "--silent", "--fail"], capture_output=True, check=True).stdout
    lines = [json.loads(each) for each in told.splitlines()]
    if "hits" in lines[-1]:
        assert {hit["site"] for hit in lines[-1]["hits"]} == {"The Continental Post"}
        return
    answer = lines[-1].get("answer", lines[-1])
    assert answer["citations"] and not answer["abstained"]
    assert len(lines) == 1 or "".join(each["text"] for each in lines[:-1]) == answer["text"]


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_a_program_that_is_shown_is_answered(
    address: str, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    exec(compile(PYTHON[number].replace(ADDRESS, address), f"README.md door {number + 1}", "exec"), names)
    answer = names["answer"] if "answer" in names else names["completion"].byline
    assert answer["citations"] and not answer["abstained"]


def test_an_agent_starts_the_command_that_is_shown(folder: Path) -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
    shown = json.loads(block)["mcpServers"]["byline"]
    installed = str(Path(sys.executable).with_name(shown["command"]))

    async def ask() -> Any:
        started = StdioServerParameters(
            command=installed, args=shown["args"], cwd=folder, env=dict(os.environ)
        )
        async with Client(started) as client:
            return await client.call_tool("ask", {"question": "Who was expelled?"})

    assert asyncio.run(ask()).structured_content["citations"]

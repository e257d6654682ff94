"""MCP, by its official client: over HTTP, in both of the protocol's eras, and over standard streams."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mcp import Client, MCPError, StdioServerParameters

from ui.cli import main
from ui.doors import mcp_door
from ui.records import answer_of

LAMP = "Ada Lind lit the harbour lamp on Monday."
QUESTION = "Who lit the harbour lamp?"


@pytest.fixture(params=["auto", "legacy"])
def talk(site: str, request: pytest.FixtureRequest) -> Callable[[Callable[[Client], Awaitable[Any]]], Any]:
    """`talk(what)` has a client of that era do it."""

    def run(what: Callable[[Client], Awaitable[Any]]) -> Any:
        async def main() -> Any:
            async with Client(f"{site}mcp", mode=request.param) as client:
                return await what(client)

        return asyncio.run(main())

    return run


def call(talk: Any, tool: str, **values: Any) -> Any:
    """What a tool gives."""
    result = talk(lambda client: client.call_tool(tool, values))
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content
    return result.structured_content


def refused(talk: Any, tool: str, **values: Any) -> str:
    result = talk(lambda client: client.call_tool(tool, values))
    assert result.is_error and result.structured_content is None
    return str(result.content[0].text)


def test_three_tools_are_offered_with_what_they_take(talk: Any) -> None:
    tools = {tool.name: tool for tool in talk(lambda client: client.list_tools()).tools}
    assert set(tools) == {"ask", "search", "read_article"}
    for tool in tools.values():
        assert tool.description and tool.title
        assert tool.annotations.read_only_hint
        assert tool.input_schema["type"] == "object"
        assert all("description" in each for each in tool.input_schema["properties"].values())
    assert tools["ask"].input_schema["required"] == ["question"]


def test_ask_gives_the_answer_with_everything(talk: Any, shelf: Any) -> None:
    answer = answer_of(call(talk, "ask", question=QUESTION))
    assert answer.citations[0].quote == LAMP and answer.short and answer.confidence > 0
    with shelf.open() as index:
        for each in answer.citations:
            assert index.article(each.article_id).text[each.start : each.end] == each.quote


def test_search_gives_passages(talk: Any) -> None:
    hits = call(talk, "search", query="station clock", k=1, sites=["The Rail"])["hits"]
    assert [hit["title"] for hit in hits] == ["The station clock"]


def test_an_article_is_read_page_by_page(talk: Any, shelf: Any) -> None:
    with shelf.open() as index:
        article = index.article(shelf.ids()["harbour.md"])

    async def read(client: Client) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = []
        at: int | None = 0
        while at is not None:
            wanted = {"article": article.id, "start": at, "characters": 50}
            pages.append((await client.call_tool("read_article", wanted)).structured_content)
            at = pages[-1]["next"]
        return pages

    pages = talk(read)
    assert len(pages) == -(-len(article.text) // 50) > 2
    assert "".join(page["text"] for page in pages) == article.text
    assert all(page["text"] == article.text[page["start"] : page["end"]] for page in pages)
    assert {page["characters"] for page in pages} == {len(article.text)}
    assert pages[0]["title"] == "The harbour lamp" and pages[0]["published"] == "2024-05-01"


def test_what_is_wrong_is_told_to_the_agent(talk: Any) -> None:
    assert refused(talk, "ask", question="") == (
        "The question is empty. Ask something, such as: Who was it, and when?"
    )
    assert refused(talk, "search", query="x", k=1_000).startswith("k is 1000: input should be")
    assert "There is no field path." in refused(talk, "read_article", path="/etc/passwd")


def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(talk: Any) -> None:
    async def call_it(client: Client) -> str:
        with pytest.raises(MCPError) as raised:
            await client.call_tool("delete", {})
        return str(raised.value)

    assert "There is no tool 'delete'. There are ask, search, read_article." in talk(call_it)


# Over standard streams


@pytest.fixture
def command(shelf: Any, tmp_path: Path) -> list[str]:
    """The command over the library, with the tests' quick encoder in place of the bundled one."""
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "import index.reading\n"
        "from index.embed import bundled_folder\n"
        "from index.tokens import WordPieces\n"
        "from tests.conftest import BagOfWords\n"
        "from ui.cli import main\n"
        "pieces = WordPieces(bundled_folder() / 'tokenizer.json', 256)\n"
        "def quick(*_):\n"
        "    print('a word that is not of the protocol')\n"
        "    return BagOfWords(pieces)\n"
        "index.reading.open_encoder = quick\n"
        "main(['mcp', '--library', sys.argv[1]])\n"
    )
    return [sys.executable, str(program), str(shelf.path)]


@pytest.fixture
def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def test_an_agent_starts_the_command_and_asks(command: list[str], environment: dict[str, str]) -> None:
    async def main() -> tuple[Any, Any]:
        parameters = StdioServerParameters(command=command[0], args=command[1:], env=environment)
        async with Client(parameters) as client:
            tools = await client.list_tools()
            return tools, await client.call_tool("ask", {"question": QUESTION})

    tools, result = asyncio.run(main())
    assert [tool.name for tool in tools.tools] == ["ask", "search", "read_article"]
    assert answer_of(result.structured_content).citations


def test_nothing_but_the_protocol_is_on_standard_output(
    command: list[str], environment: dict[str, str]
) -> None:
    sent = [
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "t", "version": "1"},
            },
        },
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "search", "arguments": {"query": "lamp"}},
        },
    ]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("".join(json.dumps(message) + "\n" for message in sent))
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        rest, errors = process.stdout.read(), process.stderr.read()
    assert [each["id"] for each in answers] == [1, 2] and rest == ""
    assert answers[1]["result"]["structuredContent"]["hits"]
    assert "a word that is not of the protocol" in errors
    assert process.returncode == 0


# Where it is not installed


@pytest.mark.parametrize("words", [["mcp"], ["serve", "--mcp", "--no-open"]], ids=" ".join)
def test_without_the_package_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    monkeypatch.setattr(mcp_door, "find_spec", lambda name: None)
    result = CliRunner().invoke(main, [*words, "--library", str(tmp_path)])
    assert result.exit_code == 1 and result.stdout == ""
    assert result.stderr == (
        'Error: MCP needs a package that is not installed. Install it with: pip install "byline[mcp]"\n'
    )

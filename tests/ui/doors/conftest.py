"""A real server on this machine over a real library of three articles, with all its doors open."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from qa import Assistant, Settings
from tests.servers.scripted import Reply, Server, served
from tests.ui.conftest import serving
from ui.app import LOCAL_NAMES, assemble
from ui.doors.callers import Caller
from ui.doors.desk import Desk
from ui.doors.opened import Doors
from ui.library import Library
from ui.limits import Busy

HARBOUR = (
    "---\ntitle: The harbour lamp\ndate: 2024-05-01\nsite: The Quay\nurl: https://quay.example/lamp\n---\n\n"
    "Ada Lind lit the harbour lamp on Monday. It burned for nine hours.\n\n"
    "“Nobody *asked* me [1],” she said 🐦. The oil cost 40 crowns.\n"
)
STATION = (
    "---\ntitle: The station clock\ndate: 2024-06-01\nsite: The Rail\n---\n\n"
    "Bo Sand wound the station clock on Friday. It stopped after two minutes.\n\n"
    "He will try again. Bo Sand paid 70 crowns for the spring.\n"
)
SECOND_LAMP = (
    "---\ntitle: The harbour lamp\ndate: 2024-07-01\nsite: The Rail\n---\n\n"
    "Carl Moe painted a lighthouse with green varnish during the winter break.\n"
)


@pytest.fixture(scope="module")
def shelf(module_library: Callable[..., Any]) -> Any:
    """A library of three articles, two of one title; to be read only."""
    return module_library({"harbour.md": HARBOUR, "station.md": STATION, "second.md": SECOND_LAMP})


@pytest.fixture(scope="module")
def library(shelf: Any) -> Library:
    """It always answers."""
    return Library(lambda: Assistant(shelf.open(), Settings(abstain_below=0)))


@pytest.fixture(scope="module")
def site(library: Library) -> Iterator[str]:
    """The address of a server with all doors open."""
    with serving(assemble(library, hosts=LOCAL_NAMES, doors=Doors(api=True, mcp=True))) as url:
        yield url


@pytest.fixture
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=None) as client:
        yield client


class Gate:
    """Lets in who comes while it is open, and notes who came, and how many have left."""

    def __init__(self) -> None:
        self.open = True
        self.came: list[Caller] = []
        self.left = 0
        self.share = 1.0

    @asynccontextmanager
    async def __call__(self, caller: Caller, here: Callable[[], bool]) -> AsyncIterator[float]:
        if not self.open:
            raise Busy("You have asked a lot.", 7, mine=True)
        self.came.append(caller)
        try:
            yield self.share
        finally:
            self.left += 1


@pytest.fixture(scope="module")
def model() -> Iterator[Server]:
    with served(Reply()) as server:
        yield server


@pytest.fixture(scope="module")
def module_gate() -> Gate:
    return Gate()


@pytest.fixture
def gate(module_gate: Gate) -> Iterator[Gate]:
    """Of the server whose answers a model writes; open."""
    module_gate.came, module_gate.left = [], 0
    yield module_gate
    module_gate.open, module_gate.share = True, 1.0


@pytest.fixture(scope="module")
def by_model(shelf: Any, model: Server, module_gate: Gate) -> Iterator[str]:
    """The address of a server whose answers `model` writes."""
    settings = Settings(llm="openai/m", llm_url=f"{model.url}/v1", llm_seconds=20.0)
    library = Library(lambda: Assistant(shelf.open(), settings))
    app = assemble(library, doors=Doors(api=True, mcp=True), gate=module_gate)
    with serving(app) as url:
        yield url


@pytest.fixture
def written(
    by_model: str, model: Server, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[str, Server]]:
    """`written(Reply(…))` is the address of a server, and its model, which from now on replies so."""
    monkeypatch.setattr("qa.models.retrying.PAUSES", (0.01, 0.02))

    def make(*replies: Reply, answering: Any = None) -> tuple[str, Server]:
        model.replies, model.answering = list(replies), answering
        model.requests.clear()
        model.gone.clear()
        return by_model, model

    return make


@pytest.fixture
def desk(library: Library) -> Desk:
    return Desk(library)

"""People asking at the same time: a server of its own, asked through the chat's routes, as browsers do.

    python -m benchmarks.load [--people 20] [--seconds 300] [--rebuild-seconds 60]

Twice: with a model that streams (a scripted server on loopback, 50 pieces a second), and extractively. All
are logged in with a key, and ask again some five seconds after they have their answer. Besides: how soon a
stop frees its place, what closed browsers leave running, memory, and a build of the library meanwhile.
"""

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

import seeds
from benchmarks.common import table
from index import build
from tests.servers.scripted import Reply, Request, quoting, served
from ui import talk
from ui.render import literal
from ui.users import Users

SERVER = """
import asyncio, json, sys
from pathlib import Path
from fastapi import Request
import uvicorn
import ui.app, ui.limits
from ui.settings import ServeSettings

made = []
plain = ui.limits.Limits.__init__
ui.limits.Limits.__init__ = lambda self, *given: (plain(self, *given), made.append(self))[0]
serving = ServeSettings(questions_per_minute=0)
app = ui.app.create_app(Path(sys.argv[1]), serving=serving)

async def state(scope, receive, send):
    # what runs, for the one who measures: in front of everything else
    body = json.dumps({
        "running": made[0].running,
        "waiting": made[0].waiting,
        "readings": sum(thread.name == "reading" for thread in __import__("threading").enumerate()),
        "tasks": len(asyncio.all_tasks()),
    }).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})

async def outer(scope, receive, send):
    await (state if scope.get("path") == "/measured" else app)(scope, receive, send)

with ui.app.listening("127.0.0.1", int(sys.argv[2])) as listener:
    config = ui.app.configured(outer, serving)
    uvicorn.Server(config).run(sockets=[listener])
"""
PIECE = 0.02
"""Seconds between two pieces of the model: 50 a second."""
WAITING = re.compile(rf"\*({talk.READING}|{talk.LOADING})\*|{re.escape(talk.WAITING)}")
PAUSE = 5.0
"""Seconds that somebody reads before asking again, in the mean."""


def at_length(request: Request) -> Reply:
    """An answer of some length, which quotes."""
    chunks = quoting(request).chunks
    return Reply([*chunks, " ", *chunks, " ", *chunks], pause=PIECE)


@dataclass
class Measured:
    """Times in seconds, `first` from the question to the first words of its answer; `at` when that was."""

    first: list[float] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Person:
    """A chat page without a browser: what it joins, and the stream of events that it reads."""

    def __init__(self, url: str, key: str) -> None:
        self._session = os.urandom(8).hex()
        self.conversation = os.urandom(16).hex()
        self.client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=httpx.Timeout(120),
            # A connection is left before the server ends it, which it does after five idle seconds.
            limits=httpx.Limits(keepalive_expiry=2),
        )
        self._events: dict[str, int] = {}

    async def open(self) -> None:
        config = (await self.client.get("/config")).json()
        self._events = {
            event: dependency["id"]
            for dependency in config["dependencies"]
            for component, event in dependency["targets"]
            if event in ("submit", "stop")
        }

    async def post(self, event: str, data: Sequence[Any]) -> str:
        joined = await self.client.post(
            "/gradio_api/queue/join",
            params={"c": self.conversation},
            json={"data": list(data), "fn_index": self._events[event], "session_hash": self._session},
        )
        joined.raise_for_status()
        return str(joined.json()["event_id"])

    @asynccontextmanager
    async def asked(self, question: str) -> AsyncIterator[AsyncIterator[str]]:
        """The stream of a question's answer: what is new of what is shown, again and again."""
        event = await self.post("submit", [question])
        async with self.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self._session}
        ) as stream:
            yield self._shown(stream, event)

    async def _shown(self, stream: httpx.Response, event: str) -> AsyncIterator[str]:
        async for line in stream.aiter_lines():
            if not line.startswith("data: "):
                continue
            message = json.loads(line.removeprefix("data: "))
            if message.get("event_id") not in (event, None):
                continue
            if message["msg"] in ("unexpected_error", "queue_full") or message.get("success") is False:
                raise RuntimeError(f"the chat failed: {message}"[:300])
            if message["msg"] in ("process_generating", "process_completed"):
                yield " ".join(_texts(message["output"].get("data")))
            if message["msg"] == "process_completed":
                return

    async def text(self) -> str:
        """The last answer, as it is kept."""
        kept = (await self.client.get(f"/conversations/{self.conversation}/export?format=json")).json()
        return str(kept["exchanges"][-1]["answer"]["text"])


def _texts(shown: Any) -> Iterator[str]:
    """The texts of an update, whole (`{"text": …}`) or as what has changed (`["append", [path], value]`)."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            yield from [value] if name == "text" and isinstance(value, str) else _texts(value)
    elif isinstance(shown, list) and shown[:1] in (["append"], ["replace"], ["add"]) and len(shown) == 3:
        yield from [shown[2]] if isinstance(shown[2], str) and "text" in shown[1] else _texts(shown[2])
    elif isinstance(shown, list):
        for value in shown:
            yield from _texts(value)


async def once(person: Person, question: str, measured: Measured) -> None:
    """Asks, and reads the whole answer."""
    person.conversation = os.urandom(16).hex()
    began = time.perf_counter()
    first = None
    async with person.asked(question) as shown:
        async for state in shown:
            news = WAITING.sub("", state).replace(literal(question), "").strip()
            if first is None and news:
                first = time.perf_counter()
    measured.whole.append(time.perf_counter() - began)
    if not await person.text():
        measured.errors.append(f"no answer to {question!r}")
    elif first is None:
        measured.errors.append(f"nothing was shown of the answer to {question!r}")
    else:
        measured.first.append(first - began)
        measured.at.append(time.monotonic())


async def keep_asking(person: Person, until: float, measured: Measured, questions: Sequence[str]) -> None:
    """Asks until that time; the pauses differ, as people's do."""
    await asyncio.sleep(random.uniform(0, 2 * PAUSE))
    while time.monotonic() < until:
        try:
            await once(person, random.choice(questions), measured)
        except Exception as error:
            measured.errors.append(f"{type(error).__name__}: {error}"[:200])
        await asyncio.sleep(random.uniform(0.5, 1.5) * PAUSE)


async def idle(url: str, seconds: float = 60) -> float:
    """The seconds until no answer is being written any more."""
    began = time.perf_counter()
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        while time.perf_counter() - began < seconds:
            state = (await client.get("/measured")).json()
            if not (state["running"] or state["waiting"] or state["readings"]):
                return time.perf_counter() - began
            await asyncio.sleep(0.02)
    return float("inf")


async def stopped(people: Sequence[Person], url: str, questions: Sequence[str]) -> list[float]:
    """The seconds from the press of Stop until its place is free, one after the other."""
    times = []
    for person in people:
        person.conversation = os.urandom(16).hex()
        async with person.asked(random.choice(questions)) as shown:
            await anext(shown)
            await asyncio.sleep(0.6)
            await person.post("stop", [])
            times.append(await idle(url))
    return times


async def closed(people: Sequence[Person], url: str, questions: Sequence[str]) -> float:
    """The seconds until nothing runs any more after all pages were closed in the middle of an answer."""

    async def leave(person: Person) -> None:
        person.conversation = os.urandom(16).hex()
        async with person.asked(random.choice(questions)) as shown:
            await anext(shown)
            await asyncio.sleep(0.5)

    await asyncio.gather(*(leave(person) for person in people))
    return await idle(url)


async def loaded(
    url: str, keys: Sequence[str], process: psutil.Process, library: Path, seconds: float, rebuild: float
) -> list[list[object]]:
    questions = [each.question for each in seeds.questions() if each.answers and not each.history]
    people = [Person(url, key) for key in keys]
    for person in people:
        await person.open()
    _tell("warming up")
    warm = Measured()
    until = time.monotonic() + min(30, seconds / 3)
    await asyncio.gather(*(keep_asking(person, until, warm, questions) for person in people))
    await idle(url)
    before = process.memory_info().rss
    _tell(f"{len(people)} people ask for {seconds:.0f} s")
    measured = Measured()
    until = time.monotonic() + seconds
    await asyncio.gather(*(keep_asking(person, until, measured, questions) for person in people))
    await idle(url)
    after = process.memory_info().rss
    _tell(f"{len(measured.whole)} answers, the first piece after {_s(measured.first, 0.95)} (p95)")
    _tell("stops, and closed pages")
    stops = await stopped(people[:8], url, questions)
    left = await closed(people, url, questions)
    _tell("the library is rebuilt meanwhile")
    during = Measured()
    until = time.monotonic() + rebuild
    added = library.parent / "added"
    added.mkdir(exist_ok=True)
    for number, path in enumerate(sorted(seeds.articles_dir().iterdir())):
        content = path.read_text(encoding="utf-8")
        (added / f"{os.getpid()}-{number}.md").write_text(f"Copy {number} {os.urandom(3).hex()}\n\n{content}")
    building = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "ui.worker", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    order = {
        "library": str(library),
        "build": [str(added)],
        "remove": [],
        "unlink": [],
        "allow_private": False,
    }
    build_it = asyncio.create_task(building.communicate(json.dumps(order).encode()))
    await asyncio.gather(*(keep_asking(person, until, during, questions) for person in people))
    await build_it
    for person in people:
        await person.client.aclose()
    for error in {*measured.errors, *during.errors}:
        print("error:", error, file=sys.stderr)
    return [
        ["questions answered", len(measured.whole)],
        ["errors", len(measured.errors)],
        ["first piece, p50", _s(measured.first, 0.5)],
        ["first piece, p95", _s(measured.first, 0.95)],
        ["whole answer, p50", _s(measured.whole, 0.5)],
        ["whole answer, p95", _s(measured.whole, 0.95)],
        ["a stop frees its place, median", _s(stops, 0.5)],
        ["a stop frees its place, largest", _s(stops, 1)],
        [f"{len(people)} pages closed while answers are written: nothing runs after", f"{left:.1f} s"],
        ["memory before", f"{before / 1e6:.0f} MB"],
        ["memory after", f"{after / 1e6:.0f} MB ({100 * (after / before - 1):+.1f} %)"],
        ["while the library is rebuilt: questions", len(during.whole)],
        ["… errors", len(during.errors)],
        ["… first piece, p95", _s(during.first, 0.95)],
    ]


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _s(times: Sequence[float], share: float) -> str:
    if not times:
        return "none"
    ordered = sorted(times)
    at = (
        statistics.median(ordered)
        if share == 0.5
        else ordered[min(len(ordered) - 1, int(share * len(ordered)))]
    )
    return f"{at:.2f} s"


def run(
    library: Path, keys: Sequence[str], environment: dict[str, str], options: argparse.Namespace
) -> list[Any]:
    """A server of its own process, loaded."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(library), str(port)], env={**os.environ, **environment}
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                ready = httpx.get(
                    f"{url}/library/state", headers={"Authorization": f"Bearer {keys[0]}"}
                ).json()
                if ready["articles"]:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.5)
        process = psutil.Process(server.pid)
        return asyncio.run(loaded(url, keys, process, library, options.seconds, options.rebuild_seconds))
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rebuild-seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(answering=at_length) as model:
        library = Path(folder) / "library"
        build([seeds.articles_dir()], library=library)
        users = Users(library)
        keys = []
        for number in range(options.people):
            name = users.add(f"person{number}", "a lamp in the window")
            keys.append(users.new_key(name))
        beside = [os.getloadavg()[0]]
        streaming = run(
            library, keys, {"BYLINE_LLM": "openai/rules", "BYLINE_LLM_URL": f"{model.url}/v1"}, options
        )
        beside.append(os.getloadavg()[0])
        extractive = run(library, keys, {}, options)
    rows = [[name, one, other] for (name, one), (_, other) in zip(streaming, extractive, strict=True)]
    print(
        table(
            [f"{options.people} people, {options.seconds:.0f} s", "a model that streams", "extractive"], rows
        )
    )
    print(f"\n{os.cpu_count()} processors; the machine's load before: {beside[0]:.1f}, then {beside[1]:.1f}.")


if __name__ == "__main__":
    main()

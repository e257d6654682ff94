"""How long a person waits for an answer: in a terminal, in Python, on the page; and the memory of serving."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from benchmarks.building import Row
from benchmarks.processes import medians, memory, script, seconds
from benchmarks.searching import p50_p95, timed
from qa import Assistant, Settings
from qa.reader import Reader, Reading, the_reader

IMPORTS = "import chromadb, llama_index.core, onnxruntime"


def cold(library: Path, question: str, times: int) -> list[Row]:
    """A fresh process that answers one question, against one that only imports what is built on."""
    asked, imported = medians(
        times,
        lambda: seconds([script("byline"), "ask", question, "--library", str(library)]),
        lambda: seconds([sys.executable, "-P", "-c", IMPORTS]),
    )
    said = f"{asked:.2f} s / {imported:.2f} s, median of {times} in turns"
    return [["cold byline ask / bare imports", f"{asked / imported:.2f}", "2.5", "1.5", said]]


class Clock:
    """Stands before a reader: counts the passages, and the milliseconds that they take."""

    def __init__(self, reader: Reader) -> None:
        self._read = reader.read
        self.passages = 0
        self.milliseconds = 0.0

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        began = time.perf_counter()
        found = self._read(question, passages)
        self.milliseconds += (time.perf_counter() - began) * 1000
        self.passages += len(passages)
        return found


def warm(library: Path, questions: list[str]) -> list[Row]:
    """Whole answers, and what the reader takes of them."""
    settings = Settings.load()
    with Assistant.open(library, settings) as assistant:
        assistant.ask("A first question, so that everything is loaded?")
        reader = the_reader(settings.index.threads)
        clock = Clock(reader)
        with patch.object(reader, "read", clock.read):
            took = timed([lambda q=q: assistant.ask(q) for q in questions])  # type: ignore[misc]
    middle, slow = p50_p95(took)
    each = clock.milliseconds / max(1, clock.passages)
    share = clock.milliseconds / sum(took)
    read = f"{clock.passages / len(questions):.1f} passages a question; {share:.0%} of a whole answer"
    return [
        ["whole answer p50", f"{middle:.0f} ms", "", "", f"p95 {slow:.0f} ms; {len(questions)} questions"],
        ["reader, a passage", f"{each:.1f} ms", "", "", read],
    ]


def served(library: Path, questions: list[str]) -> list[Row]:
    """The web chat: its page, its first answer, and its memory after all questions."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [script("byline"), "serve", "--no-open", "--port", str(port), "--library", str(library)]
    began = time.perf_counter()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        page = f"http://127.0.0.1:{port}/"
        while True:
            try:
                html = urllib.request.urlopen(page, timeout=5).read().decode()
                break
            except OSError:
                time.sleep(0.02)
        shown = time.perf_counter() - began
        chat = Chat(page, html)
        chat.ask(questions[0])
        first = time.perf_counter() - began
        before = memory(server.pid)
        for question in questions[1:]:
            chat.ask(question)
        after = memory(server.pid)
    finally:
        server.terminate()
        server.wait()
    return [
        ["page served after start", f"{shown:.1f} s", "8 s", "5 s", f"first answer after {first:.1f} s"],
        [
            f"memory serving, after {len(questions)} questions",
            f"{after:.0f} MB",
            "600 MB",
            "350 MB",
            f"{before:.0f} MB after the first",
        ],
    ]


class Chat:
    """Asks as the page does: a question is put into Gradio's queue, whose events are read to the end."""

    def __init__(self, page: str, html: str) -> None:
        self._api = page + "gradio_api/queue/"
        config = json.loads(re.findall(r"window\.gradio_config = (\{.*?\});</script>", html, re.DOTALL)[0])
        submitted = next(
            each for each in config["dependencies"] if any(event == "submit" for _, event in each["targets"])
        )
        self._function = submitted["id"]

    def ask(self, question: str) -> None:
        """Reads the answer to its end; each question is a conversation of its own."""
        session = uuid.uuid4().hex
        body = {"data": [question], "fn_index": self._function, "session_hash": session, "trigger_id": None}
        request = urllib.request.Request(
            self._api + "join", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=60).read()
        with urllib.request.urlopen(f"{self._api}data?session_hash={session}", timeout=60) as events:
            for line in events:
                if line.startswith(b"data:"):
                    message = json.loads(line[5:])
                    if message["msg"] == "process_completed":
                        assert message["success"], message
                    if message["msg"] in ("process_completed", "close_stream", "unexpected_error"):
                        return

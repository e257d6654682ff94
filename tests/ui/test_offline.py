"""Without a network: in a network namespace of its own a library is built and asked, and no process so much
as tries to leave."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import seeds

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]

PROGRAM = """
import fcntl, json, socket, struct, sys, threading, time
import httpx

with socket.socket() as any:  # loopback, which is down in a new namespace
    up = struct.pack("16sh", b"lo", 0x1 | 0x40)
    fcntl.ioctl(any, 0x8914, up)  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING

from pathlib import Path
from index import build
library, articles = map(Path, sys.argv[1:])
print(build([articles], library=library).articles, "articles")

import uvicorn
from ui.app import configured, create_app, listening
from ui.settings import ServeSettings
with listening("127.0.0.1", 0) as listener:
    server = uvicorn.Server(configured(create_app(library), ServeSettings()))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=120) as client:
        while client.get("/library/state").json()["articles"] is None:
            time.sleep(0.2)
        assert "Byline" in client.get("/").text
        events = {e: d["id"] for d in client.get("/config").json()["dependencies"] for _, e in d["targets"]}
        asked = {"data": ["Who was expelled from France?"], "fn_index": events["submit"], "session_hash": "s"}
        client.post("/gradio_api/queue/join?c=1", json=asked).raise_for_status()
        with client.stream("GET", "/gradio_api/queue/data?session_hash=s") as stream:
            for line in stream.iter_lines():
                if "process_completed" in line:
                    break
        answer = client.get("/conversations/1/export?format=json").json()["exchanges"][0]["answer"]
        print(len(answer["citations"]), "citations")
    server.should_exit = True
    thread.join()
"""


def test_building_and_chatting_need_no_network_and_try_none(tmp_path: Path) -> None:
    cut = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*cut, "true"], capture_output=True).returncode:
        pytest.skip("this kernel lets us have no network namespace")
    trace = tmp_path / "connects"
    strace = shutil.which("strace")
    traced = [strace, "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(trace)] if strace else []
    program = [sys.executable, "-c", PROGRAM, str(tmp_path / "library"), str(seeds.articles_dir())]
    done = subprocess.run([*cut, *traced, *program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    articles, citations = re.findall(r"^(\d+) (?:articles|citations)$", done.stdout, re.MULTILINE)
    assert int(articles) == len(seeds.articles()) and int(citations) > 0
    if strace:
        assert [line for line in trace.read_text(errors="replace").splitlines() if leaves(line)] == []


def leaves(call: str) -> bool:
    """Whether a system call, as strace writes it, is to an address that is not this machine's."""
    to = re.search(r"sin6?_addr|inet_pton", call) and re.search(r'"([0-9a-f.:]+)"', call)
    return bool(to) and not re.match(r"127\.|::1$|::ffff:127\.", to[1])


@pytest.mark.parametrize(
    ("call", "away"),
    [
        (
            'connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.1")}, 16) = -1',
            True,
        ),
        (
            'connect(3, {sa_family=AF_INET6, inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28)',
            True,
        ),
        (
            'connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
            False,
        ),
        ('connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0', False),
    ],
)
def test_what_leaves_is_told_from_what_stays(call: str, away: bool) -> None:
    assert leaves(call) == away

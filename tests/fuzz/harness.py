"""Made-up contents for every reader, and what must hold of whatever it makes of them.

    python -m tests.fuzz.harness [INPUTS] [READER...]

Each reader is tried in a process of its own, with INPUTS made-up contents (20,000). One that makes it raise
what it may not is shrunk and shown; one that crashes the process, or hangs it, is left as `fuzz-READER.bin`
in the folder for temporary files. Prints how many inputs were tried, how many of them had an article in them,
how long it took, and the slowest. Ends with code 1 where anything was found.
"""

import faulthandler
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from index.chunk import split
from index.embed import bundled_folder
from index.errors import SourceError
from index.readers import READERS, read_page
from index.readers.apart import made_from
from index.readers.canonical import canonical, one_line
from index.readers.content import read_content
from index.readers.decode import declared_encoding, decode
from index.readers.formats import ENDINGS
from index.readers.origin import Origin
from index.readers.urls import web_url
from index.tokens import WordPieces
from index.types import Article, Failure

from .contents import CONTENTS

INPUTS = 20_000
HANGS = 60.0  # seconds that one input may take
SLOW = 10.0
_PASSAGE_TOKENS = 40
URL = "https://quay.example/a"


@dataclass
class Tally:
    """What was counted of one reader."""

    inputs: int = 0
    read: int = 0
    slowest: float = 0.0
    sample: bytes = field(default=b"", repr=False)


def reading(kind: str) -> Callable[[bytes], Iterator[Article | Failure]]:
    """The reader of that name; also `decoding`, `content` and `page`, which take whatever it is."""
    return lambda data: READERS[kind](io.BytesIO(data), Origin(f"/articles/a.{kind}", f"a.{kind}"))


def as_content(data: bytes, ending: str) -> Iterator[Article | Failure]:
    yield from read_content(io.BytesIO(data), Origin(f"/articles/a{ending}", f"a{ending}"))


def as_page(data: bytes, stated: tuple[str | None, str | None]) -> Iterator[Article | Failure]:
    failures: list[Failure] = []
    yield from read_page(data, URL, *stated, failures.append)
    yield from failures


def look(found: Iterator[Article | Failure]) -> int:
    """How many articles there are; AssertionError where one is not as it should be, and whatever is raised
    that is not ours."""
    articles = 0
    try:
        for each in found:
            if isinstance(each, Failure):
                look_at_reason(each.reason)
            else:
                articles += 1
                look_at(each)
    except SourceError as error:
        look_at_reason(error.reason)
    return articles


def look_at_reason(reason: str) -> None:
    assert reason and reason.strip() == reason and len(reason) < 400, reason
    assert reason.isprintable(), reason
    reason.encode()


def look_at(article: Article) -> None:
    """Everything that the rest of Byline takes for granted of an article."""
    assert article.text.strip() and canonical(article.text) == article.text
    assert article.id and article.title
    lines = [article.id, article.title, article.site, article.language, article.url, *article.authors]
    assert all(line is None or line == one_line(line) for line in lines), lines
    assert article.url is None or article.url == web_url(article.url)
    for day in (article.published, article.updated):
        assert day is None or (isinstance(day, date) and not isinstance(day, datetime))
    "".join(filter(None, [article.text, article.source, *lines])).encode()
    assert made_from(json.loads(json.dumps(asdict(article), default=str))) == article
    look_at_passages(article)


def look_at_passages(article: Article) -> None:
    """They are slices, in order, and nothing that can be seen is lost between them."""
    passages = split(article, pieces(), _PASSAGE_TOKENS)
    end = 0
    for passage in passages:
        assert article.text[passage.start : passage.end] == passage.text
        assert not article.text[end : passage.start].strip()
        end = max(end, passage.end)
    assert passages and not article.text[end:].strip()
    starts = [passage.start for passage in passages]
    assert starts == sorted(set(starts))


@cache
def pieces() -> WordPieces:
    return WordPieces(bundled_folder() / "tokenizer.json", 256)


def tries(kind: str) -> tuple[st.SearchStrategy[object], Callable[..., int]]:
    """What to make up, and what to do with it."""
    anything = st.one_of(*CONTENTS.values())
    if kind == "decoding":
        names = st.sampled_from(
            ["utf-8", "utf-16", "utf-7", "hex", "idna", "gb2312", "shift_jis", "cp437", "x", "euc_jp"]
        )
        return st.tuples(CONTENTS["text"], names), look_at_decoded
    if kind == "content":
        return st.tuples(anything, st.sampled_from(["", ".gz", *ENDINGS])), lambda made: look(
            as_content(*made)
        )
    if kind == "page":
        types = st.sampled_from(
            [None, "text/html", "text/plain", "text/markdown", "application/pdf", "application/jsonl", "x"]
        )
        charsets = st.sampled_from(
            [
                None,
                "utf-8",
                "utf-16",
                "x",
                "hex",
                "idna",
                "punycode",
                "undefined",
                "cp932",
                "\0",
                "unicode_escape",
            ]
        )
        return st.tuples(anything, st.tuples(types, charsets)), lambda made: look(as_page(*made))
    read = reading(kind)
    return CONTENTS[kind] | st.binary(max_size=200), lambda data: look(read(data))


def look_at_decoded(made: tuple[bytes, str]) -> int:
    data, name = made
    text = decode(data, declared_encoding(f'<meta charset="{name}">'.encode()))
    canonical(text or "").encode()
    return text is not None


KINDS = (*READERS, "decoding", "content", "page")


def fuzz(kind: str, inputs: int, *, left: Path | None = None, repeatable: bool = False) -> Tally:
    """Tries a reader; raises what Hypothesis has found. Each input is written to `left` before it is read."""
    tally = Tally()
    strategy, read = tries(kind)
    pieces()

    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        derandomize=repeatable,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(strategy)
    def one(made: object) -> None:
        if left:
            left.write_bytes(made if isinstance(made, bytes) else repr(made).encode())
            faulthandler.dump_traceback_later(HANGS, exit=True)
        began = time.perf_counter()
        tally.inputs += 1
        tally.read += read(made) > 0
        took = time.perf_counter() - began
        if took > tally.slowest:
            tally.slowest = took
        assert took < SLOW, f"took {took:.1f} s"

    one()
    return tally


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--one"]:
        tally = fuzz(arguments[1], int(arguments[2]), left=Path(arguments[3]))
        faulthandler.cancel_dump_traceback_later()
        print(json.dumps({"inputs": tally.inputs, "read": tally.read, "slowest": round(tally.slowest, 2)}))
        return 0
    inputs = int(arguments[0]) if arguments else INPUTS
    failed = False
    for kind in arguments[1:] or KINDS:
        left = Path(tempfile.gettempdir()) / f"fuzz-{kind}.bin"
        began = time.monotonic()
        command = [sys.executable, "-m", "tests.fuzz.harness", "--one", kind, str(inputs), str(left)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONFAULTHANDLER": "1"},
        )
        print(f"{kind:<10}{time.monotonic() - began:7.0f} s  {done.stdout.strip()}", flush=True)
        if done.returncode:
            failed = True
            print(
                f"{kind}: ended with {done.returncode}; its last input is in {left}\n{done.stderr[-6000:]}",
                flush=True,
            )
        else:
            left.unlink(missing_ok=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

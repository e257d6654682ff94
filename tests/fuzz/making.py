"""Ways to make up contents: good ones with changes in them, and soups of the words of a format."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.index.readers.made_zip import zipped

Contents = st.SearchStrategy[bytes]

PROSE = "It rained in Rome for three days, and nobody knew why. The café was full. Then it stopped.\n"
_ODD_NUMBERS = (
    b"0 1 -1 3 255 256 65535 65536 2147483647 -2147483648 4294967296 99999999999999999999 1e308 0.0001"
).split()
_SPLINTERS = [
    *_ODD_NUMBERS,
    *(bytes([code]) for code in (0, 7, 8, 9, 10, 11, 12, 13, 27, 28, 127, 133, 173, 255)),
    *(
        text.encode("utf-8", "surrogatepass")
        for text in "\ud800 \udc00 \ufeff \u2028 \u202e \ufffe \u0085 🐈 e\u0301".split(" ")
    ),
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"/",
        b"]]>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"&a;",
        b"&#0;",
        b"&#xD800;",
    ),
    *(b"\xff\xfe", b"\xfe\xff", b"{", b"}", b"[", b"]", b":", b"---\n", b"\r\n\r\n", b"%PDF-", b"PK\x03\x04"),
    *(b" " * 300, b"\n" * 300, b"a" * 300, b"<b>" * 300, b"[" * 300, b"a " * 300),
]
_NUMBER = re.compile(rb"\d+")

# How, where, how much of it, and what is put there.
_CHANGES = st.tuples(
    st.sampled_from(["set", "cut", "end", "again", "move", "insert", "number", "splice"]),
    st.integers(0, 65535),
    st.integers(0, 80),
    st.sampled_from(_SPLINTERS) | st.binary(max_size=6),
)


def changed(data: bytes, others: Sequence[bytes], changes: Sequence[tuple[str, int, int, bytes]]) -> bytes:
    """`data` after these changes; splices are of `others`."""
    for how, at, size, piece in changes:
        place = at % (len(data) + 1)
        head, tail = data[:place], data[place:]
        if how == "set":
            data = head + piece[:1] + tail[1:]
        elif how == "cut":
            data = head + tail[size:]
        elif how == "end" and head:
            data = head
        elif how == "again":
            data = head + tail[:size] * 3 + tail
        elif how == "move":
            other = (at * 31 + size) % (len(data) + 1)
            data = head + data[other : other + size] + tail
        elif how == "insert":
            data = head + piece + tail
        elif how == "number":
            number = _NUMBER.search(data, place)
            if number:
                odd = _ODD_NUMBERS[size % len(_ODD_NUMBERS)]
                data = data[: number.start()] + odd + data[number.end() :]
        elif how == "splice":
            other = others[size % len(others)]
            data = head + other[at % (len(other) + 1) :]
    return data


def mutated(*seeds: bytes) -> Contents:
    """One of the seeds, with some changes."""
    many = st.lists(_CHANGES, min_size=1, max_size=8)
    return st.builds(lambda seed, changes: changed(seed, seeds, changes), st.sampled_from(seeds), many)


def soup(words: str, wrap: Callable[[str], Any]) -> Contents:
    """The words, which stand between bars, in any order and number, with other text; wrapped."""
    pieces = st.sampled_from([*words.split("|"), PROSE]) | st.text(max_size=8)
    return st.lists(pieces, max_size=40).map(lambda found: as_bytes(wrap("".join(found))))


def as_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")


def repacked(*archives: bytes) -> Contents:
    """One of the archives, with one of its files changed, lost, or put in place of another."""

    def pack(data: bytes, which: int, other: int, how: str, changes: Any) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        names = list(members)
        name = names[which % len(names)]
        if how == "change":
            members[name] = changed(members[name], list(members.values()), changes)
        elif how == "drop":
            del members[name]
        else:
            members[name] = members[names[other % len(names)]]
        return zipped(members)

    return st.builds(
        pack,
        st.sampled_from(archives),
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(["change"] * 6 + ["drop", "swap"]),
        st.lists(_CHANGES, min_size=1, max_size=6),
    )

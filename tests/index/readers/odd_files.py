"""A folder of all bad files and some good ones, with pipes, links and odd folders among them.

ODD      name -> (how it is made, what is said of it)
PASSED   name -> how it is made; nothing is said of it
make     all of them, in one folder
"""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.index.readers.bad_files import PNG, SECRET, Bad, bad_files, good_files


def _socket(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(f"/proc/self/fd/{folder}/{path.name}")  # a socket's path may have 107 bytes
    os.close(folder)


def _too_deep(path: Path) -> None:
    """Folders in folders, whose path is longer than the system takes."""
    path.mkdir()
    folder = os.open(path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=folder)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = inner
    os.close(folder)


def _unreadable(path: Path) -> None:
    path.write_text("It rained.")
    path.chmod(0)


def _closed(path: Path) -> None:
    path.mkdir()
    (path / "a.md").write_text("It rained.")
    path.chmod(0)


ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe.md": (os.mkfifo, "is a named pipe, not a file"),
    "pipe.xml": (os.mkfifo, "is a named pipe, not a file"),
    "socket.txt": (_socket, "is a socket, not a file"),
    "loop.txt": (lambda path: path.symlink_to(path), "cannot be read: too many levels of symbolic links"),
    "dangling.md": (lambda path: path.symlink_to("gone.md"), "does not exist"),
    "too-deep": (_too_deep, "cannot be listed: file name too long"),
}
ONLY_FOR_SOME: dict[str, tuple[Callable[[Path], object], str]] = {
    "unreadable.md": (_unreadable, "cannot be read: permission denied"),
    "closed": (_closed, "cannot be listed: permission denied"),
}
"""What root can read all the same."""

PASSED: dict[str, Callable[[Path], object]] = {
    ".hidden.md": lambda path: path.write_text("It rained."),
    ".git/rain.md": lambda path: path.write_text("It rained."),
    "picture.png": lambda path: path.write_bytes(PNG),
    "Makefile": lambda path: path.write_text("all:"),
    "pom.xml": lambda path: path.write_text("<?xml version='1.0'?><project><name>Rain</name></project>"),
    "up": lambda path: path.symlink_to(".."),
    "zero.txt": lambda path: path.symlink_to("/dev/zero"),
    "away.md": lambda path: path.symlink_to("../secret.txt"),
    "nothing/in/here/.keep": lambda path: path.write_text(""),
}


class Corpus(NamedTuple):
    """What was made below `folder`, by name, and what is said of it."""

    folder: Path
    bad: Mapping[str, Bad]
    odd: Mapping[str, str]
    good: Mapping[str, bytes | str]


def make(home: Path) -> Corpus:
    """The whole corpus in `home/articles`."""
    folder, secret = home / "articles", home / "secret.txt"
    folder.mkdir()
    secret.write_text(SECRET)
    bad, good = bad_files(), good_files(secret)
    odd = ODD if os.geteuid() == 0 else {**ODD, **ONLY_FOR_SOME}
    for name, content in {**{name: each.content for name, each in bad.items()}, **good}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, maker in {**{name: made[0] for name, made in odd.items()}, **PASSED}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        maker(folder / name)
    return Corpus(folder, bad, {name: made[1] for name, made in odd.items()}, good)

"""Finding the files to read below a folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ..types import Failure
from .content import head_of
from .failures import Failures
from .formats import ENDINGS
from .origin import Origin, ending
from .sniff import is_other_xml

_XML = ".xml"


def files(root: str | Path, *, on_failure: Callable[[Failure], None] | None = None) -> Iterator[Path]:
    """The files of a folder and its sub-folders that have a known ending, in the order of their names.

    Hidden ones are passed over, and so are links to folders, links that lead out of `root`, and XML that is
    neither a feed nor a page. If `root` is not a folder it is yielded as it is, for `read` to judge. A
    sub-folder that cannot be listed goes to `on_failure`; without it, SourceError is raised after all files
    have been yielded.
    """
    root = Path(root)
    if not root.is_dir():
        yield root
        return
    real_root = os.path.realpath(root)
    failures = Failures(on_failure)
    waiting = [root]  # a stack, not recursion: folders can be nested deeper than Python can call
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"cannot be listed: {(error.strerror or str(error)).lower()}"
            failures.add(Failure(Origin.of_file(folder).source, reason))
            continue
        visible = [entry for entry in entries if not entry.name.startswith(".")]
        folders = [Path(entry.path) for entry in visible if entry.is_dir(follow_symlinks=False)]
        waiting.extend(reversed(folders))
        yield from (Path(entry.path) for entry in visible if _is_article_file(entry, real_root))
    failures.settle()


def _is_article_file(entry: os.DirEntry[str], real_root: str) -> bool:
    """Whether `entry` is to be read; what has the ending and is no file is, too, to be refused there."""
    if ending(entry.name) not in ENDINGS or os.path.isdir(entry.path):  # is_dir() of a loop raises
        return False
    if entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(real_root):
        return False
    return ending(entry.name) != _XML or not is_other_xml(head_of(Path(entry.path)))

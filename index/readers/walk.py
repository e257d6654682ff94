"""Finding the files to read below a folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from ..types import Failure
from .content import head_of
from .failures import Failures
from .origin import Origin, ending
from .patterns import Choice
from .sniff import is_other_xml

_XML = ".xml"


def files(
    root: str | Path,
    *,
    choice: Choice | None = None,
    on_failure: Callable[[Failure], None] | None = None,
) -> Iterator[Path]:
    """The files of a folder and its sub-folders that `choice` takes, in the order of their names; without
    it, those that have a known ending.

    Hidden ones are passed over, and so are links to folders, links that lead out of `root`, and XML that is
    neither a feed nor a page. If `root` is not a folder it is yielded as it is, for `read` to judge. A
    sub-folder that is left out is not opened; one that cannot be listed goes to `on_failure`; without it,
    SourceError is raised after all files have been yielded.
    """
    root = Path(root)
    if not root.is_dir():
        yield root
        return
    real_root = os.path.realpath(root)
    choice = choice or Choice()
    failures = Failures(on_failure)
    # A stack, not recursion: folders can be nested deeper than Python can call.
    waiting: list[tuple[Path, tuple[str, ...]]] = [(root, ())]
    while waiting:
        folder, names = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            reason = f"cannot be listed: {(error.strerror or str(error)).lower()}"
            failures.add(Failure(Origin.of_file(folder).source, reason))
            continue
        visible = [entry for entry in entries if not entry.name.startswith(".")]
        meant = [entry for entry in visible if not choice.leaves_out((*names, entry.name), _is_folder(entry))]
        folders = [(Path(entry.path), (*names, entry.name)) for entry in meant if _is_folder(entry)]
        waiting.extend(reversed(folders))
        yield from (
            Path(entry.path)
            for entry in meant
            if choice.takes((*names, entry.name)) and _is_article_file(entry, real_root)
        )
    failures.settle()


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _is_article_file(entry: os.DirEntry[str], real_root: str) -> bool:
    """Whether it is to be read; what is no file at all is, too, to be refused there."""
    if os.path.isdir(entry.path):  # is_dir() of a loop raises
        return False
    if entry.is_symlink() and not Path(os.path.realpath(entry.path)).is_relative_to(real_root):
        return False
    return ending(entry.name) != _XML or not is_other_xml(head_of(Path(entry.path)))

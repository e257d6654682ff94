"""Taking articles out of a library without touching anybody's files."""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from .catalog import Catalog, Entry
from .embed import Encoder
from .errors import ArticleNotFound, LibraryNotFound
from .generation import CATALOG
from .library import Library
from .pages import is_web
from .piped import PIPE, STANDARD_INPUT
from .pipeline import begun, finish, newest, plan_as_made
from .progress import Progress
from .settings import default_library


def remove(
    targets: Sequence[str],
    *,
    library: str | Path | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> list[str]:
    """Takes out the articles of these ids, files, folders or pages, or those that were piped (`-`); the ids
    that went.

    What was given to a build is forgotten as such. What is removed from below a root that stays is left out
    by later builds, until its file or page is named to one. ArticleNotFound where a target is nothing that
    is in the library; then nothing is done.
    """
    home = Library(library or default_library())
    with home.locked(), ExitStack() as stack:
        base = newest(home)
        if base is None:
            raise LibraryNotFound(
                f"There is no library at {home.path}.", f"Make one with: {home.build_command} FOLDER"
            )
        catalog = stack.enter_context(closing(Catalog.open(base / CATALOG)))
        roots = catalog.roots()
        chosen = {entry.id: entry for target in targets for entry in _meant(target, catalog.entries(), roots)}
        named = {place for target in targets for place in (target, str(_absolute(target)))}
        forgotten = named.intersection(roots)
        plan = plan_as_made(home, base, encoder, progress)
        making = stack.enter_context(begun(plan, base, catalog))
        draft = making.draft
        for root in forgotten:
            draft.catalog.forget_root(root)
        kept_roots = [Path(root) for root in roots if root not in forgotten]
        for entry in chosen.values():
            draft.remove(entry.id)
            listed = is_web(entry.source) and entry.root != entry.source and entry.root not in forgotten
            if listed or any(
                root in Path(entry.source).parents or root == Path(entry.source) for root in kept_roots
            ):
                draft.catalog.exclude(entry.source, entry.key)
            else:
                draft.catalog.set_source(entry.source, entry.root, None)
        finish(making)
    return sorted(chosen)


def _meant(target: str, entries: Sequence[Entry], roots: Sequence[str]) -> list[Entry]:
    """The articles of that id, or from that file, or from below that folder."""
    if target == PIPE:
        target = STANDARD_INPUT
    place = _absolute(target)
    found = [
        entry
        for entry in entries
        if target in (entry.id, entry.source, entry.root)
        or Path(entry.source) == place
        or place in Path(entry.source).parents
    ]
    if not found and not {target, str(place)} & {*roots}:
        raise ArticleNotFound(
            f"There is no article, file or folder {target!r} in this library.",
            "See what there is with: byline index list",
        )
    return found


def _absolute(target: str) -> Path:
    return Path(target).expanduser().absolute()

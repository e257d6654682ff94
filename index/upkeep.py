"""Looking after a library: checking it whole, and clearing away what it no longer needs."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .cache import EmbeddingCache
from .catalog import Catalog
from .embed import Encoder
from .errors import LibraryDamaged
from .generation import CATALOG, Manifest
from .library import Library
from .pipeline import begun, finish, newest, plan_as_made
from .seal import check_apart
from .settings import default_library
from .space import folder_bytes


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found whole: the generation that serves, and how much is in it."""

    generation: str
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was cleared away: generations, vectors in the cache, bytes on disk."""

    generations: int
    vectors: int
    bytes: int


def verify(library: str | Path | None = None) -> Verified:
    """Reads every file of the current generation against its checksum, and has a child process compare
    the stores passage by passage. LibraryDamaged with the first thing that is wrong."""
    home = Library(library or default_library())
    name = home.candidates()[0]
    current = home.current()
    if current is not None and name != current:
        raise LibraryDamaged(
            f"The library at {home.path} points to generation {current!r}, which is not whole.",
            f"Rebuild it with: {home.build_command}",
        )
    folder = home.generations / name
    with home.lease(name):
        try:
            manifest = Manifest.read(folder)
            manifest.check(folder)
            check_apart(folder)
        except LibraryDamaged as error:
            raise LibraryDamaged(error.what, f"Rebuild it with: {home.build_command}") from error
    return Verified(name, manifest.articles, manifest.passages)


def prune(library: str | Path | None = None, *, encoder: Encoder | None = None) -> Pruned:
    """Removes every generation but the current one (those being read stay), the exports of encoders that
    made none of these, and the cached vectors of passages that are no longer there. Where anything was
    removed since the stores were made, they are made anew from the articles, so that no word of it is left.
    Nothing is encoded."""
    home = Library(library or default_library())
    home.candidates()
    with home.locked():
        before = folder_bytes(home.path)
        folder = newest(home)
        if folder is None:
            raise LibraryDamaged(
                f"The library at {home.path} is damaged.", f"Rebuild it with: {home.build_command}"
            )
        if Manifest.read(folder).removed:
            folder = _made_anew(home, folder, encoder)
        if home.current() != folder.name:
            home.publish(folder.name)  # what CURRENT names is damaged
        generations = home.sweep(previous=0)
        home.sweep_encoders()
        with (
            closing(Catalog.open(folder / CATALOG)) as catalog,
            closing(EmbeddingCache(home.cache)) as cache,
        ):
            vectors = cache.keep_only({key for _, key in catalog.keys_between(0, catalog.last_passage_id())})
        return Pruned(generations, vectors, max(0, before - folder_bytes(home.path)))


def _made_anew(home: Library, base: Path, encoder: Encoder | None) -> Path:
    """The same articles in stores that never held any others."""
    plan = plan_as_made(home, base, encoder)
    with closing(Catalog.open(base / CATALOG)) as catalog, begun(plan, base, catalog, anew=True) as making:
        finish(making)
        return making.draft.folder

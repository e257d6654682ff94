"""The write path on one screen: read, split, embed, store, seal, swap."""

import os
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .cache import EmbeddingCache
from .catalog import Catalog
from .draft import Draft
from .embed import Encoder, open_encoder
from .encode import encode_new
from .errors import LibraryError, NothingToIndex
from .fetch import Fetcher
from .generation import CATALOG, Made, Manifest, checksums, sync_tree
from .library import Library
from .pages import is_web
from .progress import NoProgress, Progress
from .seal import check_apart
from .settings import IndexSettings, default_library, load
from .space import folder_bytes, require
from .survey import Change, Kind, Survey
from .tokens import encodable
from .types import Report


def build(
    paths: str | Path | Iterable[str | Path] = (),
    *,
    library: str | Path | None = None,
    settings: IndexSettings | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    fetcher: Fetcher | None = None,
) -> Report:
    """Brings the library in step with the articles at `paths`, or at the roots given before.

    A path is a file, a folder, or an address of the web, which `fetcher` opens. `library` defaults to the
    person's own. With `dry_run` nothing is written, and the report says what would be. LibraryError where
    the library cannot be written or sealed, NothingToIndex where there is nothing to read; the generation
    that serves is never touched.
    """
    began = time.monotonic()
    settings = settings or load(IndexSettings, "index")
    home = Library(library or default_library())
    tally: Counter[Kind] = Counter()
    encoded = 0
    with nullcontext() if dry_run else home.locked(), ExitStack() as stack:
        if not dry_run:
            home.sweep()
        encoder = encoder or open_encoder(settings.encoder, settings.threads)
        plan = Plan(home, encoder, Made.by(encoder, settings), progress or NoProgress())
        base = newest(home)
        catalog = stack.enter_context(closing(Catalog.open(base / CATALOG))) if base else None
        remade = _why_anew(plan, base)
        roots = _roots(paths, catalog, home)
        survey = Survey(catalog, roots, reading=plan.progress.reading, fetcher=fetcher or Fetcher())
        draft: Draft | None = None
        plan.progress.step("read")
        for change in survey.changes():
            tally[change.kind] += 1
            if change.writes and not dry_run:
                draft = draft or stack.enter_context(begun(plan, base, catalog))
                _apply(draft, change)
        if catalog is None and not tally:
            raise _nothing(survey)
        if draft is None and not dry_run and (remade or _new_roots(survey, catalog)):
            draft = stack.enter_context(begun(plan, base, catalog))
        counts = catalog.counts() if catalog else (0, 0)
        if draft is not None:
            draft.record(survey.roots_met, survey.digests)
            counts = draft.catalog.counts()
            encoded = finish(plan, draft)
        elif base is not None and not dry_run and home.current() != base.name:
            home.publish(base.name)  # what CURRENT names is damaged
    return Report(
        **{kind.value: tally[kind] for kind in Kind},
        failed=len(survey.failures),
        failures=tuple(survey.failures),
        articles=counts[0],
        passages=counts[1],
        encoded=encoded,
        seconds=time.monotonic() - began,
        remade=remade,
    )


@dataclass(frozen=True)
class Plan:
    """What every step of one build needs; `made` is how the index is to be."""

    home: Library
    encoder: Encoder
    made: Made
    progress: Progress


def plan_as_made(
    home: Library, base: Path, encoder: Encoder | None = None, progress: Progress | None = None
) -> Plan:
    """A plan that changes nothing of how the generation at `base` was made."""
    made = Manifest.read(base).made
    encoder = encoder or open_encoder(made.encoder)
    settings = IndexSettings(encoder=made.encoder, passage_tokens=made.passage_tokens)
    return Plan(home, encoder, Made.by(encoder, settings), progress or NoProgress())


@contextmanager
def begun(plan: Plan, base: Path | None, catalog: Catalog | None, *, anew: bool = False) -> Iterator[Draft]:
    """A draft that holds what `base` holds, copied, or made anew from its articles; what is left of it
    goes when the build fails."""
    plan.progress.step("draft")
    if base is not None:
        require(plan.home.path, folder_bytes(base))
    folder = plan.home.draft()
    remade = anew or bool(_why_anew(plan, base))
    try:
        draft = Draft(folder, None if remade else base, plan.made, plan.encoder.pieces)
        try:
            if catalog is not None and remade:
                _remake(draft, catalog)
            yield draft
        except BaseException:
            draft.discard()
            raise
    except BaseException:
        if plan.home.current() != folder.name:  # interrupted when it serves already
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _remake(draft: Draft, catalog: Catalog) -> None:
    """Cuts every article of an index anew that another encoder, chunker or version made."""
    for entry in catalog.entries():
        article = catalog.article(entry.id)
        if article is not None:
            draft.put(article, entry.key, entry.root)
            draft.catalog.mark_stale(entry.id, bool(entry.stale))
    for source, keys in catalog.excluded().items():
        for key in keys:
            draft.catalog.exclude(source, key)
    draft.catalog.set_roots(catalog.roots())
    draft.record([], catalog.source_records())


def _apply(draft: Draft, change: Change) -> None:
    """One change of one article, made in the draft."""
    if change.kind is Kind.REMOVED:
        draft.remove(change.id)
    elif change.kind is Kind.STALE:
        draft.catalog.mark_stale(change.id, True)
    elif change.article is None:
        draft.catalog.move(change.id, change.key, change.source, change.root)
    else:
        draft.put(change.article, change.key, change.root)


def finish(plan: Plan, draft: Draft) -> int:
    """Encodes, closes, checks, seals, and lets the draft serve; how many passages were encoded."""
    step = plan.progress.step
    step("copies")
    draft.settle()
    step("clone")
    draft.open_vectors()
    step("encode")
    with closing(EmbeddingCache(plan.home.cache)) as cache:
        encoded, precision = encode_new(draft, plan.encoder, cache, plan.progress)
    step("close")
    articles, passages = draft.catalog.counts()
    dead = draft.close()
    step("check")
    check_apart(draft.folder)
    step("sync")
    sync_tree(draft.folder)
    step("seal")
    Manifest(
        made=plan.made,
        byline=version("byline"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        precision=precision,
        articles=articles,
        passages=passages,
        dead=dead,
        removed=draft.removed,
        files=checksums(draft.folder),
    ).write(draft.folder)
    step("swap")
    plan.home.publish(draft.folder.name)
    step("done")
    return encoded


def _why_anew(plan: Plan, base: Path | None) -> str:
    """Why all has to be made anew, as `Made.differs` says it; an empty string where it has not."""
    if base is None:
        return "no generation of before could be used" if plan.home.sealed() else ""
    return plan.made.differs(Manifest.read(base).made)


def newest(home: Library) -> Path | None:
    """The generation to begin from: the best that is whole, or None where a library has none."""
    try:
        candidates = home.candidates()
    except LibraryError:
        return None
    for name in candidates:
        folder = home.generations / name
        try:
            Manifest.read(folder).check(folder)
        except LibraryError:
            continue
        return folder
    return None


def _roots(paths: str | Path | Iterable[str | Path], catalog: Catalog | None, home: Library) -> list[str]:
    """The roots, absolute: those given, else those remembered, if only by a damaged generation."""
    given = [str(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    for path in given:
        if encodable(path) != path:
            raise NothingToIndex(f"The name of {encodable(path)} is not text.", "Rename it.")
    if given:
        return list(dict.fromkeys(path if is_web(path) else _absolute(path) for path in given))
    remembered = catalog.roots() if catalog else _last_known_roots(home)
    if not remembered:
        raise NothingToIndex(
            "No articles were named.", "Name a file, a folder or a page: byline index build PATH"
        )
    there = [Path(root) for root in remembered if is_web(root) or os.path.exists(root)]
    # One that is gone from below another that is there went with its folder.
    return [
        root
        for root in remembered
        if Path(root) in there or not any(other in Path(root).parents for other in there)
    ]


def _absolute(path: str) -> str:
    return os.path.abspath(Path(path).expanduser())


def _last_known_roots(home: Library) -> list[str]:
    for name in home.sealed():
        try:
            with closing(Catalog.open(home.generations / name / CATALOG)) as catalog:
                return catalog.roots()
        except sqlite3.Error:
            continue
    return []


def _new_roots(survey: Survey, catalog: Catalog | None) -> bool:
    """Whether there are roots to remember, though nothing in them has to be written."""
    known = catalog.roots() if catalog else []
    return any(root not in known for root in survey.roots_met)


def _nothing(survey: Survey) -> NothingToIndex:
    failures = tuple(survey.failures)
    if len(failures) == 1:
        what = f"{failures[0].source}: {failures[0].reason}."
    else:
        what = f"No article could be read from {', '.join(map(str, survey.roots))}."
    if len(failures) == 1 and is_web(failures[0].source):
        return NothingToIndex(what, "", failures)
    return NothingToIndex(
        what,
        "Name a file or folder of articles (.txt, .md, .html, .pdf, …) or a page: byline index build PATH",
        failures,
    )

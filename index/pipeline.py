"""The write path on one screen: read, split, embed, store, seal, swap."""

import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .ahead import ahead
from .cache import EmbeddingCache
from .catalog import Catalog
from .draft import Draft
from .embed import Encoder, open_encoder
from .encode import Encoding
from .errors import LibraryError, NothingToIndex
from .exported import find, light
from .failed import remember
from .fetch import Fetcher
from .generation import CATALOG, Made, Manifest, checksums, sync_tree
from .library import Library
from .memory import give_back
from .pages import is_web
from .piped import PIPE_SOMETHING, STANDARD_INPUT
from .progress import NoProgress, Progress
from .readers.patterns import Patterns
from .roots import given, remembered
from .seal import check_apart
from .settings import IndexSettings, default_library, load
from .space import folder_bytes, require
from .survey import Change, Kind, Survey
from .types import Article, Report

CHANGES_AHEAD = 16
"""Articles that are read while the one before them is cut and stored."""


def build(
    paths: str | Path | Iterable[str | Path] = (),
    *,
    include: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    library: str | Path | None = None,
    settings: IndexSettings | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    fetcher: Fetcher | None = None,
) -> Report:
    """Brings the library in step with the articles at `paths`, or at the roots given before.

    A path is a file, a folder, an address of the web, which `fetcher` opens, or `-` for standard input.
    `include` and `exclude` choose the files of folders (see `readers.patterns`) and take the place of what
    those had before. `library` defaults to the person's own. With `dry_run` nothing is written, and the
    report says what would be. LibraryError where the library cannot be written or sealed, NothingToIndex
    where there is nothing to read; the generation that serves is never touched.
    """
    began = time.monotonic()
    settings = settings or load(IndexSettings, "index")
    home = Library(library or default_library())
    named = given(paths, include, exclude)
    tally: Counter[Kind] = Counter()
    encoded, slow = 0, ""
    progress = progress or NoProgress()
    with nullcontext() if dry_run else home.locked(), ExitStack() as stack:
        encoder = encoder or open_encoder(settings.encoder, settings.threads)
        if dry_run:
            encoder = find(home.encoders, encoder.fingerprint) or encoder
        else:
            home.sweep()
            home.sweep_encoders(used=encoder.fingerprint)
            encoder, slow = light(encoder, home.encoders, progress)
        plan = Plan(home, encoder, Made.by(encoder, settings), progress)
        base = newest(home)
        catalog = stack.enter_context(closing(Catalog.open(base / CATALOG))) if base else None
        remade = _why_anew(plan, base)
        roots = named if named.patterns or named.piped else remembered(catalog, home)
        survey = Survey(catalog, roots, reading=plan.progress.reading, fetcher=fetcher or Fetcher())
        making: Making | None = None
        plan.progress.step("read")
        with closing(ahead(survey.changes(), CHANGES_AHEAD)) as changes:
            for change in changes:
                tally[change.kind] += 1
                if change.writes and not dry_run:
                    making = making or stack.enter_context(begun(plan, base, catalog))
                    _apply(making, change)
        if not dry_run:
            remember(home, roots.patterns, survey.failures, all=roots is not named)
        if catalog is None and not tally:
            raise _nothing(survey)
        if making is None and not dry_run and (remade or survey.learned or _other_roots(survey, catalog)):
            making = stack.enter_context(begun(plan, base, catalog))
        counts = catalog.counts() if catalog else (0, 0)
        if making is not None:
            making.draft.record(survey.met, survey.digests)
            counts = making.draft.catalog.counts()
            encoded = finish(making)
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
        notes=(*map(_unmatched_note, survey.unmatched()), *filter(None, [slow])),
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
    encoder = encoder or find(home.encoders, made.encoder_fingerprint) or open_encoder(made.encoder)
    settings = IndexSettings(encoder=made.encoder, passage_tokens=made.passage_tokens)
    return Plan(home, encoder, Made.by(encoder, settings), progress or NoProgress())


@dataclass(frozen=True)
class Making:
    """A generation that is being made."""

    plan: Plan
    draft: Draft
    encoding: Encoding

    def put(self, article: Article, key: str, root: str) -> None:
        """An article that is new or changed; its passages may be encoded from now on."""
        self.draft.put(article, key, root)
        self.encoding.offer()


@contextmanager
def begun(plan: Plan, base: Path | None, catalog: Catalog | None, *, anew: bool = False) -> Iterator[Making]:
    """A draft that holds what `base` holds, copied, or made anew from its articles; what is left of it
    goes when the build fails."""
    plan.progress.step("draft")
    if base is not None:
        require(plan.home.path, folder_bytes(base))
    folder = plan.home.draft()
    remade = anew or bool(_why_anew(plan, base))
    try:
        draft = Draft(folder, None if remade else base, plan.made, plan.encoder.pieces)
        with closing(EmbeddingCache(plan.home.cache)) as cache:
            making = Making(plan, draft, Encoding(draft, plan.encoder, cache, plan.progress))
            try:
                if catalog is not None and remade:
                    _remake(making, catalog)
                yield making
            except BaseException:
                making.encoding.stop()
                draft.discard()
                raise
    except BaseException:
        if plan.home.current() != folder.name:  # interrupted when it serves already
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _remake(making: Making, catalog: Catalog) -> None:
    """Cuts every article of an index anew that another encoder, chunker or version made."""
    draft = making.draft
    for entry in catalog.entries():
        article = catalog.article(entry.id)
        if article is not None:
            making.put(article, entry.key, entry.root)
            draft.catalog.mark_stale(entry.id, bool(entry.stale))
    for source, keys in catalog.excluded().items():
        for key in keys:
            draft.catalog.exclude(source, key)
    patterns = catalog.patterns()
    draft.record({root: patterns.get(root, Patterns()) for root in catalog.roots()}, catalog.source_records())


def _apply(making: Making, change: Change) -> None:
    """One change of one article, made in the draft."""
    draft = making.draft
    if change.kind is Kind.REMOVED:
        draft.remove(change.id)
    elif change.kind is Kind.STALE:
        draft.catalog.mark_stale(change.id, True)
    elif change.article is None:
        draft.catalog.move(change.id, change.key, change.source, change.root)
    else:
        making.put(change.article, change.key, change.root)


def finish(making: Making) -> int:
    """Encodes, closes, checks, seals, and lets the draft serve; how many passages were encoded."""
    plan, draft = making.plan, making.draft
    step = plan.progress.step
    step("copies")
    draft.settle()
    step("encode")
    encoded, precision = making.encoding.finish()
    step("close")
    articles, passages = draft.catalog.counts()
    dead = draft.close()
    give_back()  # the check opens all stores once more, in its own process
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


def _other_roots(survey: Survey, catalog: Catalog | None) -> bool:
    """Whether there are roots or patterns to remember, though nothing in them has to be written."""
    roots, patterns = (catalog.roots(), catalog.patterns()) if catalog else ([], {})
    return any(
        root not in roots or given != patterns.get(root, Patterns()) for root, given in survey.met.items()
    )


def _unmatched_note(pattern: str) -> str:
    return f"The pattern {pattern!r} matched nothing: it is for names, or for paths below the folder."


def _nothing(survey: Survey) -> NothingToIndex:
    failures = tuple(survey.failures)
    named = [*survey.roots.patterns, *([survey.roots.piped.name] if survey.roots.piped else [])]
    if len(failures) == 1:
        what = f"{failures[0].source}: {failures[0].reason}."
    else:
        what = f"No article could be read from {', '.join(named)}."
    what = " ".join([what, *map(_unmatched_note, survey.unmatched())])
    if len(failures) == 1 and is_web(failures[0].source):
        return NothingToIndex(what, "", failures)
    if len(failures) == 1 and failures[0].source == STANDARD_INPUT:
        return NothingToIndex(what, PIPE_SOMETHING, failures)
    return NothingToIndex(
        what,
        "Name a file or folder of articles (.txt, .md, .html, .pdf, …) or a page: byline index build PATH",
        failures,
    )

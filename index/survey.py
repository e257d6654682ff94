"""What differs between the sources and the index: the changes that a build has to make, one at a time.

A source whose bytes are what they were is not parsed. An article keeps its id as long as it can be
recognised: by its source and the key it has there, or, where its source is gone, by its text.
"""

import os
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from .catalog import Catalog, Entry, fingerprint, text_digest
from .errors import SourceError
from .fetch import Fetcher
from .lists import found_at
from .pages import is_web
from .readers import files
from .readers.apart import dismiss
from .readers.patterns import Choice, Patterns
from .roots import Roots
from .sources import FileSource, Source
from .types import Article, Failure
from .web.location import shown


class Kind(Enum):
    """What happened to an article. The values are the fields of `Report`."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Change:
    """One article's change. `article` is there when it has to be written, with the id it will have."""

    kind: Kind
    id: str
    key: str = ""
    source: str = ""
    root: str = ""
    article: Article | None = None
    recorded: bool = False

    @property
    def writes(self) -> bool:
        """Whether the index has to be written for it; not for what it says already."""
        return self.kind is not Kind.UNCHANGED and not self.recorded


@dataclass
class Survey:
    """Compares the sources below `roots` with `catalog` (None: nothing is indexed). What a feed or sitemap
    no longer lists stays: it may show only what is new.

    `met` (the roots that are there, with their patterns), `failures` and `digests` (source -> (root, digest);
    None where it was not read whole) fill up while `changes` is read; `learned` says whether a feed's digest
    is worth remembering by itself, because all its pages would be asked for again without it. `reading` is
    told the name of each source before it is opened.
    """

    catalog: Catalog | None
    roots: Roots
    reading: Callable[[str], None] = lambda name: None
    failures: list[Failure] = field(default_factory=list)
    digests: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    met: dict[str, Patterns] = field(default_factory=dict)
    learned: bool = False
    fetcher: Fetcher = field(default_factory=Fetcher)

    def __post_init__(self) -> None:
        entries = self.catalog.entries() if self.catalog else []
        self._taken = {entry.id for entry in entries}
        self._by_source: dict[str, dict[str, Entry]] = {}
        for entry in entries:
            self._by_source.setdefault(entry.source, {})[entry.key] = entry
        self._known_digests = self.catalog.sources() if self.catalog else {}
        self._excluded = self.catalog.excluded() if self.catalog else {}
        self._roots_known = self.catalog.roots() if self.catalog else []
        self._patterns_known = self.catalog.patterns() if self.catalog else {}
        self._choices = {root: Choice(patterns) for root, patterns in self.roots.patterns.items()}

    def changes(self) -> Iterator[Change]:
        """Each article once, unchanged ones included; those that are gone come last."""
        try:
            yield from self._changes()
        finally:
            dismiss()

    def _changes(self) -> Iterator[Change]:
        present: dict[str, Source] = {}
        for found in self._files():
            known = present.setdefault(found.name, found)
            if isinstance(known, FileSource) and known.path != found.path:
                self.failures.append(Failure(found.name, "has a name that is not text; rename it"))
        unreadable = [Path(failure.source) for failure in self.failures]
        gone, stale = self._not_present(present, unreadable)
        lost = _Lost(gone)
        for source in present.values():
            yield from self._compare(source, lost)
        lists: set[str] = set()
        for root in self.roots.patterns:
            if is_web(root):
                yield from self._at(root, present, lists, lost)
        yield from self._kept(present, lists)
        if self.roots.piped:
            yield from self._compare(self.roots.piped, lost)
        for entry in lost.remaining():
            self.digests[entry.source] = (entry.root, None)
            yield Change(Kind.REMOVED, entry.id)
        for entry in stale:
            yield _stale(entry)

    def unmatched(self) -> list[str]:
        """The patterns that matched nothing below any root that is there, unless it had the same before."""
        known = self._patterns_known
        new = {root: given for root, given in self.met.items() if given != known.get(root)}
        patterns = [pattern for given in new.values() for pattern in (*given.include, *given.exclude)]
        matched = {pattern for root in new for pattern in self._choices[root].matched}
        return [pattern for pattern in dict.fromkeys(patterns) if pattern not in matched]

    def _files(self) -> Iterator[FileSource]:
        for root in self._folders():
            if os.path.lexists(root):
                self.met[str(root)] = self.roots.patterns[str(root)]
                for path in files(root, choice=self._choices[str(root)], on_failure=self.failures.append):
                    yield FileSource(path, root)
            else:
                self.failures.append(Failure(str(root), "does not exist"))

    def _folders(self) -> list[Path]:
        return [Path(root) for root in self.roots.patterns if not is_web(root)]

    def _at(self, url: str, present: dict[str, Source], lists: set[str], lost: "_Lost") -> Iterator[Change]:
        """The changes of the page at an address, or of those that it lists if it is one of the `lists`."""
        failed_before = len(self.failures)
        self.reading(shown(url))
        known = self._known_digests.get(url) if url in self._roots_known else None
        found = found_at(url, self.fetcher, known, self.failures.append)
        for source in found.sources:
            if source.name not in present:
                present[source.name] = source
                yield from self._compare(source, lost)
        whole = len(self.failures) == failed_before
        if whole or found.listed or url in self._by_source:
            self.met[url] = self.roots.patterns[url]
        if found.listed:
            lists.add(url)
            self.learned |= whole and found.digest not in (None, known)
            self.digests[url] = (url, found.digest if whole else None)

    def _kept(self, present: Container[str], lists: Container[str]) -> Iterator[Change]:
        """The articles of feeds and sitemaps which these list no longer, or need not be asked for."""
        for source, entries in self._by_source.items():
            for entry in entries.values():
                if entry.root in lists and source not in present:
                    yield _stale(entry) if entry.stale else Change(Kind.UNCHANGED, entry.id)

    def _not_present(
        self, present: Container[str], unreadable: Sequence[Path]
    ) -> tuple[list[Entry], list[Entry]]:
        """The indexed articles below the roots whose source was not met: (gone, could not be looked for)."""
        gone: list[Entry] = []
        stale: list[Entry] = []
        folders = self._folders()
        for source, entries in self._by_source.items():
            if source in present or not any(_within(source, root) for root in folders):
                continue
            if self._is_others(source):
                continue
            hidden = any(_within(source, place) for place in unreadable)
            (stale if hidden else gone).extend(entries.values())
        return gone, stale

    def _is_others(self, source: str) -> bool:
        """Whether a file is there, and read for a root that is none of these."""
        others = [root for root in self._roots_known if root not in self.roots.patterns and not is_web(root)]
        return os.path.lexists(source) and any(
            source == root
            or (
                _within(source, Path(root))
                and Choice(self._patterns_known.get(root, Patterns())).admits(
                    Path(source).relative_to(root).parts
                )
            )
            for root in others
        )

    def _compare(self, source: Source, lost: "_Lost") -> Iterator[Change]:
        """The changes of one source. Its keys stay relative to the root that it was first found under."""
        known = self._by_source.get(source.name, {})
        excluded = set() if source.named else self._excluded.get(source.name, set())
        wanted_back = source.named and source.name in self._excluded
        root = next((entry.root for entry in known.values()), source.root)
        self.reading(source.name)
        before = self._known_digests.get(source.name)
        digest = source.digest(before)
        stale = any(entry.stale for entry in known.values())
        unchanged = digest is not None and before == digest
        if unchanged and not stale and not wanted_back:
            yield from (Change(Kind.UNCHANGED, entry.id) for entry in known.values())
            return
        failed_before = len(self.failures)
        seen: set[str] = set()
        try:
            for article in source.articles(root, self.failures.append):
                key = _unique(article.id, seen)
                seen.add(key)
                if key in excluded:
                    continue
                yield self._change(article, key, known.get(key), root, lost)
        except SourceError as error:
            self.failures.append(Failure(error.source, error.reason))
        whole = len(self.failures) == failed_before
        self.digests[source.name] = (root, digest if whole else None)
        for key, entry in known.items():
            if key not in seen and not source.lasting:
                yield Change(Kind.REMOVED, entry.id) if whole else _stale(entry)

    def _change(self, article: Article, key: str, entry: Entry | None, root: str, lost: "_Lost") -> Change:
        """What one article that was read means for the index."""
        if entry is not None:
            same = entry.fingerprint == fingerprint(article) and not entry.stale
            kind = Kind.UNCHANGED if same else Kind.CHANGED
        elif (entry := lost.claim(article, key)) is not None:
            kind = Kind.MOVED
        else:
            id = _unique(key, self._taken)
            self._taken.add(id)
            return Change(Kind.ADDED, id, key, article.source, root, replace(article, id=id))
        same = entry.fingerprint == fingerprint(article)
        written = None if same else replace(article, id=entry.id)
        return Change(kind, entry.id, key, article.source, root, written)


class _Lost:
    """The articles whose source is gone, to be claimed by those that turn up elsewhere."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._left = {entry.id: entry for entry in entries}
        self._by_text: dict[str, list[Entry]] = {}
        self._by_key: dict[str, list[Entry]] = {}
        for entry in entries:
            self._by_text.setdefault(entry.text_digest, []).append(entry)
            self._by_key.setdefault(entry.key, []).append(entry)

    def claim(self, article: Article, key: str) -> Entry | None:
        """The lost article that this one is: the same text, or else the same key."""
        same_text = self._by_text.get(text_digest(article.text), [])
        for found in (*same_text, *self._by_key.get(key, [])):
            if found.id in self._left:
                return self._left.pop(found.id)
        return None

    def remaining(self) -> list[Entry]:
        return list(self._left.values())


def _stale(entry: Entry) -> Change:
    return Change(Kind.STALE, entry.id, recorded=bool(entry.stale))


def _unique(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted~2`, `wanted~3` … where it is taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}~{number}"
    return name


def _within(source: str, root: Path) -> bool:
    return Path(source) == root or root in Path(source).parents

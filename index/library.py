"""A library's folder: the generations in it, the pointer to the one that serves, and the lock.

    CURRENT   lock   embeddings.db   generations/<name>/   encoders/<hash>/   readers/<generation>.<pid>.<n>

CURRENT is replaced by `os.replace`, so whoever reads it sees the old name or the new one. A reader
holds a lease, a locked file that names its generation, so that the folder is not taken from under it;
the lease of a process that died is free again by itself.
"""

import itertools
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from .errors import LibraryBusy, LibraryDamaged, LibraryError, LibraryNotFound, LibraryUnwritable
from .exported import folder_name
from .generation import MANIFEST, Manifest, sync
from .space import size

_lease_numbers = itertools.count()
_FULL = "disk is full|no space left|disk i/o error"
"""The last is what SQLite says where a file beside its database finds no room."""
_DISK_SAYS_NO = re.compile(f"{_FULL}|readonly database", re.IGNORECASE)


class Library:
    """The layout at `path`. Making this object touches nothing."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path).expanduser().absolute()
        self.generations = self.path / "generations"
        self.encoders = self.path / "encoders"
        self.cache = self.path / "embeddings.db"
        self._pointer = self.path / "CURRENT"
        self._readers = self.path / "readers"

    # Reading

    def current(self) -> str | None:
        """The name that CURRENT holds; None where there is no pointer, or something else is in it."""
        try:
            name = self._pointer.read_bytes().decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise LibraryDamaged(
                f"{self._pointer} cannot be read: {error}.", f"Rebuild it with: {self.build_command}"
            ) from None
        return name if name.isdigit() else None

    def sealed(self) -> list[str]:
        """The names of the sealed generations, newest first."""
        try:
            names = [path.name for path in self.generations.iterdir() if (path / MANIFEST).is_file()]
        except OSError:
            return []
        return sorted(names, reverse=True)

    def candidates(self) -> list[str]:
        """The generations to try, best first: the current one, then older ones.

        LibraryNotFound where there is no library; LibraryDamaged where there is none to try.
        """
        current = self.current()
        sealed = self.sealed()
        if current is None and not sealed:
            raise LibraryNotFound(
                f"There is no library at {self.path}.", f"Make one with: {self.build_command} FOLDER"
            )
        first = [current] if current in sealed else []
        older = [name for name in sealed if current is None or name < current]
        if not first and not older:
            raise LibraryDamaged(
                f"The library at {self.path} has no generation that could be opened.",
                f"Rebuild it with: {self.build_command}",
            )
        return [name for name in first if name] + older

    @property
    def build_command(self) -> str:
        """The command that builds this library, to be named in errors."""
        return f"byline index build --library {self.path}"

    @contextmanager
    def lease(self, generation: str) -> Iterator[None]:
        """Keeps a generation from being removed. Where no lease can be written, nothing can be removed."""
        path = self._readers / f"{generation}.{os.getpid()}.{next(_lease_numbers)}"
        lock = FileLock(path, thread_local=False)  # whoever asks last closes, in whichever thread
        try:
            self._readers.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
        except (OSError, Timeout):
            yield
            return
        try:
            yield
        finally:
            lock.release()
            path.unlink(missing_ok=True)

    # Writing, under the lock

    @contextmanager
    def locked(self) -> Iterator[None]:
        """The right to write. LibraryBusy, naming the process that has it; LibraryUnwritable."""
        holder = self.path / "lock.holder"
        lock = FileLock(self.path / "lock")
        try:
            self.generations.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=0)
        except Timeout:
            raise LibraryBusy(
                f"Another build is writing to {self.path} (process {_pid(holder)}).",
                "Wait until it is done, or stop it.",
            ) from None
        except OSError as error:
            raise unwritable(self.path, error) from None
        try:
            holder.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
            yield
        except OSError as error:
            raise unwritable(self.path, error) from error
        except Exception as error:  # SQLite, Chroma and Tantivy have errors of their own for a full disk
            if _DISK_SAYS_NO.search(str(error)):
                raise unwritable(self.path, error) from error
            raise
        finally:
            holder.unlink(missing_ok=True)
            lock.release()

    def draft(self) -> Path:
        """A new, empty folder for the next generation, whose name sorts after all others."""
        taken = [int(path.name) for path in self.generations.iterdir() if path.name.isdigit()]
        folder = self.generations / f"{max(taken, default=0) + 1:06d}"
        folder.mkdir()
        return folder

    def publish(self, name: str) -> None:
        """Points CURRENT at a sealed generation, durably."""
        new = self._pointer.with_name("CURRENT.new")
        new.write_text(name + "\n", encoding="utf-8")
        sync(new)
        sync(self.generations)
        os.replace(new, self._pointer)
        sync(self.path)

    def sweep(self, *, previous: int = 1) -> int:
        """Removes what half-built drafts left, and the generations that are neither current, nor one of
        the `previous` before it, nor read by anybody; how many went."""
        current = self.current()
        older = [name for name in self.sealed() if current is None or name < current]
        kept = {current, *older[:previous]} | self._leased()
        gone = [folder for folder in self.generations.iterdir() if folder.name not in kept]
        for folder in gone:
            shutil.rmtree(folder, ignore_errors=True)
        return len(gone)

    def sweep_encoders(self, used: str = "") -> None:
        """Removes the exports that no generation was made with, nor has the fingerprint `used`, and what was
        left of others half-made."""
        kept = {folder_name(used)}
        for name in self.sealed():
            with suppress(LibraryError):
                made = Manifest.read(self.generations / name).made
                kept.add(folder_name(made.encoder_fingerprint))
        for folder in self.encoders.iterdir() if self.encoders.is_dir() else ():
            if folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _leased(self) -> set[str]:
        """The generations that a living process reads; the leases of dead ones are cleared away."""
        leased = set()
        for path in self._readers.glob("*") if self._readers.is_dir() else ():
            lock = FileLock(path)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                leased.add(path.name.partition(".")[0])
            else:
                lock.release()
                path.unlink(missing_ok=True)
        return leased


def unwritable(path: Path, error: Exception) -> LibraryUnwritable:
    """What a person is told when the disk says no."""
    place = getattr(error, "filename", None) or path
    full = re.search(_FULL, str(error), re.IGNORECASE) and path.is_dir()
    left = f" ({size(shutil.disk_usage(path).free)} left)" if full else ""
    return LibraryUnwritable(
        f"{place} cannot be written: {getattr(error, 'strerror', None) or error}{left}.",
        "Free some space, mend the permissions, or choose another folder with --library.",
    )


def _pid(holder: Path) -> str:
    try:
        return str(json.loads(holder.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return "unknown"

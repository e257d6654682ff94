"""Who may log in: `users.json` in the library's folder, which holds hashes only.

A password's hash is Argon2id's. A program's key has 256 random bits, so that SHA-256 is hash enough.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock

from index.errors import BylineError
from ui.passwords import hashed, matches

FILE = "users.json"
KEY = "byline_"
"""How a program's key begins, so that whoever finds one knows what it is."""

_NAME = re.compile(r"[^\W_][\w.@-]{0,63}")


class UsersError(BylineError):
    """The users' file cannot be used, or does not have who is asked for."""


@dataclass(frozen=True, slots=True)
class User:
    """`password` and `key` are hashes; without a key there is none for programs."""

    name: str
    password: str
    key: str = ""


class Users:
    """Those of a library. The file is looked at again whenever it has changed: whoever is removed is out."""

    def __init__(self, library: Path) -> None:
        self.path = library / FILE
        self._seen: tuple[int, ...] | None = None
        self._users: dict[str, User] = {}

    def __bool__(self) -> bool:
        return bool(self.all())

    def all(self) -> dict[str, User]:
        """By name. UsersError where the file is there and cannot be read."""
        try:
            state = self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise self._unreadable(error.strerror or "") from None
        seen = (state.st_mtime_ns, state.st_ino, state.st_size)
        if seen != self._seen:
            self._users = self._read()
            self._seen = seen
        return self._users

    def named(self, name: str) -> User | None:
        return self.all().get(_folded(name))

    def logged_in(self, name: str, password: str) -> User | None:
        """Whose name and password these are. It takes as long where there is no such name."""
        user = self.named(name)
        return user if matches(user.password if user else None, password) else None

    def of_key(self, key: str) -> User | None:
        """The user whose programs have that key."""
        given, found = _hash(key), None
        for user in self.all().values():
            if hmac.compare_digest(user.key, given):
                found = user
        return found

    def check_new(self, name: str) -> None:
        """UsersError where it cannot be the name of a new user."""
        if _checked(name) in self.all():
            raise UsersError(
                f"There is a user {_folded(name)!r} already.",
                f"For another password: byline user password {_folded(name)}",
            )

    def check_known(self, name: str) -> str:
        """The name as it is kept; UsersError where there is no such user."""
        return self._one_of(self.all(), name).name

    # Changing

    def add(self, name: str, password: str) -> str:
        """Their name as it is kept: without regard to upper and lower case."""
        with self._changed() as users:
            self.check_new(name)
            folded = _folded(name)
            users[folded] = User(folded, hashed(password))
        return folded

    def change_password(self, name: str, password: str) -> None:
        """Whoever is logged in as them is out."""
        with self._changed() as users:
            user = self._one_of(users, name)
            users[user.name] = replace(user, password=hashed(password))

    def remove(self, name: str) -> None:
        with self._changed() as users:
            del users[self._one_of(users, name).name]

    def new_key(self, name: str) -> str:
        """A key for their programs, which is kept nowhere; the one before it opens nothing any more."""
        key = KEY + secrets.token_urlsafe(32)
        with self._changed() as users:
            user = self._one_of(users, name)
            users[user.name] = replace(user, key=_hash(key))
        return key

    def revoke_key(self, name: str) -> None:
        with self._changed() as users:
            user = self._one_of(users, name)
            users[user.name] = replace(user, key="")

    def _one_of(self, users: dict[str, User], name: str) -> User:
        user = users.get(_folded(name))
        if user is None:
            raise UsersError(f"There is no user {name!r}.", "Those that there are: byline user list")
        return user

    def _read(self) -> dict[str, User]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))["users"]
            users = [User(**each) for each in kept]
            if not all(isinstance(value, str) for user in users for value in asdict(user).values()):
                raise TypeError
        except OSError as error:
            raise self._unreadable(error.strerror or "") from None
        except (ValueError, KeyError, TypeError):
            raise self._unreadable("it is not what `byline user` writes") from None
        return {user.name: user for user in users}

    def _unreadable(self, why: str) -> UsersError:
        return UsersError(
            f"{self.path} cannot be read: {why}.", "Mend it, or delete it and add its users again."
        )

    @contextmanager
    def _changed(self) -> Iterator[dict[str, User]]:
        """The users, to be changed; then they are written, unless something was raised."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), mode=0o600):
                users = dict(self.all())
                yield users
                self._write(users)
        except OSError as error:
            raise UsersError(f"{self.path} cannot be written: {error.strerror}.") from None

    def _write(self, users: dict[str, User]) -> None:
        """Whole or not at all, and for its owner's eyes only, from the first byte on."""
        content = json.dumps({"users": [asdict(user) for user in users.values()]}, indent=2)
        descriptor, unfinished = tempfile.mkstemp(dir=self.path.parent, prefix=".users-")  # with mode 0600
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(content + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, self.path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(unfinished)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _checked(name: str) -> str:
    folded = _folded(name)
    if not _NAME.fullmatch(folded):
        raise UsersError(
            f"{name!r} cannot be a name.",
            "It begins with a letter or digit, has 64 of these, dots, hyphens, underscores, @ at most.",
        )
    return folded


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()

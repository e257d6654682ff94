"""Passwords: hashed with Argon2id, and checked. The only importer of argon2."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from index.errors import BylineError

LEAST = 10
MOST = 1_000
"""Characters of a password: a hash takes time and memory for each."""

_HASHER = PasswordHasher()  # the second choice of RFC 9106, section 4: 3 passes over 64 MiB


def hashed(password: str) -> str:
    """The hash to keep, with its salt and its parameters; BylineError where a password is not fit for use."""
    if not LEAST <= len(password) <= MOST:
        raise BylineError(f"A password has {LEAST} to {MOST:,} characters; this one has {len(password):,}.")
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password of that hash. Without one, nothing is, after just as long a look."""
    try:
        _HASHER.verify(kept or _nobodys(), password[:MOST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None and len(password) <= MOST


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("of nobody")

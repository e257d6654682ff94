"""Everything that Byline raises on purpose.

    BylineError
    ├── SettingsError          a setting has a value that cannot be used
    ├── SourceError            one source cannot be read; the rest still can
    ├── NothingToIndex         a build was given nothing that could be read
    ├── EncoderError           the encoder's files are missing, changed, or not an encoder
    ├── LibraryError
    │   ├── LibraryNotFound    no library at that path
    │   ├── LibraryDamaged     there is one, and no generation of it can be trusted
    │   ├── LibraryMismatch    built by another encoder, chunker or version
    │   ├── LibraryBusy        another build holds the lock
    │   └── LibraryUnwritable  no space, no permission
    ├── ArticleNotFound        no article of that id in the library
    └── (qa.errors) QuestionError and what follows from it

A message says what happened, with which value, and how to mend it. The command line prints it as
it is, on one line, without a traceback.
"""

from .types import Failure


class BylineError(Exception):
    """The root. `str()` is one line for a person: what happened, then the remedy where there is one."""

    def __init__(self, what: str, remedy: str | None = None) -> None:
        self.what = what
        self.remedy = remedy
        super().__init__(f"{what} {remedy}" if remedy else what)


class SettingsError(BylineError):
    """A setting has a value that cannot be used."""


class SourceError(BylineError):
    """One source cannot be read; the rest still can."""

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source}: {reason}")


class NothingToIndex(BylineError):
    """A build was given nothing that could be read; `failures` say why, source by source."""

    def __init__(self, what: str, remedy: str, failures: tuple[Failure, ...] = ()) -> None:
        self.failures = failures
        super().__init__(what, remedy)


class EncoderError(BylineError):
    """The encoder's files are missing, changed, or not an encoder."""


class LibraryError(BylineError):
    """Something is wrong with a library as a whole."""


class LibraryNotFound(LibraryError):
    """No library at that path."""


class LibraryDamaged(LibraryError):
    """There is a library, and no generation of it can be trusted."""


class LibraryMismatch(LibraryError):
    """The library was built by another encoder, chunker or version."""


class LibraryBusy(LibraryError):
    """Another build holds the lock."""


class LibraryUnwritable(LibraryError):
    """The library's folder cannot be written: no space, or no permission."""


class ArticleNotFound(BylineError):
    """No article of that id is in the library."""

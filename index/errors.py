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
    ├── FetchError             an address on the web that cannot be read
    │   ├── UrlRefused         not an address of the web, or one that could be read in two ways
    │   ├── AddressRefused     its host is not on the public internet, or its port not the web's
    │   ├── RobotsRefused      its site's robots.txt asks not to read it
    │   ├── Unreachable        no such name, no connection, no valid certificate
    │   ├── TooSlow            not done within the time there is
    │   ├── TooLarge           longer than may be read, packed or unpacked
    │   ├── NotServed          the site's answer is not the page
    │   └── AskedToWait        the site asks to come back later
    └── (qa.errors) QuestionError and what follows from it

A message says what happened, with which value, and how to mend it. The command line prints it as
it is, on one line, without a traceback.
"""

from datetime import datetime

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


class FetchError(BylineError):
    """An address on the web cannot be read. `url` is as it may be shown: no password, one line."""

    def __init__(self, url: str, reason: str, remedy: str | None = None) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url} {reason}", remedy)

    def reached_from(self, url: str) -> None:
        """Puts the address that was asked for before the one that its redirects led to."""
        BylineError.__init__(self, f"{url} leads to {self.what}", self.remedy)


class UrlRefused(FetchError):
    """Not an address of the web, or one that could be read in two ways."""


class AddressRefused(FetchError):
    """The host is not on the public internet, or the port is not the web's."""


class RobotsRefused(FetchError):
    """The site's robots.txt asks not to read it, or could not be read."""


class Unreachable(FetchError):
    """No such name, no connection, or no valid certificate."""


class TooSlow(FetchError):
    """Not done within the time there is."""


class TooLarge(FetchError):
    """Longer than may be read, packed or unpacked."""


class NotServed(FetchError):
    """The site's answer is not the page; `status` is its number, None if it was not HTTP."""

    def __init__(self, url: str, reason: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(url, reason)


class AskedToWait(FetchError):
    """The site asks to come back later: not before `until`, in UTC."""

    def __init__(self, url: str, until: datetime) -> None:
        self.until = until
        super().__init__(
            url,
            "is not served now: its site asks to wait.",
            f"Try again after {until:%Y-%m-%d %H:%M:%S} UTC.",
        )

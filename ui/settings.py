"""Settings of serving. Argument > environment (`BYLINE_…`) > `byline.toml` > default."""

from dataclasses import dataclass, fields
from typing import Any

from index.errors import SettingsError
from index.settings import load

_MAY_BE_0 = ("questions_per_minute", "answers_in_full", "answers_waiting")


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How much a server takes on, and from whom."""

    questions_per_minute: int = 60
    """Questions of one client: a person who is logged in, else an address. 0 for no limit."""
    answers_at_once: int = 32
    """Answers written at the same time."""
    answers_in_full: int = 0
    """Of these, those for which all passages are read; where more are written, it is fewer for each. 0: as
    many as there are cores."""
    answers_each: int = 4
    """Of these, for one client, those that wait included."""
    answers_waiting: int = 64
    """Questions that wait for their turn at most; one more is told that Byline is busy."""
    logins_per_minute: int = 10
    """Tries to log in, from one address or as one name."""
    session_hours: float = 168.0
    """Hours after which a login ends."""
    proxies: str = ""
    """Addresses of proxies in front, comma-separated: what they say of whom they ask for is believed."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            least = 0 if field.name in _MAY_BE_0 else 1
            if not isinstance(value, str) and value < least:
                raise SettingsError(f"{field.name} is {value!r}; it must be {least} or more.")

    @classmethod
    def load(cls, **given: Any) -> "ServeSettings":
        """From `given` (None means not given), the environment and byline.toml."""
        return load(cls, "serve", **given)

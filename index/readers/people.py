"""Who wrote it: names from a list, or from a line such as "By Ann Lee, Bo Li and Cy Ng"."""

import re

from .canonical import one_line

_BY = re.compile(r"by\s+", re.IGNORECASE)
# A comma before "Jr." or "PhD" does not begin another person.
_BETWEEN = re.compile(r"\s*(?:,(?!\s*(?:jr|sr|ph\.?d|m\.?d|iii?|iv)\b)|;|&|\band\b)\s*", re.IGNORECASE)

_NOBODY = ("admin", "administrator")  # what a site calls its own account


def parse_authors(value: object) -> tuple[str, ...]:
    """The names in `value`, each once: a string with several, or a list of strings with one each.

    `{"name": "Ann Lee"}` counts as a name too; what is neither is passed over.
    """
    if isinstance(value, str):
        value = _BETWEEN.split(_without_by(value))
    elif isinstance(value, dict):
        value = [value]
    if not isinstance(value, list | tuple):
        return ()
    items = [item.get("name") if isinstance(item, dict) else item for item in value]
    names = [_without_by(name) for item in items if (name := one_line(item))]
    return tuple(dict.fromkeys(name for name in names if name and name.casefold() not in _NOBODY))


def _without_by(name: str) -> str:
    name = name.strip()
    return name[found.end() :] if (found := _BY.match(name)) else name

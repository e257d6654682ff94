"""robots.txt, as RFC 9309 reads it: the longest rule that matches decides, and `*` and `$` count.

`urllib.robotparser` is not used: it takes the first rule that matches and knows no `*`.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

LIMIT = 512_000
"""Bytes of a robots.txt that count (RFC 9309, 2.5)."""

_LINE = re.compile(r"\s*(user-agent|allow|disallow)\s*:\s*([^#]*?)\s*(?:#.*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one site for one robot; none of them allow everything."""

    rules: tuple[Rule, ...] = ()

    def allows(self, target: str) -> bool:
        """Whether a path with its query may be read. Of two rules of one length, the one that allows wins."""
        path = _spelled(target)
        matching = [(len(rule.pattern), rule.allows) for rule in self.rules if _matches(rule.pattern, path)]
        return max(matching)[1] if matching else True


def parse(text: bytes, robot: str) -> Robots:
    """The rules for `robot` (a product name, like "Byline"), else those for `*`."""
    groups: dict[str, list[Rule]] = {}
    names: list[str] = []
    in_rules = False
    for line in text[:LIMIT].decode("utf-8-sig", "replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        field, value = match[1].lower(), match[2]
        if field == "user-agent":
            names = [] if in_rules else names
            names.append(value.lower().partition("/")[0])
            groups.setdefault(names[-1], [])
        elif value:
            for name in names:
                groups[name].append(Rule(_spelled(value), field == "allow"))
        in_rules = field != "user-agent"
    return Robots(tuple(groups.get(robot.lower(), groups.get("*", []))))


def _spelled(path: str) -> str:
    """One spelling for what may be escaped or not."""
    return quote(unquote_to_bytes(path), safe="/?:@!$&'()*+,;=-._~[]")


def _matches(pattern: str, path: str) -> bool:
    """Greedy from the left, which finds a match where there is one and takes no time for many stars."""
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not is_whole or path == first
    *others, last = others
    place = len(first)
    for part in others:
        place = path.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return path.endswith(last) and len(path) - len(last) >= place if is_whole else path.find(last, place) >= 0

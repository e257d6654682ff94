"""robots.txt. The expected outcomes follow RFC 9309, 2.2 and 5."""

import time

import pytest

from index.web.robots import parse


def allows(text: str, path: str) -> bool:
    return parse(text.encode(), "Byline").allows(path)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("Disallow: /", "/a", False),
        ("Disallow:", "/a", True),
        ("Disallow: /a", "/ab", False),
        ("Disallow: /a/", "/a", True),
        ("Disallow: /\nAllow: /a", "/ab", True),
        ("Allow: /a\nDisallow: /a/b", "/a/b", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /*.gif$", "/x/y.gif", False),
        ("Disallow: /*.gif$", "/x/y.gif?z", True),
        ("Disallow: /*?", "/a?b", False),
        ("Disallow: /a*b*c", "/axxbxxcxx", False),
        ("Disallow: /a*b*c", "/axxcxxb", True),
        ("Disallow: /a$", "/a", False),
        ("Disallow: /a$", "/ab", True),
        ("Disallow: /a*a$", "/a", True),
        ("Disallow: /a*", "/a", False),
        ("Disallow: /%61", "/a", False),
        ("Disallow: /ü", "/%C3%BC", False),
        ("Disallow: /a # not b", "/a", False),
        ("DISALLOW:/a", "/a", False),
        ("Sitemap: http://a/\nDisallow: /a", "/a", False),
        ("nonsense\nDisallow: /a", "/a", False),
    ],
)
def test_the_longest_rule_decides(rules: str, path: str, allowed: bool) -> None:
    assert allows(f"User-agent: *\n{rules}", path) is allowed


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: byline\nDisallow: /", False),
        ("User-agent: Byline/2.0\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Byline\nDisallow: /x", True),
        ("User-agent: Other\nDisallow: /", True),
        ("User-agent: Other\nUser-agent: Byline\nDisallow: /", False),
        ("User-agent: Byline\nAllow: /x\nUser-agent: Other\nDisallow: /", True),
        (
            "User-agent: Byline\nDisallow: /x\nUser-agent: *\nAllow: /\nUser-agent: Byline\nDisallow: /a",
            False,
        ),
        ("Disallow: /", True),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\rDisallow: /", False),
        ("<html>User-agent: *</html>", True),
    ],
)
def test_the_rules_of_our_own_groups_count_else_those_for_all(text: str, allowed: bool) -> None:
    assert allows(text, "/a") is allowed


def test_many_stars_take_no_time() -> None:
    began = time.monotonic()
    assert allows("User-agent: *\nDisallow: /" + "*a" * 2000 + "b$", "/" + "a" * 7000)
    assert time.monotonic() - began < 1


def test_what_is_past_the_limit_does_not_count() -> None:
    assert allows("User-agent: *\n" + "#" * 512_000 + "\nDisallow: /", "/a")

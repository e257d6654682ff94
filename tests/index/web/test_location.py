"""Addresses taken apart. What is refused, and that it is never reached, is in test_fetch_guard.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UrlRefused
from index.web.location import Location, parse, shown


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTP://EXAMPLE.ORG:80/A", "http://example.org/A"),
        ("https://example.org:443/?q#top", "https://example.org/?q"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("http://example.org./", "http://example.org/"),
        ("http://[2001:DB8:0:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://BÜCHER.example/", "http://xn--bcher-kva.example/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://a_b.example/", "http://a_b.example/"),
        ("http://a/ü?ö=ä", "http://a/%C3%BC?%C3%B6=%C3%A4"),
        ("http://a/%C3%BC%zz", "http://a/%C3%BC%zz"),
        ('http://a/"<>`{|}^', "http://a/%22%3C%3E%60%7B%7C%7D%5E"),
        ("http://a/b/./c/../d", "http://a/b/d"),
        ("http://a/../../b/..", "http://a/"),
        ("http://a/b/%2e%2E/c/%2e", "http://a/c/"),
        ("http://a//b//", "http://a//b//"),
        ("http://a/...", "http://a/..."),
        ("http://a?b=../c", "http://a/?b=../c"),
        ("http://a/b@c:d", "http://a/b@c:d"),
    ],
)
def test_an_address_has_one_spelling(url: str, spelled: str) -> None:
    assert str(parse(url)) == spelled
    assert parse(spelled) == parse(url)


@pytest.mark.parametrize(
    ("reference", "spelled"),
    [
        ("", "http://example.org/a/b?q"),
        ("c", "http://example.org/a/c"),
        ("/c#d", "http://example.org/c"),
        ("?r", "http://example.org/a/b?r"),
        ("../../c", "http://example.org/c"),
        ("//other.example/c", "http://other.example/c"),
        ("https://other.example", "https://other.example/"),
        ("ü", "http://example.org/a/%C3%BC"),
    ],
)
def test_a_redirect_is_followed_as_rfc_3986_has_it(reference: str, spelled: str) -> None:
    assert str(parse("http://example.org/a/b?q").follow(reference)) == spelled


@pytest.mark.parametrize(
    "reference", ["http://[", "//[::1", "\\\\other.example", "/\n", "//user@other.example"]
)
def test_a_redirect_is_read_as_strictly(reference: str) -> None:
    with pytest.raises(UrlRefused):
        parse("http://example.org/").follow(reference)


def test_a_location_says_what_goes_into_the_request() -> None:
    assert parse("https://[::1]:8443/a?b") == Location("https", "::1", 8443, "/a?b")
    assert parse("https://[::1]:8443/a").authority == "[::1]:8443"
    assert (parse("http://127.0.0.1/").is_ip, parse("http://[::1]/").is_ip) == (True, True)
    assert not parse("http://127.0.0.1.example/").is_ip


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a/", "its scheme is 'ftp', and only http and https are opened"),
        ("example.org", "is not a web address. Give it whole, like https://example.org/feed.xml."),
        ("http://127.1/", "'127.1' is neither a name nor an address"),
        ("http://a:b/", "'a:b' is not a host with a port"),
        ("http://a@b/", "it holds a user name. Give the address without it."),
        ("http://a b/", "it holds ' ', which has no place in an address"),
        ("http://a/\x07", r"it holds '\\x07'"),
        ("http://-a.example/", "'-a.example' is neither a name nor an address"),
        ("http://" + "a" * 64 + ".example/", "is neither a name nor an address"),
        ("http://" + "a." * 127 + "example/", "is neither a name nor an address"),
        ("http://a/" + "b" * 8000, "it is 8,009 characters long"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(url: str, reason: str) -> None:
    with pytest.raises(UrlRefused) as raised:
        parse(url)
    assert reason.replace("\\\\", "\\") in str(raised.value)


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a", "http://[", "http://a@"]))
def test_any_text_is_an_address_or_refused(text: str, before: str) -> None:
    try:
        location = parse(before + text)
    except UrlRefused as error:
        assert str(error).isprintable()
    else:
        assert str(location).isascii() and str(location).isprintable()
        assert parse(str(location)) == location


@given(st.text(max_size=300))
def test_what_is_shown_is_short_and_moves_no_cursor(text: str) -> None:
    assert shown(text).isprintable() and len(shown(text)) <= 2000

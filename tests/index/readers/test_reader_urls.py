import pytest

from index.readers.urls import canonical_url, site_of, web_url


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c#d", " http://example.org ", "HTTPS://EXAMPLE.ORG/"]
)
def test_absolute_web_addresses_count(url: str) -> None:
    assert web_url(url) == url.strip()


@pytest.mark.parametrize(
    "value",
    [
        "example.org/a",
        "/a/b",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "https://",
        "https://exa mple.org/",
        "http://[::1/",
        "http://example.org:port/",
        "",
        None,
        17,
    ],
    ids=repr,
)
def test_anything_else_does_not(value: object) -> None:
    assert web_url(value) is None


@pytest.mark.parametrize(
    "spelling",
    [
        "https://example.org/a",
        "http://example.org/a",
        "HTTPS://Example.ORG/a",
        "https://example.org:443/a",
        "http://example.org:80/a",
        "https://example.org/a/",
        "https://example.org/a#part",
        "https://example.org/a?utm_source=x&UTM_medium=y&fbclid=z&gclid=1",
    ],
)
def test_one_page_has_one_canonical_address(spelling: str) -> None:
    assert canonical_url(spelling) == "example.org/a"


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/A",
        "https://example.org/a?id=1",
        "https://example.org/a?gclide=1",
        "https://example.org:8080/a",
        "https://www.example.org/a",
        "https://example.org",
    ],
)
def test_other_pages_have_others(other: str) -> None:
    assert canonical_url(other) != "example.org/a"


def test_a_query_keeps_what_is_not_tracking() -> None:
    assert canonical_url("https://example.org/a?id=1&utm_source=x&page=2") == "example.org/a?id=1&page=2"


def test_the_site_is_the_host_without_www() -> None:
    assert site_of("https://www.Example.org:8080/a") == "example.org"
    assert site_of("no address") is None

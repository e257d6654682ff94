"""What must not be reached is not: addresses of many tricks, given straight and by redirects.

The canary takes every connection to an address that is not the site's. That it is alive is shown by the
tests which take the guards away.
"""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import nullcontext
from urllib.parse import unquote

import pytest

from index.errors import AddressRefused, FetchError, UrlRefused
from index.fetch import Fetcher
from index.web.location import Location

PUBLIC = "93.184.216.34"

ADDRESSES = {
    "loopback": "http://127.0.0.1/",
    "loopback-far": "http://127.255.3.9/",
    "loopback-https": "https://127.0.0.1/",
    "loopback-last-dot": "http://127.0.0.1./",
    "loopback-and-fragment": "http://127.0.0.1#@example.org/",
    "loopback-and-query": "http://127.0.0.1?@example.org/",
    "this-network": "http://0.0.0.0/",
    "this-network-far": "http://0.1.2.3/",
    "private-10": "http://10.0.0.1/",
    "private-172": "http://172.31.255.254/",
    "private-192": "http://192.168.1.1/",
    "cgnat": "http://100.64.0.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "link-local": "http://169.254.1.1/",
    "metadata-alibaba": "http://100.100.100.200/",
    "metadata-oracle": "http://192.0.0.192/",
    "platform-azure": "http://168.63.129.16/",
    "protocols": "http://192.0.0.8/",
    "documentation-1": "http://192.0.2.1/",
    "documentation-2": "http://198.51.100.1/",
    "documentation-3": "http://203.0.113.1/",
    "benchmarks": "http://198.19.0.1/",
    "relay": "http://192.88.99.1/",
    "multicast": "http://224.0.0.1/",
    "multicast-ssdp": "http://239.255.255.250/",
    "class-e": "http://240.0.0.1/",
    "broadcast": "http://255.255.255.255/",
    "v6-loopback": "http://[::1]/",
    "v6-loopback-long": "http://[0:0:0:0:0:0:0:1]/",
    "v6-none": "http://[::]/",
    "v6-mapped": "http://[::ffff:127.0.0.1]/",
    "v6-mapped-hex": "http://[::FFFF:A9FE:A9FE]/",
    "v6-compatible": "http://[::127.0.0.1]/",
    "v6-translated": "http://[::ffff:0:127.0.0.1]/",
    "v6-nat64": "http://[64:ff9b::7f00:1]/",
    "v6-nat64-local": "http://[64:ff9b:1::10.0.0.1]/",
    "v6-6to4": "http://[2002:7f00:1::]/",
    "v6-teredo": "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "v6-orchid": "http://[2001:10::1]/",
    "v6-orchid-2": "http://[2001:20::1]/",
    "v6-benchmarks": "http://[2001:2::1]/",
    "v6-documentation": "http://[2001:db8::1]/",
    "v6-documentation-2": "http://[3fff::1]/",
    "v6-segment": "http://[5f00::1]/",
    "v6-discard": "http://[100::1]/",
    "v6-metadata": "http://[fd00:ec2::254]/",
    "v6-metadata-google": "http://[fd20:ce::254]/",
    "v6-unique-local": "http://[fd12:3456::1]/",
    "v6-link-local": "http://[fe80::1]/",
    "v6-site-local": "http://[fec0::1]/",
    "v6-multicast": "http://[ff02::1]/",
    "v6-unassigned": "http://[4000::1]/",
    "name": "http://localhost/",
    "name-upper-case": "http://LOCALHOST/",
    "name-last-dot": "http://localhost./",
    "name-of-an-address": "http://127.0.0.1.nip.example/",
    "name-that-is-public-too": "http://mixed.example/",
    "name-with-the-private-first": "http://mixed-first.example/",
    "name-public-in-v4-only": "http://mixed-v6.example/",
    "name-mapped": "http://mapped.example/",
    "name-with-a-zone": "http://zone.example/",
    "name-idna": "http://böse.example/",
    "name-underscore": "http://_internal.example/",
    "name-of-metadata": "http://metadata.google.internal/computeMetadata/v1/",
}
PORTS = {
    "ssh": "http://example.org:22/",
    "redis": "http://example.org:6379/",
    "proxy": "http://example.org:8080/",
    "https-elsewhere": "https://example.org:8443/",
    "last": "http://example.org:65535/",
    "leading-zeros": "http://example.org:00022/",
}
NAMES: dict[str, list[Sequence[str]]] = {
    "example.org": [[PUBLIC]],
    "localhost": [["::1", "127.0.0.1"]],
    "127.0.0.1.nip.example": [["127.0.0.1"]],
    "mixed.example": [[PUBLIC, "10.0.0.1"]],
    "mixed-first.example": [["10.0.0.1", PUBLIC]],
    "mixed-v6.example": [[PUBLIC, "fd12::1"]],
    "mapped.example": [["::ffff:10.0.0.1"]],
    "zone.example": [["fe80::1%eth0"]],
    "xn--bse-sna.example": [["127.0.0.1"]],
    "_internal.example": [["192.168.0.10"]],
    "metadata.google.internal": [["169.254.169.254"]],
}
# What forgiving clients take for this machine.
SPELLINGS = {
    "decimal": "http://2130706433/",
    "decimal-last-dot": "http://2130706433./",
    "hex": "http://0x7f000001/",
    "hex-upper-case": "http://0X7F.0X0.0X0.0X1/",
    "hex-parts": "http://0x7f.1/",
    "octal": "http://017700000001/",
    "octal-parts": "http://0177.0.0.1/",
    "leading-zeros": "http://127.000.000.001/",
    "short-2": "http://127.1/",
    "short-3": "http://127.0.1/",
    "zero": "http://0/",
    "mixed-bases": "http://0x7f.0.0.01/",
    "circled-digits": "http://①②⑦.⓪.⓪.①/",
    "fullwidth-digits": "http://\uff11\uff12\uff17.0.0.1/",
    "arabic-digits": "http://١٢٧.0.0.1/",
    "mathematical-digits": "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",
    "ideographic-dots": "http://127。0。0。1/",
    "fullwidth-letters": "http://\uff4cocalhost/",
    "circled-letters": "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "percent-host": "http://%31%32%37.0.0.1/",
    "percent-dots": "http://127%2e0%2e0%2e1/",
    "percent-letters": "http://%6c%6f%63alhost/",
    "soft-hyphen": "http://local\u00adhost/",
    "zero-width-space": "http://127.0.0\u200b.1/",
    "byte-order-mark": "http://\ufeff127.0.0.1/",
    "direction-override": "http://\u202e127.0.0.1/",
    "tab-in-host": "http://127.0.\t0.1/",
    "newline-in-host": "http://127.0.\n0.1/",
    "newline-in-scheme": "ht\ntp://127.0.0.1/",
    "leading-space": " http://127.0.0.1/",
    "leading-control": "\x01http://127.0.0.1/",
    "no-break-space": "http://127.0.0.1\u00a0/",
    "nul": "http://127.0.0.1/\x00.example.org/",
    "nul-in-host": "http://127.0.0.1\x00.example.org/",
    "crlf": "http://127.0.0.1/ HTTP/1.1\r\nHost: example.org\r\nX: y",
    "user": "http://example.org@127.0.0.1/",
    "user-with-port": "http://example.org:80@127.0.0.1/",
    "user-with-escaped-slash": "http://example.org%2f@127.0.0.1/",
    "two-users": "http://example.org@example.org@127.0.0.1/",
    "empty-user": "http://@127.0.0.1/",
    "backslashes": "http:\\\\127.0.0.1/",
    "backslash-after-host": "http://127.0.0.1\\@example.org/",
    "backslash-and-slash": "http:/\\127.0.0.1/",
    "one-slash": "http:/127.0.0.1/",
    "three-slashes": "http:///127.0.0.1/",
    "no-slashes": "http:127.0.0.1",
    "no-scheme": "//127.0.0.1/",
    "zone": "http://[::1%25lo]/",
    "zone-bare": "http://[::1%lo]/",
    "v6-without-brackets": "http://::1/",
    "v4-in-brackets": "http://[127.0.0.1]/",
    "port-of-letters": "http://127.0.0.1:http/",
    "port-empty": "http://127.0.0.1:/",
    "port-zero": "http://127.0.0.1:0/",
    "port-past-the-last": "http://127.0.0.1:65616/",
    "port-signed": "http://127.0.0.1:+80/",
    "port-of-other-digits": "http://127.0.0.1:٨٠/",
    "two-ports": "http://127.0.0.1:80:80/",
    "two-last-dots": "http://127.0.0.1../",
    "scheme-file": "file://127.0.0.1/etc/passwd",
    "scheme-ftp": "ftp://127.0.0.1/",
    "scheme-gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
    "scheme-dict": "dict://127.0.0.1:11211/stats",
    "scheme-ldap": "ldap://127.0.0.1/",
    "scheme-tftp": "tftp://127.0.0.1/x",
    "scheme-sftp": "sftp://127.0.0.1/x",
    "scheme-ws": "ws://127.0.0.1/",
    "scheme-feed": "feed://127.0.0.1/",
    "scheme-unix": "http+unix://127.0.0.1/v1/info",
    "scheme-data": "data:text/html,127.0.0.1",
    "scheme-javascript": "javascript://127.0.0.1/%0aalert(1)",
    "scheme-blob": "blob:http://127.0.0.1/1",
    "scheme-view-source": "view-source:http://127.0.0.1/",
    "scheme-jar": "jar:http://127.0.0.1/a.jar!/x",
    "scheme-odd": "ſhttp://127.0.0.1/",
}
ALL = {**ADDRESSES, **{f"port-{name}": url for name, url in PORTS.items()}, **SPELLINGS}


def lenient(url: str) -> Location:
    """An address as the most forgiving of clients read it: the opposite of `parse`."""
    url = unicodedata.normalize("NFKC", url.partition("\0")[0]).replace("\\", "/").replace("。", ".")
    url = "".join(str(unicodedata.decimal(c, c)) for c in url if c > " " and unicodedata.category(c) != "Cf")
    rest = re.sub(r"^(?:[^\W\d][\w+.-]*:)*/*", "", url)
    host = unquote(re.split("[/?#]", rest)[0].rpartition("@")[2])
    if host.startswith("["):
        host = host[1:-1].partition("%")[0]
    elif host.count(":") < 2 or "." in host:
        host = host.partition(":")[0].rstrip(".")
    return Location("http", host, 80, "/")


@pytest.fixture
def guarded(world):
    world.names = dict(NAMES)
    return world


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_is_not_public_is_not_reached(guarded, url: str) -> None:
    with pytest.raises(AddressRefused):
        guarded.fetcher().get(url)
    assert (guarded.connected, guarded.canary.reached) == ([], 0)


@pytest.mark.parametrize("url", PORTS.values(), ids=PORTS)
def test_a_port_that_is_not_the_webs_is_not_reached(guarded, url: str) -> None:
    with pytest.raises(AddressRefused, match=r"port \d+ is neither 80 nor 443. If it is meant, add --allow"):
        guarded.fetcher().get(url)
    assert (guarded.connected, guarded.canary.reached) == ([], 0)


@pytest.mark.parametrize("url", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("allow_private", [False, True], ids=["", "allow-private"])
def test_an_address_that_could_be_read_in_two_ways_is_not_even_resolved(
    guarded, url: str, allow_private: bool
) -> None:
    with pytest.raises(UrlRefused) as raised:
        guarded.fetcher(allow_private=allow_private).get(url)
    assert (guarded.resolved, guarded.connected, guarded.canary.reached) == ([], [], 0)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("url", ALL.values(), ids=ALL)
def test_a_redirect_reaches_no_further(guarded, url: str) -> None:
    """Where the address is relative to the site, it stays on the site."""
    guarded.site.redirect("/", url)
    with pytest.raises(FetchError) as raised:
        guarded.fetcher().get("http://example.org/")
    assert {address for address, _ in guarded.connected} == {PUBLIC}
    assert guarded.canary.reached == 0
    assert str(raised.value).isprintable()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["http://10.0.0.1/", "//localhost/", "https://[::1]/", "file:///etc/passwd"])
def test_every_kind_of_redirect_is_checked_at_every_hop(guarded, status: int, to: str) -> None:
    guarded.site.redirect("/", "/near", status)
    guarded.site.redirect("/near", "far?x", status)
    guarded.site.redirect("/far?x", to, status)
    with pytest.raises((AddressRefused, UrlRefused), match=r"^http://example\.org/ leads to "):
        guarded.fetcher().get("http://example.org/")
    assert guarded.site.paths == ["/", "/near", "/far?x"]
    assert guarded.canary.reached == 0


@pytest.mark.parametrize("url", [*ADDRESSES.values(), *PORTS.values()], ids=[*ADDRESSES, *PORTS])
def test_robots_txt_is_not_asked_for_there_either(guarded, url: str) -> None:
    with pytest.raises(AddressRefused):
        guarded.fetcher().get(url, obey_robots=True)
    assert (guarded.connected, guarded.canary.reached) == ([], 0)


def test_a_robots_txt_that_leads_astray_is_not_followed(guarded) -> None:
    guarded.site.redirect("/robots.txt", "http://169.254.169.254/")
    with pytest.raises(AddressRefused):
        guarded.fetcher().get("http://example.org/", obey_robots=True)
    assert (guarded.site.paths, guarded.canary.reached) == (["/robots.txt"], 0)


# Names that change


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(guarded) -> None:
    """Rebinding: public when it is checked, loopback if it is asked again."""
    guarded.names["rebinds.example"] = [[PUBLIC], ["127.0.0.1"]]
    guarded.site.page("/")
    assert guarded.fetcher().get("http://rebinds.example/").body == b"A page."
    assert (guarded.resolved, guarded.connected) == (["rebinds.example"], [(PUBLIC, 80)])
    assert guarded.canary.reached == 0


def test_a_name_that_changes_between_two_hops_is_checked_again(guarded) -> None:
    guarded.names["rebinds.example"] = [[PUBLIC], ["127.0.0.1"]]
    guarded.site.redirect("/", "/next")
    with pytest.raises(AddressRefused, match=r"is at 127\.0\.0\.1, which is this machine"):
        guarded.fetcher().get("http://rebinds.example/")
    assert guarded.canary.reached == 0


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_a_proxy_in_the_environment_is_not_used(guarded, variable: str, monkeypatch) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{guarded.canary.port}")
    guarded.site.page("/")
    assert guarded.fetcher().get("http://example.org/").status == 200
    assert guarded.canary.reached == 0


# allow_private


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "10.0.0.1", "[::1]:9", "[fd12::1]", "100.64.0.1", "localhost"]
)
def test_private_networks_and_all_ports_are_opened_where_that_is_meant(guarded, host: str) -> None:
    guarded.canary = guarded.site
    guarded.site.page("/")
    assert guarded.fetcher(allow_private=True).get(f"http://{host}/").body == b"A page."


@pytest.mark.parametrize(
    "name",
    ["metadata", "v6-metadata", "metadata-alibaba", "link-local", "broadcast", "v6-nat64", "multicast"],
)
def test_what_is_nobodys_server_stays_closed_even_then(guarded, name: str) -> None:
    with pytest.raises(AddressRefused) as raised:
        guarded.fetcher(allow_private=True).get(ADDRESSES[name])
    assert raised.value.remedy is None
    assert guarded.canary.reached == 0


def test_the_remedy_is_named_where_there_is_one(guarded) -> None:
    with pytest.raises(AddressRefused) as raised:
        guarded.fetcher().get("http://localhost/feed.xml")
    assert str(raised.value) == (
        "http://localhost/feed.xml is not opened: localhost is at ::1, which is this machine. "
        "If it is meant, add --allow-private."
    )


def test_an_address_in_place_of_a_name_is_said_once(guarded) -> None:
    with pytest.raises(AddressRefused) as raised:
        guarded.fetcher().get("http://169.254.169.254/")
    assert str(raised.value) == (
        "http://169.254.169.254/ is not opened: 169.254.169.254 is a cloud's metadata service."
    )


# Without the guards


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_without_the_check_of_addresses_the_canary_is_reached(guarded, url: str, monkeypatch) -> None:
    monkeypatch.setattr("index.fetch.reserved", lambda address: None)
    for answers in guarded.names.values():
        answers[0] = sorted(answers[0], key=PUBLIC.__eq__)  # the one that is not public comes first
    with pytest.raises(FetchError):
        guarded.fetcher().get(url)
    assert guarded.canary.reached == 1


@pytest.mark.parametrize("url", PORTS.values(), ids=PORTS)
def test_without_the_check_of_ports_they_are_connected_to(guarded, url: str) -> None:
    guarded.site.page("/")
    with pytest.raises(FetchError) if url.startswith("https") else nullcontext():
        guarded.fetcher(allow_private=True).get(url)
    assert len(guarded.connected) == 1


@pytest.mark.parametrize("name", sorted(SPELLINGS.keys() - {"scheme-data"}))
def test_without_the_strict_reading_this_machine_is_reached(guarded, name: str, monkeypatch) -> None:
    """And with forgiving reading and the check of addresses, it is not."""
    url = SPELLINGS[name]
    monkeypatch.setattr("index.fetch.parse", lenient)
    with pytest.raises(AddressRefused):
        guarded.fetcher().get(url)
    assert guarded.canary.reached == 0
    monkeypatch.setattr("index.fetch.reserved", lambda address: None)
    with pytest.raises(FetchError):
        guarded.fetcher().get(url)
    assert guarded.canary.reached >= 1


def test_the_canary_on_this_machine_is_reached_with_the_systems_own_resolver(canary, monkeypatch) -> None:
    url = f"http://127.0.0.1:{canary.port}/"
    with pytest.raises(AddressRefused):
        Fetcher().get(url)
    assert canary.reached == 0
    with pytest.raises(FetchError):
        Fetcher(allow_private=True).get(url)
    assert canary.reached == 1

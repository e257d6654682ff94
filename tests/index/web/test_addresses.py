"""Which addresses are public."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.web.addresses import _TABLE, reserved

CLOUDS_OWN = {IPv4Address("168.63.129.16")}


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:2800:220:1:248:1893:25c8:1946",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2a00:1450:4001::1",
        "::ffff:93.184.216.34",
    ],
)
def test_a_public_address_is_in_no_range(address: str) -> None:
    assert reserved(address) is None


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("127.0.0.1", "this machine"),
        ("::1", "this machine"),
        ("::ffff:10.0.0.1", "a private network"),
        ("169.254.169.254", "a cloud's metadata service"),
        ("::ffff:169.254.169.254", "a cloud's metadata service"),
        ("fe80::1%eth0", "link-local"),
        ("::1%lo", "this machine"),
        ("64:ff9b::7f00:1", "an IPv4 address behind NAT64"),
        ("2001::1", "a Teredo tunnel"),
        ("2001:1ff:ffff::1", "reserved for protocols"),
        ("8000::1", "outside of what is assigned"),
        ("255.255.255.255", "reserved"),
    ],
)
def test_a_range_is_named(address: str, what: str) -> None:
    found = reserved(address)
    assert found is not None and found.what == what


@pytest.mark.parametrize("entry", _TABLE, ids=lambda entry: str(entry.network))
def test_a_range_holds_its_first_and_its_last_address(entry) -> None:
    for address in (entry.network[0], entry.network[-1]):
        assert reserved(str(address)) is not None


@given(st.ip_addresses())
def test_nothing_is_public_that_python_takes_for_private(address: IPv4Address | IPv6Address) -> None:
    if reserved(str(address)) is None and (mapped := getattr(address, "ipv4_mapped", None)) is None:
        assert address.is_global and not address.is_multicast, mapped


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_its_ipv6_mantle(address: IPv4Address) -> None:
    assert reserved(f"::ffff:{address}") == reserved(str(address))


@given(st.ip_addresses(v=4))
def test_what_python_takes_for_global_is_refused_in_known_ranges_only(address: IPv4Address) -> None:
    found = reserved(str(address))
    if found is not None and address.is_global:
        refused_beyond_python = {"192.88.99.0/24", "224.0.0.0/4", "192.0.0.0/24", "168.63.129.16/32"}
        assert str(found.network) in refused_beyond_python


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "0x7f000001", "1.2.3.4.5"])
def test_what_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        reserved(text)


def test_only_networks_of_peoples_own_are_opened_by_allow_private() -> None:
    assert {str(entry.network) for entry in _TABLE if entry.private} == {
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    }
    assert ip_address("fd00:ec2::254") in next(e.network for e in _TABLE if str(e.network) == "fd00:ec2::/32")

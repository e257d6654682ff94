"""Which IP addresses are somebody else's machine on the public internet, and which are not.

`ipaddress.is_global` is not asked: Python 3.11 takes NAT64, 6to4, IPv4-compatible, site-local and multicast
addresses for global ones. The table follows IANA's special-purpose registries (RFC 6890), and of IPv6 only
2000::/3 is global unicast at all (RFC 4291, 2.4).
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Reserved:
    """A range that is not the public internet."""

    network: IPv4Network | IPv6Network
    what: str
    """What the range is, for a sentence that begins "which is"."""
    private: bool = False
    """Whether people have servers of their own there, which `allow_private` opens."""


def _range(network: str, what: str, private: bool = False) -> Reserved:
    return Reserved(ip_network(network), what, private)


# The first range that holds an address names it: the metadata services stand before the ranges they are in.
_TABLE = (
    # What clouds tell their own machines, keys included; in no RFC
    _range("169.254.169.254/32", "a cloud's metadata service"),
    _range("fd00:ec2::/32", "a cloud's metadata service"),  # Amazon
    _range("fd20:ce::/32", "a cloud's metadata service"),  # Google
    _range("100.100.100.200/32", "a cloud's metadata service"),  # Alibaba
    _range("192.0.0.192/32", "a cloud's metadata service"),  # Oracle
    _range("168.63.129.16/32", "a cloud's platform service"),  # Azure
    # IPv4
    _range("0.0.0.0/8", "this network"),  # RFC 791, 3.2
    _range("10.0.0.0/8", "a private network", private=True),  # RFC 1918
    _range("100.64.0.0/10", "a provider's shared network", private=True),  # RFC 6598
    _range("127.0.0.0/8", "this machine", private=True),  # RFC 1122, 3.2.1.3
    _range("169.254.0.0/16", "link-local"),  # RFC 3927
    _range("172.16.0.0/12", "a private network", private=True),  # RFC 1918
    _range("192.0.0.0/24", "reserved for protocols"),  # RFC 6890, 2.1
    _range("192.0.2.0/24", "for documentation"),  # RFC 5737
    _range("192.88.99.0/24", "6to4 relays"),  # RFC 7526
    _range("192.168.0.0/16", "a private network", private=True),  # RFC 1918
    _range("198.18.0.0/15", "for benchmarks"),  # RFC 2544
    _range("198.51.100.0/24", "for documentation"),  # RFC 5737
    _range("203.0.113.0/24", "for documentation"),  # RFC 5737
    _range("224.0.0.0/4", "multicast"),  # RFC 5771
    _range("240.0.0.0/4", "reserved"),  # RFC 1112, 4; the broadcast address is in it
    # IPv6
    _range("::/128", "no address"),  # RFC 4291, 2.5.2
    _range("::1/128", "this machine", private=True),  # RFC 4291, 2.5.3
    _range("::/96", "an IPv4-compatible address"),  # RFC 4291, 2.5.5.1
    _range("::ffff:0:0:0/96", "an IPv4-translated address"),  # RFC 2765, 2.1
    _range("64:ff9b::/96", "an IPv4 address behind NAT64"),  # RFC 6052, 2.1
    _range("64:ff9b:1::/48", "an IPv4 address behind NAT64"),  # RFC 8215
    _range("100::/64", "a hole for discarded traffic"),  # RFC 6666
    _range("2001::/32", "a Teredo tunnel"),  # RFC 4380
    _range("2001:10::/28", "ORCHID, no address"),  # RFC 4843
    _range("2001:20::/28", "ORCHID, no address"),  # RFC 7343
    _range("2001::/23", "reserved for protocols"),  # RFC 2928
    _range("2001:db8::/32", "for documentation"),  # RFC 3849
    _range("2002::/16", "a 6to4 tunnel"),  # RFC 3056
    _range("3fff::/20", "for documentation"),  # RFC 9637
    _range("5f00::/16", "a segment, no address"),  # RFC 9602
    _range("fc00::/7", "a private network", private=True),  # RFC 4193
    _range("fe80::/10", "link-local"),  # RFC 4291, 2.5.6
    _range("fec0::/10", "site-local"),  # RFC 3879
    _range("ff00::/8", "multicast"),  # RFC 4291, 2.7
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_ASSIGNED = _range("::/0", "outside of what is assigned")


def reserved(address: str) -> Reserved | None:
    """The range that keeps `address` from being public; None if it is public.

    An IPv4-mapped address (RFC 4291, 2.5.5.2) is judged as the IPv4 address in it, since that is where a
    connection goes. ValueError if `address` is no IP address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        ip = ip.ipv4_mapped or ip
    for entry in _TABLE:
        if ip in entry.network:
            return entry
    return _NOT_ASSIGNED if ip.version == 6 and ip not in _GLOBAL_UNICAST else None

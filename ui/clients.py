"""On whose account a request goes: a person who is logged in, else the address that it comes from."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from ui import people

HERE = ""
"""Whoever sits at this machine."""


def client_of(request: Any) -> str:
    """Of a request of Starlette's or Gradio's. An IPv6 address stands for its /64, which one customer has
    at the least (RFC 6177)."""
    return people.user_of(request) or address_of(request)


def address_of(request: Any) -> str:
    """Where a request comes from. Behind a proxy that is in the settings, uvicorn has put in what it says."""
    host = str(request.client.host) if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return HERE if address.is_loopback else str(ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return HERE if address.is_loopback else str(address)

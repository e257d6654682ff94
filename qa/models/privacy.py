"""Whether a model is on this machine, and the sentence for a person where it is not."""

import ipaddress
from urllib.parse import urlsplit

from .types import Endpoint


def stays_here(endpoint: Endpoint) -> bool:
    """Whether the address is a loopback one, by its own letters: no name is resolved."""
    host = urlsplit(endpoint.url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def statement(endpoint: Endpoint) -> str:
    """What leaves the machine and where to; "" where nothing does."""
    if stays_here(endpoint):
        return ""
    return (
        f"Questions, and passages of your articles, are sent to {endpoint.host} "
        f"({endpoint.provider}/{endpoint.model})."
    )

"""Web addresses: which ones count, when two are the same page, and whose site it is."""

import re
from urllib.parse import SplitResult, urlsplit

from .canonical import one_line

_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid)(?:=|$)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def web_url(value: object) -> str | None:
    """`value` if it is an absolute http or https address, else None.

    Anything else (`javascript:`, `file:`, a relative path) must not become a link in an answer.
    """
    url = one_line(value)
    return url if url and " " not in url and _split(url) else None


def canonical_url(url: str) -> str:
    """One spelling for all addresses of a page: without scheme, fragment, tracking and last slash.

    It serves to compare and to hash, not to open.
    """
    parts = _split(url)
    if parts is None:
        return url
    port = f":{parts.port}" if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]) else ""
    query = "&".join(item for item in parts.query.split("&") if item and not _TRACKING.match(item))
    return f"{parts.hostname}{port}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def site_of(url: str) -> str | None:
    """The host of `url`, without `www.`."""
    parts = _split(url)
    return parts.hostname.removeprefix("www.") if parts and parts.hostname else None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # half an IPv6 address, or a port that is no number
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and parts.hostname else None

"""Who is asking."""

from starlette.requests import HTTPConnection

NOBODY = ""
"""The user where there is no login: whoever has the page open."""


def user_of(request: HTTPConnection) -> str:
    """The name of whoever sent a request, whose conversations and no others are theirs."""
    return NOBODY

"""Who is asking."""

from typing import Any

NOBODY = ""
"""The user where there is no login: whoever has the page open."""


def user_of(request: Any) -> str:
    """The name of whoever sent a request, of Starlette's or Gradio's, whose conversations and no others are
    theirs. `ui.login` has put it there."""
    return str(getattr(request.state, "user", NOBODY))

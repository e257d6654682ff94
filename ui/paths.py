"""The paths of requests."""

from starlette.types import Scope


def path_of(scope: Scope) -> str:
    """The path below the address that the application is served at."""
    return str(scope["path"]).removeprefix(scope.get("root_path", ""))

"""Options that commands share, and the error that is wrong usage."""

from pathlib import Path
from typing import Any

import click

from index.settings import default_library


class LibraryFolder(click.Path):
    """The path of a folder, which need not be there yet."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value or Path(value).is_file():
            raise WrongUsage(f"{str(value)!r} is not a folder. Name the library's folder with --library.")
        return super().convert(value, param, ctx)


class WrongUsage(click.ClickException):
    """Shown as one line."""

    exit_code = 2


def library_option(command: Any) -> Any:
    return click.option(
        "--library",
        type=LibraryFolder(),
        envvar="BYLINE_LIBRARY",
        default=default_library,
        show_default="BYLINE_LIBRARY, else a folder among your user data",
        help="The library's folder.",
    )(command)


def json_option(command: Any) -> Any:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(command)

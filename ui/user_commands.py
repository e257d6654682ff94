"""`byline user …`: who may log in where the library is served."""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from .options import WrongUsage, json_option, library_option
from .terminal import counted


def stdin_option(command: Any) -> Any:
    return click.option(
        "--stdin", "from_stdin", is_flag=True, help="Read the password from standard input, its first line."
    )(command)


@click.group()
def user() -> None:
    """Say who may log in where the library is served."""


@user.command("add")
@click.argument("name")
@library_option
@stdin_option
def add(name: str, library: Path, from_stdin: bool) -> None:
    """Let NAME log in, with a password that is asked for."""
    from .users import Users

    users = Users(library)
    users.check_new(name)
    first = not users
    added = users.add(name, _password(from_stdin))
    click.echo(f"Added {added}. A key for programs: byline user key {added}")
    if first:
        click.echo("A server that runs already asks for a login once it is started again.")


@user.command("password")
@click.argument("name")
@library_option
@stdin_option
def change_password(name: str, library: Path, from_stdin: bool) -> None:
    """Give NAME another password, and end the logins with the old one."""
    from .users import Users

    users = Users(library)
    users.check_known(name)
    users.change_password(name, _password(from_stdin))
    click.echo(f"Changed the password of {name}.")


@user.command("list")
@library_option
@json_option
def list_users(library: Path, as_json: bool) -> None:
    """List who may log in, and who has a key for programs."""
    from .users import Users

    users = Users(library).all().values()
    if as_json:
        click.echo(json.dumps([{"name": each.name, "key": bool(each.key)} for each in users]))
    elif users:
        for each in users:
            click.echo(f"{each.name}  has a key" if each.key else each.name)
    else:
        click.echo("Nobody. Add a user with: byline user add NAME", err=True)


@user.command("remove")
@click.argument("name")
@library_option
@click.option("--conversations", is_flag=True, help="Delete what they asked, too.")
def remove(name: str, library: Path, conversations: bool) -> None:
    """Let NAME log in no more; who is logged in as them is out at once."""
    from .store import Store
    from .users import Users

    users = Users(library)
    removed = users.check_known(name)
    users.remove(name)
    said = f"Removed {removed}."
    if conversations:
        with closing(Store.open(library)) as store:
            gone = store.forget(removed)
        said += f" Deleted {counted(gone, 'conversation')}."
    click.echo(said)


@user.command("key")
@click.argument("name")
@library_option
@click.option("--revoke", is_flag=True, help="Make no key; the one there is opens nothing any more.")
def key(name: str, library: Path, revoke: bool) -> None:
    """Make a key for NAME's programs, and print it: it is kept nowhere. The one before it is void."""
    from .users import Users

    if revoke:
        Users(library).revoke_key(name)
        click.echo(f"{name} has no key any more.")
        return
    click.echo(Users(library).new_key(name))
    click.echo("Send it as a header, Authorization: Bearer KEY. It is not shown again.", err=True)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not _is_terminal():
        raise WrongUsage("There is no terminal to ask for the password on. Pipe it in, with --stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Once more"))

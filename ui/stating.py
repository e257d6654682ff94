"""Said once on standard error, and remembered: that questions and passages leave the machine."""

from pathlib import Path

import click
import platformdirs

from index.settings import APP
from qa import Settings


def state_once(settings: Settings) -> None:
    """Says it where a model elsewhere is asked, unless it was said before of the same one."""
    from qa.models.privacy import statement

    if settings.endpoint is None or not (line := statement(settings.endpoint)):
        return
    said = Path(platformdirs.user_state_dir(APP)) / "stated"
    try:
        if line in said.read_text(encoding="utf-8").splitlines():
            return
    except (OSError, UnicodeDecodeError):
        pass
    click.echo(f"Note: {line} This is said once.", err=True)
    try:
        said.parent.mkdir(parents=True, exist_ok=True)
        with said.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    except OSError:
        pass  # then it is said again

"""What Byline says, and tells a model, in words that a person may want to change: one Markdown file each,
with $variables. A folder of one's own overrides them, file by file."""

from importlib.resources import files
from pathlib import Path
from string import Template

__all__ = ["VARIABLES", "check", "load", "names", "text"]

VARIABLES: dict[str, tuple[str, ...]] = {
    "answer": ("boundary", "abstention", "length", "today"),
    "check": (),
    "condense": ("conversation", "question"),
    "cut-off": ("reason",),
    "no-answer": ("nearest",),
    "question": ("boundary", "evidence", "conversation", "question"),
}
"""What each prompt is given."""


def names() -> list[str]:
    """The names of all prompts, sorted."""
    return sorted(
        entry.name.removesuffix(".md") for entry in files(__name__).iterdir() if entry.name.endswith(".md")
    )


def text(name: str, folder: str = "") -> str:
    """A prompt as it stands in its file, in `folder` where there is one of that name. LookupError, with the
    names that there are."""
    file = files(__name__) / f"{name}.md"
    if not file.is_file():
        raise LookupError(f"there is no prompt {name!r}; there are {', '.join(names())}")
    own = Path(folder) / f"{name}.md"
    source = own if folder and own.is_file() else file
    return source.read_text(encoding="utf-8").strip()


def load(name: str, folder: str = "", /, **variables: str) -> str:
    """A prompt with its $variables filled in. LookupError names one that is missing."""
    try:
        return Template(text(name, folder)).substitute(variables)
    except KeyError as missing:
        raise LookupError(f"prompt {name!r} needs ${missing.args[0]}, which was not given") from None


def check(folder: str) -> None:
    """LookupError, naming the file, where a folder of one's own prompts cannot be used."""
    if not Path(folder).is_dir():
        raise LookupError(f"{folder!r} is no folder")
    for own in sorted(Path(folder).glob("*.md")):
        if own.stem not in names():
            raise LookupError(f"{own} is the name of no prompt; there are {', '.join(names())}")
        try:
            template = Template(own.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise LookupError(f"{own} cannot be read: {error}") from None
        if not template.is_valid():
            raise LookupError(f"{own} has a $ that begins no variable; write $$ for a dollar sign")
        unknown = sorted(set(template.get_identifiers()) - set(VARIABLES[own.stem]))
        if unknown:
            given = ", ".join(f"${name}" for name in VARIABLES[own.stem]) or "none"
            raise LookupError(f"{own} has ${unknown[0]}, which is not given; its variables are: {given}")

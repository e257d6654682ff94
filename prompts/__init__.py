"""What Byline says in words that a person may want to change: one Markdown file each, with $variables."""

from importlib.resources import files
from string import Template

__all__ = ["load", "names", "text"]


def names() -> list[str]:
    """The names of all prompts, sorted."""
    return sorted(
        entry.name.removesuffix(".md") for entry in files(__name__).iterdir() if entry.name.endswith(".md")
    )


def text(name: str) -> str:
    """A prompt as it stands in its file. LookupError, with the names that there are."""
    file = files(__name__) / f"{name}.md"
    if not file.is_file():
        raise LookupError(f"there is no prompt {name!r}; there are {', '.join(names())}")
    return file.read_text(encoding="utf-8").strip()


def load(name: str, **variables: str) -> str:
    """A prompt with its $variables filled in. LookupError names one that is missing."""
    try:
        return Template(text(name)).substitute(variables)
    except KeyError as missing:
        raise LookupError(f"prompt {name!r} needs ${missing.args[0]}, which was not given") from None

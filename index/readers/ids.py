"""Article ids that survive edits: derived from where an article is, or else from its text."""

from hashlib import sha256

from .urls import canonical_url


def url_id(url: str, part: str = "") -> str:
    """The id of the page at `url`, or of a part of it, the same for all spellings of that address."""
    return f"url-{digest(f'{canonical_url(url)}#{part}' if part else canonical_url(url))}"


def path_id(name: str, part: str = "") -> str:
    """The id of what stands in a file: `name` is its path below its root, `part` its place in there."""
    return f"path-{digest(f'{name}#{part}' if part else name)}"


def text_id(text: str) -> str:
    """The id of what comes from no place that could name it: another text is another article."""
    return f"text-{digest(text)}"


def digest(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of `text`."""
    # A file name that is not UTF-8 holds lone surrogates; escaped, different names stay different.
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]

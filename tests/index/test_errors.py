import re

import pytest

from index import errors
from index.errors import BylineError, LibraryDamaged, NothingToIndex, SourceError
from index.types import Failure


def tree(root: type[Exception], depth: int = 0) -> list[str]:
    """The classes below `root` that index defines, as the docstring draws them: depth and name."""
    lines = []
    for child in root.__subclasses__():
        if child.__module__ == "index.errors":
            lines += [f"{depth} {child.__name__}", *tree(child, depth + 1)]
    return lines


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    drawn = [
        f"{match[1].count('│')} {match[2]}"
        for match in re.finditer(r"^    ([│ ]*)[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE)
    ]
    assert drawn == tree(BylineError)


def test_a_remedy_follows_what_happened() -> None:
    error = LibraryDamaged("The library is damaged.", "Rebuild it.")
    assert (str(error), error.what, error.remedy) == (
        "The library is damaged. Rebuild it.",
        "The library is damaged.",
        "Rebuild it.",
    )


def test_an_error_without_a_remedy_says_what_happened() -> None:
    assert str(LibraryDamaged("The library is damaged.")) == "The library is damaged."


def test_a_source_error_names_the_source_first() -> None:
    error = SourceError("a.md", "is empty")
    assert (str(error), error.source, error.reason) == ("a.md: is empty", "a.md", "is empty")


def test_nothing_to_index_carries_the_failures() -> None:
    failure = Failure("a.md", "is empty")
    assert NothingToIndex("Nothing.", "Name a file.", (failure,)).failures == (failure,)


@pytest.mark.parametrize("kind", [BylineError, *BylineError.__subclasses__()])
def test_no_error_is_pythons_own_index_error(kind: type[Exception]) -> None:
    assert not issubclass(kind, IndexError)

import pytest

from index.errors import SourceError
from index.readers.failures import Failures
from index.types import Failure


def test_a_callback_gets_each() -> None:
    seen: list[Failure] = []
    failures = Failures(seen.append)
    failures.add(Failure("a", "is empty"))
    failures.settle()
    assert seen == [Failure("a", "is empty")]


def test_without_one_the_first_is_raised_at_the_end() -> None:
    failures = Failures(None)
    failures.settle()
    failures.add(Failure("a", "is empty"))
    with pytest.raises(SourceError, match=r"^a: is empty$"):
        failures.settle()
    failures.add(Failure("b", "is empty"))
    failures.add(Failure("c", "is empty"))
    with pytest.raises(SourceError, match=r"^a: is empty \(and 2 more\)$"):
        failures.settle()

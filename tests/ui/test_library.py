"""Opening a library in the background, and again where it failed."""

import asyncio
import threading

import pytest

from index.errors import BylineError, LibraryNotFound
from qa import Assistant
from tests.ui.scripted import scripted_assistant
from ui.library import Library


def test_it_is_opened_once_however_many_wait() -> None:
    opened = []

    def open_slowly() -> Assistant:
        opened.append(threading.current_thread())
        threading.Event().wait(0.1)
        return scripted_assistant()  # type: ignore[return-value]

    library = Library(open_slowly)

    async def three_wait() -> set[int]:
        return {id(assistant) for assistant in await asyncio.gather(*(library.ready() for _ in range(3)))}

    assert len(asyncio.run(three_wait())) == 1
    assert len(opened) == 1


def test_one_that_is_not_there_yet_is_opened_when_it_is() -> None:
    assistant = scripted_assistant()
    attempts = iter([LibraryNotFound("Not there."), None])

    def open_second_time() -> Assistant:
        if problem := next(attempts):
            raise problem
        return assistant  # type: ignore[return-value]

    library = Library(open_second_time)
    with pytest.raises(LibraryNotFound):
        asyncio.run(library.ready())
    assert asyncio.run(library.ready()) is assistant  # type: ignore[comparison-overlap]


def test_what_nobody_foresaw_is_logged_and_said_politely(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Assistant:
        raise RuntimeError("secret")

    with pytest.raises(BylineError) as raised:
        asyncio.run(Library(fail).ready())
    assert "secret" not in str(raised.value)
    assert "secret" in caplog.text


def test_while_it_is_being_opened_it_says_so() -> None:
    release = threading.Event()

    def wait() -> Assistant:
        release.wait(5)
        return scripted_assistant()  # type: ignore[return-value]

    library = Library(wait)
    with pytest.raises(BylineError, match="being opened"):
        library.opened()
    release.set()

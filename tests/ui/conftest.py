"""A browser, and the real application on a free port of this machine, with answers that are scripted."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.ui.scripted import ScriptedAssistant, scripted_assistant
from ui.app import assemble
from ui.library import Library

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


PATIENCE = 60_000
"""Milliseconds that are waited for what a page is to show: the machine may be busy with other things."""

expect.set_options(timeout=PATIENCE)


@contextmanager
def serving(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The address of an application that is served meanwhile; at any port that is free, or at that one."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=0)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. For one module at a time: meanwhile Playwright's event loop forbids `asyncio.run`."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("BYLINE_REQUIRE_BROWSER") == "1":
            pytest.fail("BYLINE_REQUIRE_BROWSER=1, and there is no chromium on the PATH")
        pytest.skip("there is no chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def assistant() -> ScriptedAssistant:
    return scripted_assistant()


@pytest.fixture(scope="session")
def site(assistant: ScriptedAssistant) -> Iterator[str]:
    """The address of the page over the scripted assistant, where `X-Person` says who asks."""
    app = assemble(Library(lambda: assistant))  # type: ignore[arg-type, return-value]
    app.add_middleware(Named)
    with serving(app) as url:
        yield url


class Named:
    """In the place of a login: whoever `X-Person` names is who asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["user"] = Headers(scope=scope).get("x-person", "")
        await self.app(scope, receive, send)


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts of different people, and closes them."""
    contexts: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        person = {"X-Person": f"{os.urandom(4).hex()}"}
        given = {"viewport": {"width": 1280, "height": 800}, "extra_http_headers": person, **options}
        context = browser.new_context(**given)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def tab(browser: Browser, site: str) -> Iterator[Page]:
    """A page that all tests of a module use: to open one takes longer than most of them."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, extra_http_headers={"X-Person": "with a tab"}
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(site)
    page.get_by_text("2 articles").wait_for()
    yield page
    context.close()


@pytest.fixture
def page(tab: Page, site: str) -> Page:
    """That page, turned to a new conversation, with nothing chosen, ready to be asked."""
    tab.context.clear_cookies()
    if not tab.url.startswith(f"{site}?c="):
        tab.goto(site)
    tab.mouse.move(0, 0)
    tab.get_by_role("button", name="New conversation").click()
    tab.get_by_text("Ask your articles").wait_for()
    tab.get_by_label("Your question").fill("")
    return tab

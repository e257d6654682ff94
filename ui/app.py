"""The web chat: its parts put together, and served."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # before gradio is imported, which reads it

import errno
import ipaddress
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from index.errors import BylineError
from index.memory import give_back
from qa import Assistant, Settings
from ui.articles import article_routes
from ui.chat import chat_page
from ui.conversations import Conversations
from ui.doors.desk import Desk, Gate
from ui.doors.opened import NO_DOORS, Doors
from ui.doors.opening import Opening
from ui.doors.turns import taking_turns
from ui.history import conversation_routes
from ui.library import Library
from ui.library_routes import library_routes
from ui.limits import Limits
from ui.login import Login
from ui.login_page import login_routes
from ui.process import prepare
from ui.rates import Rate
from ui.security import Security
from ui.sessions import Sessions
from ui.settings import ServeSettings
from ui.store import Store
from ui.users import Users
from ui.wire import Wire
from ui.works import Works

STATIC = Path(__file__).with_name("static")
HEAD = """<link rel="stylesheet" href="byline/article.css">
<link rel="stylesheet" href="byline/chat.css">
<link rel="stylesheet" href="byline/panels.css">
<script src="byline/id.js" data-here></script>
<script type="module" src="byline/byline.js"></script>
<link rel="icon" href="byline/favicon.svg">"""

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")

THEME = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]).set(
    body_background_fill="#faf9f6",  # what is painted before article.css is there: its paper and ink
    body_background_fill_dark="#171614",
    body_text_color="#1d1b18",
    body_text_color_dark="#ece9e2",
)
"""Fonts by name, so that none is fetched."""


def create_app(
    library: Path,
    settings: Settings | None = None,
    *,
    hosts: Collection[str] | None = None,
    allow_private: bool = False,
    doors: Doors = NO_DOORS,
    login: bool = True,
    serving: ServeSettings | None = None,
) -> FastAPI:
    """The chat over a library as an ASGI application.

    It loads no models: the library is opened in the background once the application starts. `hosts`
    are the names under which it may be addressed; None allows any. `allow_private` lets people add what is
    in the server's own network, and `doors` are opened to programs. Where the library has users, only they
    are served, unless `login` is False.
    """
    home = library.expanduser().absolute()
    works = Works(home, allow_private=allow_private)
    users = Users(home) if login else None
    opened = Library(lambda: _ready(home, settings))
    return assemble(opened, home, works, hosts=hosts, doors=doors, users=users, serving=serving)


def _ready(library: Path, settings: Settings | None) -> Assistant:
    """Opened, with its models loaded, so that nobody waits for them who asks first."""
    assistant = Assistant.open(library, settings)
    try:
        assistant.load()
    except BaseException:
        assistant.close()
        raise
    give_back()  # what importing and loading took on the way
    return assistant


def assemble(
    library: Library,
    home: Path | None = None,
    works: Works | None = None,
    *,
    hosts: Collection[str] | None = None,
    doors: Doors = NO_DOORS,
    gate: Gate | None = None,
    users: Users | None = None,
    serving: ServeSettings | None = None,
) -> FastAPI:
    """The application around a library that is still to be opened. Conversations are kept in its folder,
    `home`, or else in memory; without `works` nothing can be added, without `users` there is no login. What
    programs ask through the `doors` goes through the `gate`; where none is given, it takes its turn among the
    chat's questions. BylineError where a door needs a package that is missing."""
    serving = serving or ServeSettings.load()
    limits = Limits(serving)
    desk = Desk(library, gate or taking_turns(limits))
    opening = Opening(desk, doors)
    conversations = Conversations(Store.open(home))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        library.open()
        async with opening.running():
            yield
        if works is not None:
            works.stop()
        library.close()
        conversations.close()

    app = FastAPI(title="Byline", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    if users:
        sessions = Sessions(users, serving.session_hours)
        app.add_middleware(Login, users=users, sessions=sessions)
        tries = Rate(serving.logins_per_minute)
        app.include_router(login_routes(users, sessions, tries, hours=serving.session_hours))
    app.add_middleware(  # the one that is added last is asked first
        Security, hosts=hosts, doors=doors, login=bool(users)
    )
    app.include_router(article_routes(library))
    app.include_router(conversation_routes(library, conversations))
    app.include_router(library_routes(library, home, works))
    opening.add_to(app)
    app.mount("/byline", StaticFiles(directory=STATIC))
    gr.mount_gradio_app(
        app,
        chat_page(library, conversations, limits=limits, desk=desk if doors.api else None),
        path="/",
        theme=THEME,
        head=HEAD,
        footer_links=[],
        show_error=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    return app


def serve(
    library: Path,
    settings: Settings | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    on_ready: Callable[[str], None] | None = None,
    doors: Doors = NO_DOORS,
    login: bool = True,
) -> None:
    """Serve the chat over a library until Ctrl-C.

    Once the page can be opened, `on_ready` is called with its address. Raises BylineError when the
    port is taken. On a local address the server answers to local names only.
    """
    hosts = LOCAL_NAMES if host in LOCAL_NAMES else None
    serving = ServeSettings.load()
    app = create_app(library, settings, hosts=hosts, doors=doors, login=login, serving=serving)
    with listening(host, port) as listener:
        config = configured(app, serving)
        server = Server(config, address(host, listener.getsockname()[1]), open_browser, on_ready)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def configured(app: FastAPI, serving: ServeSettings) -> uvicorn.Config:
    """How uvicorn serves it: it logs no request, and believes no proxy but those of the settings."""
    prepare()
    return uvicorn.Config(
        app,
        http=Wire,
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(serving.proxies),
        forwarded_allow_ips=serving.proxies,
        timeout_graceful_shutdown=2,
    )


def is_local(host: str) -> bool:
    """Whether nobody but this machine reaches what listens there."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; raises BylineError when it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise BylineError(
                f"Port {port} is taken.", "Stop what uses it, or choose another with --port."
            ) from None
        raise BylineError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error


def address(host: str, port: int) -> str:
    """What to open in a browser on this machine."""
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"


class Server(uvicorn.Server):
    """A server that says when its page can be opened, and that ends at once although pages are open."""

    def __init__(
        self, config: uvicorn.Config, url: str, open_browser: bool, on_ready: Callable[[str], None] | None
    ) -> None:
        super().__init__(config)
        self._url = url
        self._open_browser = open_browser
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        if self._on_ready is not None:
            self._on_ready(self._url)
        if self._open_browser:
            threading.Thread(target=webbrowser.open, args=[self._url], daemon=True).start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.close()  # the stream of events to an open page would never end by itself
        await super().shutdown(sockets)

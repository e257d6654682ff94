"""Draw docs/*.png from the sample articles: `python docs/screenshots.py [NAME …]`. Needs Chromium."""

import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

import seeds
from index import build
from ui.app import create_app

DOCS = Path(__file__).parent
PATIENCE = 600_000
"""Milliseconds: the machine may be busy with other things."""
WIDE = {"viewport": {"width": 1280, "height": 800}}
DARK = {**WIDE, "color_scheme": "dark"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 1.5,
    "is_mobile": True,
    "has_touch": True,
}
EARLIER = ("Why do some tides climb higher than others?", "Who was expelled from France?")
BRIDGE = ("Which judge led the inquiry into the bridge?", "In which year did the suspension bridge open?")
LONG = "\n\n".join(
    f"In week {week} of the survey the party walked {20 + week % 9} miles of the shore between Harrowmouth "
    f"and Vellmouth, and counted {300 + 7 * week} seals on the sands. Nobody had counted them there before."
    for week in range(1, 61)
)


def main(names: list[str]) -> None:
    shots = {name: shot for name, shot in SHOTS.items() if not names or name in names}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        (home / "survey.md").write_text(
            "---\ntitle: A year of counting seals\nauthor: Ruth Calloway\nsite: Meridian Science Weekly\n"
            f"date: 2025-05-20\nurl: https://meridian.example/seals\n---\n\n{LONG}\n\n"
            "The survey ended on the last day of May, when Ruth Calloway fell into a rock pool and lost her "
            f"boots.\n\n{LONG}\n",
            encoding="utf-8",
        )
        build([seeds.articles_dir(), home / "survey.md"], library=home / "library")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with served(home / "library") as full, served(home / "nothing") as empty:
            for name, (draw, options) in shots.items():
                page = browser.new_context(**options).new_page()
                page.set_default_timeout(PATIENCE)
                forget(page, full)
                draw(page, empty if name.startswith("empty") else full)
                page.mouse.move(0, 0)
                page.wait_for_timeout(600)
                page.screenshot(path=DOCS / f"{name}.png")
                page.context.close()
        browser.close()


@contextmanager
def served(library: Path) -> Iterator[str]:
    """The address of the chat over a library."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(library), log_level="error"))
        threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


def forget(page: Page, site: str) -> None:
    """Deletes what was asked for the pictures before."""
    for conversation in page.request.get(f"{site}conversations").json():
        page.request.delete(f"{site}conversations/{conversation['id']}")


def chat(page: Page, site: str, *questions: str) -> None:
    """Asks in a new conversation."""
    page.goto(site)
    expect(page.locator("#status")).to_contain_text("articles", timeout=PATIENCE)
    for count, question in enumerate(questions, 1):
        page.get_by_label("Your question").fill(question)
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#chat hr")).to_have_count(count, timeout=PATIENCE)


def first_quotation(page: Page, last: bool = False) -> None:
    markers = page.locator('#chat p a[href^="article?"]')
    (markers.last if last else markers.first).click()
    expect(page.locator("#article-pane mark").first).to_be_in_viewport(timeout=PATIENCE)


def asked(page: Page, site: str) -> None:
    for question in EARLIER:
        chat(page, site, question)
    chat(page, site, *BRIDGE)
    first_quotation(page)


def answer(page: Page, site: str) -> None:
    chat(page, site, *BRIDGE)


def abstained(page: Page, site: str) -> None:
    chat(page, site, "Which team won the ice hockey world championship of 1976?")


def long_article(page: Page, site: str) -> None:
    chat(page, site, "Who fell into a rock pool and lost her boots?")
    first_quotation(page)


def library(page: Page, site: str) -> None:
    page.goto(f"{site}library")
    expect(page.locator(".counted")).to_be_visible(timeout=PATIENCE)


def empty(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.get_by_text("No articles yet")).to_be_visible(timeout=PATIENCE)


SHOTS = {
    "chat-wide": (asked, WIDE),
    "chat-dark": (asked, DARK),
    "chat-phone": (answer, PHONE),
    "chat-abstains": (abstained, WIDE),
    "chat-long-article": (long_article, WIDE),
    "library": (library, {"viewport": {"width": 1280, "height": 1400}}),
    "empty": (empty, WIDE),
}


if __name__ == "__main__":
    main(sys.argv[1:])

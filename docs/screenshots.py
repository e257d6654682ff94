"""Draw docs/chat-*.png from the sample articles: `python docs/screenshots.py`. Needs Chromium."""

import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, expect, sync_playwright

import seeds
from index import build
from ui.app import create_app

DOCS = Path(__file__).parent
QUESTIONS = (
    "How much did the Tern Bridge cost in the end?",
    "Who is Harrowmouth Albion's present coach?",
)
WIDE = {"viewport": {"width": 1280, "height": 800}}
SHOTS = {
    "chat-wide.png": WIDE,
    "chat-dark.png": {**WIDE, "color_scheme": "dark"},
    "chat-phone.png": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        build([seeds.articles_dir()], library=library)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = uvicorn.Server(uvicorn.Config(create_app(library), log_level="error"))
            threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True).start()
            while not server.started:
                time.sleep(0.05)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                for name in SHOTS:
                    draw(browser, f"http://127.0.0.1:{listener.getsockname()[1]}/", name)
                browser.close()


def draw(browser: Browser, site: str, name: str) -> None:
    """Ask, open the first quotation, and draw the page; on the phone, the answer itself."""
    page = browser.new_context(**SHOTS[name]).new_page()
    page.goto(site)
    expect(page.locator("#status")).to_contain_text("articles", timeout=30_000)
    for count, question in enumerate(QUESTIONS, 1):
        page.get_by_label("Your question").fill(question)
        page.get_by_label("Your question").press("Enter")
        expect(page.locator("#chat hr")).to_have_count(count, timeout=30_000)
    if "phone" not in name:
        page.locator('#chat p a[href^="article?"]').first.click()
        expect(page.locator("#article-pane mark").first).to_be_in_viewport()
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    page.screenshot(path=DOCS / name)


if __name__ == "__main__":
    main()

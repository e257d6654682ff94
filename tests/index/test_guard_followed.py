"""What is read from the web points to places that must not be reached, and none is.

Feeds' and sitemaps' pages are followed, and stopped by the check of addresses; nothing else is followed at
all. CANARY stands for an address in each document: in a private network, where this process would end at the
canary, and of the canary itself on this machine, where a child process would.
"""

import re
import sys
from contextlib import suppress

import pytest

from index.errors import FetchError
from index.readers.apart import dismiss
from index.readers.patterns import Patterns
from index.roots import Roots
from index.survey import Survey
from index.types import Article

PUBLIC = "93.184.216.34"
START = "http://example.org/start"
TEXT = "The keeper lit the lamp, and it burned for nine hours. " * 12
ITEM = "<item><title>A</title>{}</item>"
RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Q</title>{}</channel></rss>'
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}><title>Q</title><entry><title>A</title>{}</entry></feed>'
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>{}</url></urlset>'
)
HTML = (
    "<!doctype html><html><head><title>The lamp</title>{}</head><body><article><h1>The lamp</h1>"
    f"<p>{TEXT}</p></article>{{}}</body></html>"
)

FOLLOWED = {
    "rss-link": RSS.format(ITEM.format("<link>CANARY</link>")),
    "rss-link-and-text": RSS.format(ITEM.format(f"<link>CANARY</link><description>{TEXT}</description>")),
    "rss-guid": RSS.format(ITEM.format("<guid>CANARY</guid>")),
    "rss-permalink": RSS.format(ITEM.format('<guid isPermaLink="true">CANARY</guid>')),
    "rss-base": RSS.replace("<channel>", '<channel xml:base="CANARY">').format(
        ITEM.format("<link>/a</link>")
    ),
    "atom-link": ATOM.format("", '<link href="CANARY"/>'),
    "atom-alternate": ATOM.format("", '<link rel="alternate" type="text/html" href="CANARY"/>'),
    "atom-id": ATOM.format("", "<id>CANARY</id>"),
    "atom-base": ATOM.format(' xml:base="CANARY"', '<link href="a"/>'),
    "atom-base-and-text": ATOM.format(
        ' xml:base="CANARY"', f'<link href="a"/><content type="html">{TEXT}</content>'
    ),
    "sitemap": SITEMAP.format("<loc>CANARY</loc>"),
    "sitemap-of-sitemaps": "<sitemapindex><sitemap><loc>CANARY</loc></sitemap></sitemapindex>",
}
OF_FEEDS = {
    "rss-enclosure": RSS.format(ITEM.format('<enclosure url="CANARY" type="text/html" length="9"/>')),
    "rss-media": RSS.format(ITEM.format('<media:content url="CANARY"/><media:thumbnail url="CANARY"/>')),
    "rss-comments": RSS.format(ITEM.format("<comments>CANARY</comments><source url='CANARY'>x</source>")),
    "rss-guid-no-link": RSS.format(ITEM.format('<guid isPermaLink="false">CANARY</guid>')),
    "rss-itself": RSS.format(
        "<link>CANARY</link><image><url>CANARY</url><link>CANARY</link></image><docs>CANARY</docs>"
        '<atom:link rel="self" href="CANARY"/><atom:link rel="hub" href="CANARY"/>'
        '<atom:link rel="next" href="CANARY"/><cloud domain="10.0.0.1" port="80" path="/"/>' + ITEM.format("")
    ),
    "rss-content": RSS.format(
        ITEM.format(
            f"<content:encoded><![CDATA[<p>{TEXT}</p><img src='CANARY' srcset='CANARY 2x'>"
            "<iframe src='CANARY'></iframe><script src='CANARY'></script><video src='CANARY' poster='CANARY'>"
            "</video><link rel='stylesheet' href='CANARY'><style>@import 'CANARY';</style>"
            "<object data='CANARY'></object><a href='CANARY'>there</a><base href='CANARY'>"
            "<meta http-equiv='refresh' content='0;url=CANARY'>]]></content:encoded>"
        )
    ),
    "atom-links": ATOM.format(
        "",
        "".join(
            f'<link rel="{rel}" href="CANARY"/>'
            for rel in (
                "self",
                "enclosure",
                "edit",
                "related",
                "via",
                "replies",
                "next",
                "license",
                "payment",
            )
        ),
    ),
    "atom-alternates": ATOM.format("", '<link rel="alternate" type="application/pdf" href="CANARY"/>'),
    "atom-src": ATOM.format("", '<content type="text/html" src="CANARY"/><author><uri>CANARY</uri></author>'),
    "stylesheet": '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="CANARY"?>'
    + RSS.format(ITEM.format("")),
    "doctype": '<!DOCTYPE rss SYSTEM "CANARY">' + RSS.format(ITEM.format("")),
    "doctype-public": '<!DOCTYPE rss PUBLIC "-//x" "CANARY">' + RSS.format(ITEM.format("")),
    "entity": '<!DOCTYPE rss [<!ENTITY e SYSTEM "CANARY">]>'
    + RSS.format(ITEM.format("<description>&e;</description>")),
    "entity-parameter": '<!DOCTYPE rss [<!ENTITY % e SYSTEM "CANARY"> %e;]>' + RSS.format(ITEM.format("")),
    "xinclude": RSS.format(
        ITEM.format('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="CANARY" parse="text"/>')
    ),
    "schema": RSS.replace(
        "<rss ",
        '<rss xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="CANARY CANARY" ',
    ).format(ITEM.format("")),
}
OF_SITEMAPS = {
    "sitemap-image": SITEMAP.format("<image:image><image:loc>CANARY</image:loc></image:image>"),
    "sitemap-other-languages": SITEMAP.format(
        '<loc>/page</loc><xhtml:link rel="alternate" hreflang="de" href="CANARY"/>'
    ),
    "sitemap-stylesheet": '<?xml-stylesheet type="text/xsl" href="CANARY"?>'
    + SITEMAP.format("<loc>/page</loc>"),
    "sitemap-doctype": '<!DOCTYPE urlset SYSTEM "CANARY">' + SITEMAP.format("<loc>/page</loc>"),
    "sitemap-entity": '<!DOCTYPE urlset [<!ENTITY e SYSTEM "CANARY">]>' + SITEMAP.format("<loc>&e;</loc>"),
    "sitemap-entity-parameter": '<!DOCTYPE urlset [<!ENTITY % e SYSTEM "CANARY"> %e;]>'
    + SITEMAP.format("<loc>/page</loc>"),
}
OF_PAGES = {
    name: HTML.format(head, body)
    for name, (head, body) in {
        "canonical": ('<link rel="canonical" href="CANARY">', ""),
        "base-and-canonical": ('<base href="CANARY"><link rel="canonical" href="/a">', ""),
        "shared-as": (
            '<meta property="og:url" content="CANARY"><meta property="og:image" content="CANARY">',
            "",
        ),
        "refresh": ('<meta http-equiv="refresh" content="0; url=CANARY">', ""),
        "alternate": (
            '<link rel="alternate" type="application/rss+xml" href="CANARY">'
            '<link rel="amphtml" href="CANARY">',
            "",
        ),
        "next": ('<link rel="next" href="CANARY"><link rel="prefetch" href="CANARY">', ""),
        "stylesheet": ('<link rel="stylesheet" href="CANARY"><style>@import "CANARY";</style>', ""),
        "script": ('<script src="CANARY"></script><script>location = "CANARY"</script>', ""),
        "json-ld": (
            '<script type="application/ld+json">{"@context": "CANARY", "url": "CANARY"}</script>',
            "",
        ),
        "images": ("", '<img src="CANARY" srcset="CANARY 2x"><picture><source srcset="CANARY"></picture>'),
        "frames": ("", '<iframe src="CANARY"></iframe><object data="CANARY"></object><embed src="CANARY">'),
        "links": ("", '<a href="CANARY" ping="CANARY">there</a><form action="CANARY"></form>'),
    }.items()
}
PASSED_OVER = {**OF_FEEDS, **OF_SITEMAPS, **{f"page-{name}": page for name, page in OF_PAGES.items()}}
PRIVATE = ["http://10.0.0.1/", "http://localhost/", "http://169.254.169.254/latest/", "http://[::1]/"]
# The child of a feed, given an address to open, opens it.
GREEDY = (
    "import json, re, socket, sys;"
    "size = json.loads(sys.stdin.buffer.readline())['size'];"
    "port = re.search(rb'http://127.0.0.1:([0-9]+)', sys.stdin.buffer.read(size))[1];"
    "socket.create_connection(('127.0.0.1', int(port))).recv(1);"
    'print(\'{"end": true, "spent": true}\')'
)


@pytest.fixture
def guarded(world):
    world.names["localhost"] = [["127.0.0.1"]]
    world.site.page("/page", HTML.format("", "").encode())
    return world


@pytest.fixture
def unguarded(guarded, monkeypatch: pytest.MonkeyPatch):
    """Every address is taken for a public one."""
    monkeypatch.setattr("index.fetch.reserved", lambda address: None)
    return guarded


def surveyed(world, document: str, canary: str, **options: bool) -> tuple[list[Article], list[str]]:
    """The articles of a document that points to `canary`, and why others could not be read."""
    world.site.page("/start", document.replace("CANARY", canary).encode())
    survey = Survey(None, Roots({START: Patterns()}), fetcher=world.fetcher(**options))
    articles = [change.article for change in survey.changes() if change.article]
    return articles, [failure.reason for failure in survey.failures]


def on_this_machine(world) -> str:
    return f"http://127.0.0.1:{world.canary.port}/"


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("to", PRIVATE)
def test_a_page_that_is_not_on_the_public_internet_is_not_reached(guarded, name: str, to: str) -> None:
    articles, reasons = surveyed(guarded, FOLLOWED[name], to)
    assert articles == []
    assert len(reasons) == 1 and reasons[0].startswith("is not opened: ")
    assert {address for address, _ in guarded.connected} == {PUBLIC}
    assert guarded.canary.reached == 0


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("to", PRIVATE)
def test_without_the_check_of_addresses_it_is(unguarded, name: str, to: str) -> None:
    surveyed(unguarded, FOLLOWED[name], to)
    assert unguarded.canary.reached >= 1


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_page_on_another_port_is_not_reached(guarded, name: str) -> None:
    _, reasons = surveyed(guarded, FOLLOWED[name], on_this_machine(guarded))
    assert [re.search(r"port \d+ is neither 80 nor 443", reason) is not None for reason in reasons] == [True]
    assert guarded.canary.reached == 0


@pytest.mark.parametrize("to", PRIVATE)
@pytest.mark.parametrize("list_of", ["rss-link", "sitemap", "sitemap-of-sitemaps"])
def test_a_listed_page_that_leads_on_does_not_lead_there(guarded, list_of: str, to: str) -> None:
    guarded.site.redirect("/near", to)
    _, reasons = surveyed(guarded, FOLLOWED[list_of], "http://example.org/near")
    assert len(reasons) == 1 and "is not opened: " in reasons[0]
    assert (guarded.site.paths[-1], guarded.canary.reached) == ("/near", 0)


@pytest.mark.parametrize("name", PASSED_OVER)
def test_what_is_no_page_of_a_list_is_not_followed_at_all(unguarded, name: str) -> None:
    """Not even with the check of addresses gone and every port open."""
    for canary in (on_this_machine(unguarded), "http://10.0.0.1/"):
        articles, _ = surveyed(unguarded, PASSED_OVER[name], canary, allow_private=True)
        assert {address for address, _ in unguarded.connected} == {PUBLIC}
        assert unguarded.canary.reached == 0
        assert not any((article.url or "").startswith(canary) for article in articles)


@pytest.mark.parametrize("name", PASSED_OVER)
def test_whoever_followed_it_all_would_reach_the_canary_without_the_check_and_not_with_it(
    guarded, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def follow_all() -> None:
        for url in re.findall(
            r"http://10\.0\.0\.1[^\s'\"<]*", PASSED_OVER[name].replace("CANARY", PRIVATE[0])
        ):
            with suppress(FetchError):
                guarded.fetcher().get(url)

    follow_all()
    assert guarded.canary.reached == 0
    monkeypatch.setattr("index.fetch.reserved", lambda address: None)
    follow_all()
    assert guarded.canary.reached >= 1


def test_a_child_that_opened_it_would_reach_the_canary(guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    dismiss()
    monkeypatch.setattr("index.readers.apart._PROGRAM", (sys.executable, "-c", GREEDY))
    surveyed(guarded, OF_FEEDS["rss-enclosure"], on_this_machine(guarded))
    assert guarded.canary.reached == 1


def test_the_sitemaps_that_robots_txt_names_are_not_followed(unguarded) -> None:
    to = on_this_machine(unguarded)
    unguarded.site.page("/robots.txt", f"Sitemap: {to}\nUser-agent: *\nSitemap: {to}\nAllow: /\n".encode())
    articles, reasons = surveyed(unguarded, SITEMAP.format("<loc>/page</loc>"), to, allow_private=True)
    assert (len(articles), reasons, unguarded.site.paths) == (1, [], ["/start", "/robots.txt", "/page"])
    assert unguarded.canary.reached == 0

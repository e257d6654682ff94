"""Pages, feeds and sitemaps as sources, from a real server on this machine."""

import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index import lists as module
from index import remove
from index.errors import NothingToIndex, SourceError
from index.fetch import Fetcher, Limits
from index.pages import is_web
from index.types import Report
from index.watching import watch

LAMP = (
    "<!doctype html><html><head><title>The harbour lamp</title>"
    '<meta name="author" content="Ada Lind"><meta property="article:published_time" content="2024-05-01">'
    "{head}</head><body><nav>Home Contact Login</nav><article><h1>The harbour lamp</h1><p>The keeper lit the "
    "harbour lamp on Monday evening, an hour before the fog came in from the sea.</p><p>It burned for "
    "{hours} hours, and nobody in the town slept before it was out again.</p></article></body></html>"
)


def lamp(hours: str = "nine", head: str = "") -> str:
    return LAMP.format(hours=hours, head=head)


@dataclass
class Site:
    """`pages` by path; what is not there is 404. `asked` lists (path, status)."""

    url: str = ""
    pages: dict[str, str | bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def fetched(self) -> list[tuple[str, int]]:
        """What was asked for since the last time, robots.txt aside."""
        found = [each for each in self.asked if each[0] != "/robots.txt"]
        self.asked.clear()
        return found


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, etag = site.pages.get(self.path), site.etags.get(self.path)
            status = 404 if body is None else 200
            if etag and self.headers.get("If-None-Match") == etag:
                status = 304
            site.asked.append((self.path, status))
            self.send_response(status)
            self.send_header("Content-Type", site.types.get(self.path, "text/html; charset=utf-8"))
            if etag:
                self.send_header("ETag", etag)
            content = body.encode() if isinstance(body, str) else body or b""
            self.send_header("Content-Length", str(len(content) if status == 200 else 0))
            self.end_headers()
            if status == 200:
                self.wfile.write(content)

        def log_message(self, *anything: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def shelf(library):
    """A library; `shelf.build(address)` opens this machine's own addresses, without waiting between two."""
    shelf = library()
    build = shelf.build

    def built(*roots: str, **options: object) -> Report:
        fetcher = Fetcher(allow_private=True, limits=Limits(interval=0.0))
        return build(*roots, **{"fetcher": fetcher, **options})

    shelf.build = built
    return shelf


def counts(report: Report) -> dict[str, int]:
    kinds = ("added", "changed", "moved", "removed", "unchanged", "stale", "failed")
    return {kind: count for kind in kinds if (count := getattr(report, kind))}


def articles(shelf) -> dict[str, str]:
    """Source -> text."""
    with shelf.catalog() as catalog:
        return {article.source: article.text for article in catalog.articles()}


@pytest.mark.parametrize(
    ("place", "web"),
    [
        ("https://quay.example", True),
        ("HTTP://quay.example/a", True),
        ("https:quay", False),
        ("articles/http", False),
        ("ftp://quay.example", False),
    ],
)
def test_an_address_is_told_from_a_path(place: str, web: bool) -> None:
    assert is_web(place) == web


def test_a_page_is_an_article(shelf, site: Site) -> None:
    site.pages["/lamp"] = lamp()
    assert counts(shelf.build(f"{site.url}/lamp")) == {"added": 1}
    with shelf.catalog() as catalog:
        (article,) = catalog.articles()
    assert (article.title, article.authors, str(article.published)) == (
        "The harbour lamp",
        ("Ada Lind",),
        "2024-05-01",
    )
    assert article.source == article.url == f"{site.url}/lamp"
    assert article.text.endswith(
        "It burned for nine hours, and nobody in the town slept before it was out again."
    )
    assert "Login" not in article.text


def test_an_unchanged_page_costs_a_request_and_nothing_else(shelf, site: Site) -> None:
    site.pages["/lamp"], site.etags["/lamp"] = lamp(), '"1"'
    shelf.build(f"{site.url}/lamp")
    site.fetched()
    report = shelf.build(roots=None)
    assert (counts(report), report.encoded, shelf.generations) == ({"unchanged": 1}, 0, ["000001"])
    assert site.fetched() == [("/lamp", 304)]


def test_a_page_without_validators_is_compared(shelf, site: Site) -> None:
    site.pages["/lamp"] = lamp()
    shelf.build(f"{site.url}/lamp")
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}
    assert shelf.generations == ["000001"]


def test_an_edited_page_replaces_itself(shelf, site: Site) -> None:
    site.pages["/lamp"], site.etags["/lamp"] = lamp(), '"1"'
    shelf.build(f"{site.url}/lamp")
    site.pages["/lamp"], site.etags["/lamp"] = lamp("ten"), '"2"'
    assert counts(shelf.build(roots=None)) == {"changed": 1}
    assert "ten hours" in articles(shelf)[f"{site.url}/lamp"]


def test_a_page_that_is_gone_is_stale_and_recovers(shelf, site: Site) -> None:
    site.pages["/lamp"], site.etags["/lamp"] = lamp(), '"1"'
    shelf.build(f"{site.url}/lamp")
    page = site.pages.pop("/lamp")
    del site.etags["/lamp"]
    report = shelf.build(roots=None)
    assert counts(report) == {"stale": 1, "failed": 1}
    assert report.failures[0].reason == "was not served: its site answered 404"
    assert "nine hours" in articles(shelf)[f"{site.url}/lamp"]
    site.pages["/lamp"], site.etags["/lamp"] = page, '"1"'
    assert counts(shelf.build(roots=None)) == {"changed": 1}
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}


def test_files_and_pages_go_together(shelf, site: Site) -> None:
    site.pages["/lamp"] = lamp()
    shelf.write({"cats.md": "# Cats\n\nCats sit on mats."})
    assert counts(shelf.build(str(shelf.articles), f"{site.url}/lamp")) == {"added": 2}
    (shelf.articles / "cats.md").unlink()
    assert counts(shelf.build(roots=None)) == {"removed": 1, "unchanged": 1}


def test_an_address_that_fails_is_not_remembered(shelf, site: Site) -> None:
    with pytest.raises(NothingToIndex, match="was not served: its site answered 404"):
        shelf.build(f"{site.url}/nothing")
    shelf.write({"cats.md": "# Cats\n\nCats sit on mats."})
    shelf.build(str(shelf.articles), f"{site.url}/nothing")
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}


def test_no_password_is_shown(shelf) -> None:
    with pytest.raises(NothingToIndex) as raised:
        shelf.build("http://ada:xylophone@quay.example/")
    assert str(raised.value).endswith("is not opened: it holds a user name. Give the address without it.")
    assert "xylophone" not in str(raised.value) + str(raised.value.failures)


def test_a_private_address_is_refused_and_the_remedy_named(shelf, site: Site) -> None:
    site.pages["/lamp"] = lamp()
    with pytest.raises(NothingToIndex, match="If it is meant, add --allow-private"):
        shelf.build(f"{site.url}/lamp", fetcher=Fetcher())
    assert site.asked == []


def test_a_removed_page_is_not_fetched_again(shelf, site: Site) -> None:
    site.pages["/lamp"] = site.pages["/clock"] = lamp()
    shelf.build(f"{site.url}/lamp", f"{site.url}/clock")
    assert len(remove([f"{site.url}/lamp"], library=shelf.path, encoder=shelf.encoder)) == 1
    site.fetched()
    shelf.build(roots=None)
    assert [path for path, _ in site.fetched()] == ["/clock"]


def test_a_page_cannot_say_that_it_is_on_another_site(shelf, site: Site) -> None:
    site.pages["/lamp"] = lamp(head='<link rel="canonical" href="https://bank.example/lamp">')
    site.pages["/own"] = lamp(head=f'<link rel="canonical" href="{site.url}/canonical">')
    shelf.build(f"{site.url}/lamp", f"{site.url}/own")
    with shelf.catalog() as catalog:
        assert {article.url for article in catalog.articles()} == {
            f"{site.url}/lamp",
            f"{site.url}/canonical",
        }


def test_the_charset_that_the_server_states_decides(shelf, site: Site) -> None:
    site.pages["/lamp"] = lamp("nine and a half, çà et là,").encode("cp1250", "replace")
    site.types["/lamp"] = "text/html; charset=windows-1250"
    site.pages["/latin"] = lamp("neuf heures, à peu près,").encode("cp1252")
    site.types["/latin"] = "text/html; charset=windows-1252"
    shelf.build(f"{site.url}/lamp", f"{site.url}/latin")
    assert "neuf heures, à peu près, hours" in articles(shelf)[f"{site.url}/latin"]


# Feeds and sitemaps

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title>{items}</channel></rss>'
ITEM = "<item><title>A</title><link>{link}</link></item>"


def feed(site: Site, *paths: str) -> str:
    return RSS.format(items="".join(ITEM.format(link=site.url + path) for path in paths))


def test_the_pages_of_a_feed_are_articles_that_stay(shelf, site: Site) -> None:
    site.pages.update({"/one": lamp("one"), "/two": lamp("two"), "/three": lamp("three")})
    site.pages["/feed"] = feed(site, "/one", "/two")
    assert counts(shelf.build(f"{site.url}/feed")) == {"added": 2}
    site.pages["/feed"] = feed(site, "/three", "/two")
    assert counts(shelf.build(roots=None)) == {"added": 1, "unchanged": 2}
    assert set(articles(shelf)) == {f"{site.url}/{name}" for name in ("one", "two", "three")}


def test_a_page_that_was_removed_stays_out_though_its_feed_lists_it(shelf, site: Site) -> None:
    site.pages.update({"/one": lamp("one"), "/two": lamp("two")})
    site.pages["/feed"] = feed(site, "/one", "/two")
    shelf.build(f"{site.url}/feed")
    remove([f"{site.url}/one"], library=shelf.path, encoder=shelf.encoder)
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}
    assert counts(shelf.build(f"{site.url}/one")) == {"added": 1}


def test_removing_a_feed_removes_what_came_from_it(shelf, site: Site) -> None:
    site.pages.update({"/one": lamp("one"), "/two": lamp("two"), "/three": lamp("three")})
    site.pages["/feed"] = feed(site, "/one", "/two")
    shelf.build(f"{site.url}/feed", f"{site.url}/three")
    assert len(remove([f"{site.url}/feed"], library=shelf.path, encoder=shelf.encoder)) == 2
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}
    assert set(articles(shelf)) == {f"{site.url}/three"}


@pytest.mark.parametrize(
    "body",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="edit" href="/no"/>'
        '<link href="/one"/></entry><entry><link rel="alternate" href="two"/></entry></feed>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>SITE/one</loc></url>'
        "<url><loc> SITE/two </loc></url></urlset>",
        "<rss><channel><item><guid>SITE/one</guid></item><item><guid isPermaLink='false'>7</guid>"
        "<link>SITE/two</link></item></channel></rss>",
        "<!-- a comment --><sitemapindex><sitemap><loc>SITE/inner</loc></sitemap></sitemapindex>",
    ],
    ids=["Atom", "sitemap", "RSS", "sitemap of sitemaps"],
)
def test_what_is_listed_is_read(shelf, site: Site, body: str) -> None:
    site.pages.update({"/one": lamp("one"), "/two": lamp("two")})
    site.pages["/list"] = body.replace("SITE", site.url)
    site.pages["/inner"] = f"<urlset><url><loc>{site.url}/one</loc></url><url><loc>/two</loc></url></urlset>"
    assert counts(shelf.build(f"{site.url}/list")) == {"added": 2}


def test_what_robots_are_asked_not_to_read_is_not_read_from_a_feed(shelf, site: Site) -> None:
    site.pages.update({"/one": lamp(), "/private/two": lamp()})
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /private/\n"
    site.pages["/feed"] = feed(site, "/one", "/private/two")
    report = shelf.build(f"{site.url}/feed")
    assert counts(report) == {"added": 1, "failed": 1}
    assert "robots.txt asks robots not to" in report.failures[0].reason
    assert ("/private/two", 200) not in site.asked


def test_a_feed_leads_nowhere_but_to_the_web(shelf, site: Site, tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret is the xylophone.")
    site.pages["/one"] = lamp()
    site.pages["/feed"] = RSS.format(
        items="".join(
            f"<item><link>{link}</link></item>"
            for link in (secret.as_uri(), str(secret), "javascript:alert(1)", "ftp://quay.example/", "/one")
        )
    )
    report = shelf.build(f"{site.url}/feed")
    assert counts(report) == {"added": 1, "failed": 4}
    assert "xylophone" not in "".join(articles(shelf).values())


@pytest.mark.parametrize(
    "body",
    [
        "<rss><channel><item><link>",
        '<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
        "<rss><channel><item><link>&c;</link></item></channel></rss>",
        "<rss>" + "<a>" * 100_000,
        "<rss></rss>",
    ],
    ids=["cut", "entities", "deep", "empty"],
)
def test_a_broken_feed_is_an_error_of_one_line(shelf, site: Site, body: str) -> None:
    site.pages["/feed"] = body
    with pytest.raises(NothingToIndex) as raised:
        shelf.build(f"{site.url}/feed")
    assert "\n" not in str(raised.value) and "root:" not in str(raised.value)


def test_a_long_list_is_cut_and_says_so(shelf, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGES_AT_MOST", 2)
    site.pages.update({f"/{n}": lamp(str(n)) for n in range(4)})
    site.pages["/feed"] = feed(site, *(f"/{n}" for n in range(4)))
    report = shelf.build(f"{site.url}/feed")
    assert counts(report) == {"added": 2, "failed": 1}
    assert report.failures[0].reason == "lists 4 pages; only the first 2 are read"


# What a feed carries, and what it says of pages

TEXT = "The keeper lit the lamp, and it burned for {} hours. " * 12
FULL = (
    "<item><title>{title}</title><link>{link}</link><dc:creator>Ada Lind</dc:creator>"
    "<pubDate>Wed, 01 May 2024 10:00:00 +0000</pubDate><description>{text}</description></item>"
)
BARE = "<!doctype html><html><body><article>{}</article></body></html>".format(
    "<p>the keeper lit the harbour lamp on monday evening, an hour before the fog came in from the sea.</p>"
    "<p>it burned for nine hours, and nobody in the town slept before it was out again.</p>"
)


def full(link: str, hours: str = "nine", title: str = "The lamp", end: str = "") -> str:
    return FULL.format(link=link, title=title, text=TEXT.format(*[hours] * 12).strip() + end)


def channel(*items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>The Quay</title>{head}{''.join(items)}</channel></rss>"
    )


def test_an_entry_with_its_whole_text_is_taken_from_the_feed(shelf, site: Site) -> None:
    site.pages.update({"/feed": channel(full("/one"), ITEM.format(link="/two")), "/two": lamp("ten")})
    assert counts(shelf.build(f"{site.url}/feed")) == {"added": 2}
    assert [path for path, _ in site.fetched()] == ["/feed", "/two"]
    with shelf.catalog() as catalog:
        (entry,) = [article for article in catalog.articles() if article.source == f"{site.url}/one"]
    assert (entry.title, entry.authors, entry.site) == ("The lamp", ("Ada Lind",), "The Quay")
    assert (entry.url, str(entry.published), entry.text.count("nine")) == (
        f"{site.url}/one",
        "2024-05-01",
        12,
    )


@pytest.mark.parametrize("end", ["…", "...", " […]", " [...]"])
def test_a_summary_that_is_cut_off_is_no_whole_text(shelf, site: Site, end: str) -> None:
    site.pages.update({"/feed": channel(full("/one", end=end)), "/one": lamp("ten")})
    shelf.build(f"{site.url}/feed")
    assert "ten hours" in articles(shelf)[f"{site.url}/one"]


def test_a_feed_cannot_say_what_stands_on_another_site(shelf, site: Site) -> None:
    elsewhere = site.url.replace("127.0.0.1", "localhost") + "/one"
    site.pages.update({"/feed": channel(full(elsewhere)), "/one": lamp("ten")})
    shelf.build(f"{site.url}/feed")
    assert "ten hours" in articles(shelf)[elsewhere]


def test_an_entry_without_a_link_is_an_article_of_the_feed(shelf, site: Site) -> None:
    item = full("").replace("<link></link>", '<guid isPermaLink="false">7</guid>')
    site.pages["/feed"] = channel(item)
    shelf.build(f"{site.url}/feed")
    site.pages["/feed"] = channel(full("/new"), item.replace("nine", "ten"))
    assert counts(shelf.build(roots=None)) == {"added": 1, "changed": 1}


def test_what_has_neither_text_nor_link_is_named(shelf, site: Site) -> None:
    site.pages["/feed"] = channel(full("/one"), "<item><title>Fog</title></item>")
    report = shelf.build(f"{site.url}/feed")
    assert counts(report) == {"added": 1, "failed": 1}
    assert report.failures[0].reason == "entry 'Fog' has neither its text nor a link to a page"


def test_an_entry_that_is_edited_replaces_itself_and_one_that_fell_out_stays(shelf, site: Site) -> None:
    site.pages["/feed"] = channel(full("/one"), full("/two"))
    shelf.build(f"{site.url}/feed")
    site.pages["/feed"] = channel(full("/three"), full("/two", "ten"))
    assert counts(shelf.build(roots=None)) == {"added": 1, "changed": 1, "unchanged": 1}
    found = articles(shelf)
    assert [found[f"{site.url}/{name}"].count("ten") for name in ("one", "two", "three")] == [0, 12, 0]


@pytest.mark.parametrize("tagged", [True, False], ids=["304", "same entries"])
def test_an_unchanged_feed_is_all_that_is_asked_for(shelf, site: Site, tagged: bool) -> None:
    site.pages.update({"/feed": channel(full("/one"), ITEM.format(link="/two")), "/two": lamp("ten")})
    if tagged:
        site.etags["/feed"] = '"1"'
    shelf.build(f"{site.url}/feed")
    site.fetched()
    before = shelf.current
    if not tagged:
        site.pages["/feed"] = str(site.pages["/feed"]).replace(
            "<item>", "<lastBuildDate>Thu, 02 May 2024 10:00:00 +0000</lastBuildDate><item>", 1
        )
    assert counts(shelf.build(roots=None)) == {"unchanged": 2}
    assert site.fetched() == [("/feed", 304 if tagged else 200)]
    assert shelf.current == before


def test_a_page_that_failed_is_asked_for_again_though_its_feed_is_unchanged(shelf, site: Site) -> None:
    site.pages.update({"/feed": channel(full("/one"), ITEM.format(link="/two"))})
    site.etags["/feed"] = '"1"'
    report = shelf.build(f"{site.url}/feed")
    assert counts(report) == {"added": 1, "failed": 1}
    (failure,) = report.failures
    assert (failure.source, failure.reason) == (
        f"{site.url}/two",
        "was not served: its site answered 404",
    )
    site.pages["/two"] = lamp("ten")
    assert counts(shelf.build(roots=None)) == {"added": 1, "unchanged": 1}
    assert counts(shelf.build(roots=None)) == {"unchanged": 2}


def test_a_feed_that_lost_its_broken_link_is_known_from_then_on(shelf, site: Site) -> None:
    site.pages["/feed"] = channel(ITEM.format(link="/one"), ITEM.format(link="/two"))
    site.pages["/one"] = lamp()
    assert counts(shelf.build(f"{site.url}/feed")) == {"added": 1, "failed": 1}
    site.pages["/feed"] = channel(ITEM.format(link="/one"))
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}
    site.fetched()
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}
    assert site.fetched() == [("/feed", 200)]


def test_an_entry_that_was_a_page_before_stays_the_same_article(shelf, site: Site) -> None:
    site.pages.update({"/feed": channel(ITEM.format(link="/one")), "/one": lamp("ten")})
    shelf.build(f"{site.url}/feed")
    with shelf.catalog() as catalog:
        ids = [entry.id for entry in catalog.entries()]
    site.pages["/feed"] = channel(full("/one"))
    assert counts(shelf.build(roots=None)) == {"changed": 1}
    with shelf.catalog() as catalog:
        assert [entry.id for entry in catalog.entries()] == ids


def test_an_entry_that_was_removed_stays_out_until_its_page_is_named(shelf, site: Site) -> None:
    site.pages.update({"/feed": channel(full("/one"), full("/two")), "/one": lamp("ten")})
    shelf.build(f"{site.url}/feed")
    remove([f"{site.url}/one"], library=shelf.path, encoder=shelf.encoder)
    assert counts(shelf.build(roots=None)) == {"unchanged": 1}
    site.pages["/feed"] = channel(full("/one"), full("/two"), full("/three"))
    assert counts(shelf.build(roots=None)) == {"added": 1, "unchanged": 1}
    assert counts(shelf.build(f"{site.url}/one")) == {"added": 1}


def test_a_feed_that_was_removed_is_read_anew_when_it_is_named_again(shelf, site: Site) -> None:
    site.pages["/feed"] = channel(full("/one"), full("/two"))
    site.etags["/feed"] = '"1"'
    shelf.build(f"{site.url}/feed")
    assert len(remove([f"{site.url}/feed"], library=shelf.path, encoder=shelf.encoder)) == 2
    assert counts(shelf.build(f"{site.url}/feed")) == {"added": 2}


def test_what_came_from_a_feed_outlives_another_encoder_unasked(shelf, site: Site, other_encoder) -> None:
    site.pages["/feed"] = channel(full("/one"), full("/two"))
    shelf.build(f"{site.url}/feed")
    site.pages["/feed"] = channel(full("/two"))
    shelf.build(roots=None)
    report = shelf.build(roots=None, encoder=other_encoder)
    assert (report.remade, report.articles) == ("another encoder", 2)


def test_what_a_page_does_not_say_of_itself_its_feed_says(shelf, site: Site) -> None:
    item = (
        "<item><title>{title}</title><link>{link}</link><dc:creator>Bo Sand</dc:creator>"
        "<pubDate>Thu, 02 May 2024 10:00:00 +0000</pubDate></item>"
    )
    site.pages.update({"/bare": BARE, "/lamp": lamp()})
    site.pages["/feed"] = channel(*(item.format(title="Of the feed", link=to) for to in ("/bare", "/lamp")))
    shelf.build(f"{site.url}/feed")
    with shelf.catalog() as catalog:
        facts = {a.source: (a.title, a.authors, str(a.published)) for a in catalog.articles()}
    assert facts == {
        f"{site.url}/bare": ("Of the feed", ("Bo Sand",), "2024-05-02"),
        f"{site.url}/lamp": ("The harbour lamp", ("Ada Lind",), "2024-05-01"),
    }


@pytest.mark.parametrize(
    ("base", "link", "path"),
    [
        ("", "two", "/blog/two"),
        (' xml:base="/far/"', "two", "/far/two"),
        (' xml:base="SITE/far/"', "../two", "/two"),
        ("", "//HOST/two", "/two"),
    ],
)
def test_links_are_relative_to_their_base_and_to_the_feed(
    shelf, site: Site, base: str, link: str, path: str
) -> None:
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'{base}><entry><link href='{link}'/></entry></feed>"
    site.pages["/blog/feed"] = atom.replace("SITE", site.url).replace("HOST", site.url[7:])
    site.pages[path] = lamp()
    shelf.build(f"{site.url}/blog/feed")
    assert set(articles(shelf)) == {site.url + path}


def test_a_feed_whose_reader_crashes_is_one_failure(shelf, site: Site, monkeypatch) -> None:
    site.pages["/feed"] = channel(full("/one"))
    shelf.build(f"{site.url}/feed")
    monkeypatch.setattr("index.readers.apart._PROGRAM", (sys.executable, "-P", "-c", "raise SystemExit"))
    site.pages["/feed"] = channel(full("/two"))
    report = shelf.build(roots=None)
    assert [failure.reason[:24] for failure in report.failures] == ["makes its reader crash, "]
    assert report.articles == 1


def test_a_page_that_its_sitemap_lists_no_longer_stays(shelf, site: Site) -> None:
    def sitemap(*paths: str) -> str:
        return f"<urlset>{''.join(f'<url><loc>{site.url}{path}</loc></url>' for path in paths)}</urlset>"

    site.pages.update({"/one": lamp("one"), "/two": lamp("two"), "/map": sitemap("/one", "/two")})
    shelf.build(f"{site.url}/map")
    site.pages["/map"] = sitemap("/two")
    site.pages["/two"] = lamp("ten")
    assert counts(shelf.build(roots=None)) == {"changed": 1, "unchanged": 1}


def test_an_address_cannot_be_watched(tmp_path) -> None:
    with pytest.raises(SourceError, match="cannot be watched"):
        watch(["https://quay.example"], library=tmp_path)

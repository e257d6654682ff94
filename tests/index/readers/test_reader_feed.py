import io
from collections.abc import Callable
from datetime import date
from time import perf_counter

import pytest

from index.errors import SourceError
from index.readers import READERS
from index.readers.ids import url_id
from index.readers.origin import Origin
from index.types import Article

Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]

RSS = """\
<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
  <title>The Continental &lt;i&gt;Post&lt;/i&gt;</title><link>https://example.org</link><language>en-GB</language>
  {}
</channel></rss>"""

ITEM = """\
<item>
  <title>Three days of rain</title>
  <link>https://example.org/rain?utm_source=feed</link>
  <dc:creator>Ann Lee</dc:creator>
  <pubDate>Thu, 09 Mar 2023 23:15:00 -0500</pubDate>
  <description>It rained.</description>
  <content:encoded><![CDATA[
    <p>It rained.</p><script>x</script><ul><li>A lot.</li></ul><p>It stopped.</p>
  ]]></content:encoded>
</item>"""

ATOM = """\
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>Notes</title>
  <entry>
    <id>tag:example.org,2023:1</id>
    <title type="html">Rain &amp;amp; &lt;b&gt;sun&lt;/b&gt;</title>
    <author><name>Ann Lee</name></author><author><name>Bo Li</name></author>
    <published>2023-03-09T10:15:00Z</published><updated>2023-04-01T00:00:00Z</updated>
    <content type="xhtml">
      <div xmlns="http://www.w3.org/1999/xhtml"><p>It rained.</p><p>And shone.</p></div>
    </content>
  </entry>
  <entry><id>tag:example.org,2023:2</id><title>Plain</title><content type="text">1 &lt; 2</content></entry>
</feed>"""


def test_an_entry_of_rss_states_the_fields(outcome: Outcomes) -> None:
    [article], reasons = outcome("a.rss", RSS.format(ITEM))
    assert reasons == []
    assert article.text == "It rained.\n\n- A lot.\n\nIt stopped."
    assert article.id == url_id("https://example.org/rain")
    assert (article.title, article.authors) == ("Three days of rain", ("Ann Lee",))
    assert (article.published, article.updated) == (date(2023, 3, 9), None)
    assert (article.site, article.language) == ("The Continental Post", "en-GB")


def test_an_entry_of_atom_states_the_fields(outcome: Outcomes) -> None:
    articles, reasons = outcome("a.atom", ATOM)
    assert reasons == []
    assert [article.text for article in articles] == ["It rained.\n\nAnd shone.", "1 < 2"]
    assert [article.title for article in articles] == ["Rain & sun", "Plain"]
    assert articles[0].authors == ("Ann Lee", "Bo Li")
    assert (articles[0].published, articles[0].updated) == (date(2023, 3, 9), date(2023, 4, 1))
    assert (articles[1].published, articles[1].updated) == (None, None)
    assert (articles[0].site, articles[0].url, articles[0].language) == ("Notes", None, "en")


def test_without_an_address_an_entry_keeps_its_id_when_others_are_put_before_it(outcome: Outcomes) -> None:
    before, _ = outcome("a.atom", ATOM)
    new = "<entry><id>tag:example.org,2023:0</id><content type='text'>New.</content></entry>"
    after, _ = outcome("a.atom", ATOM.replace("<entry>", f"{new}<entry>", 1))
    assert [article.id for article in after[1:]] == [article.id for article in before]
    assert all(article.id.startswith("path-") for article in before)


def test_a_summary_is_the_text_where_it_is_long(outcome: Outcomes) -> None:
    long = (
        f"<item><title>Long</title><description>&lt;p&gt;{'It rained. ' * 50}&lt;/p&gt;</description></item>"
    )
    short = f"<item><title>Short</title><description>{'It rained. ' * 40}</description></item>"
    articles, reasons = outcome(
        "a.xml", RSS.format(long + short + "<item><link>https://x.example</link></item>")
    )
    assert [article.text for article in articles] == [("It rained. " * 50).strip()]
    assert reasons == ["2 of its 3 entries have no full text in the feed"]


@pytest.mark.parametrize("day", ["", "soon", "2023-02-30", "03/04/2023"])
def test_a_day_that_is_none_is_left_out(outcome: Outcomes, day: str) -> None:
    [article], _ = outcome("a.rss", RSS.format(ITEM.replace("Thu, 09 Mar 2023 23:15:00 -0500", day)))
    assert (article.published, article.updated) == (None, None)


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a"])
def test_a_feed_is_told_by_its_content(outcome: Outcomes, name: str) -> None:
    doctype = '<!-- x --><!DOCTYPE feed [<!ENTITY a "<b>">]>'
    assert len(outcome(name, doctype + ATOM)[0]) == 2


def test_entities_neither_grow_nor_fetch(outcome: Outcomes) -> None:
    bomb = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE feed [<!ENTITY a0 "rain">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    begin = perf_counter()
    articles, _ = outcome("a.atom", doctype + ATOM.replace("It rained.", "It rained. &a9; &f;"))
    assert perf_counter() - begin < 10
    assert len(articles[0].text) < 100
    assert "root:" not in articles[0].text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<urlset><url><loc>https://x.example</loc></url></urlset>", "is a sitemap: it has the addresses of"),
        ("<a>It rained.</a>", "is neither an RSS nor an Atom feed"),
        ("It rained.", "is neither an RSS nor an Atom feed"),
        (RSS.format(""), "is a feed without entries, or a damaged one"),
        ("<rss><chan", "is a feed without entries, or a damaged one"),
    ],
)
def test_what_is_no_feed(outcome: Outcomes, content: str, reason: str) -> None:
    articles, reasons = outcome("a.xml", content)
    assert articles == []
    assert len(reasons) == 1 and reasons[0].startswith(reason)


def test_nothing_at_all_is_no_feed() -> None:
    with pytest.raises(SourceError, match="is neither an RSS nor an Atom feed"):
        list(READERS["feed"](io.BytesIO(b""), Origin("/a.rss", "a.rss")))


def test_a_feed_that_is_cut_off_gives_what_came_before(outcome: Outcomes) -> None:
    articles, reasons = outcome("a.rss", RSS.format(ITEM + ITEM).rpartition("<pubDate>")[0])
    assert [article.title for article in articles] == ["Three days of rain"]
    assert reasons == ["1 of its 2 entries have no full text in the feed"]
    _, reasons = outcome("b.rss", RSS.format("<item><title>Rain</title></item>"))
    assert reasons == ["its only entry has no full text in the feed"]

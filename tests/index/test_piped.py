"""Standard input as a source: read once, kept until it is taken out."""

import gzip
import io
import json
import sys
import zipfile

import pytest

from index import piped, remove, watch
from index.errors import NothingToIndex, SourceError
from index.readers.ids import url_id
from index.types import Report

CATS = "# Cats\n\nCats sit on mats."
DOGS = "# Dogs\n\nDogs run in parks."
PAGE = (
    '<!doctype html><title>The lamp</title><link rel="canonical" href="https://quay.example/lamp">'
    "<article><h1>The lamp</h1><p>The keeper lit the harbour lamp on Monday evening, an hour before the fog "
    "came in.</p><p>It burned for {} hours, and nobody in the town slept.</p></article>"
)
FEED = (
    '<rss version="2.0"><channel><title>The Quay</title><item><title>Fog</title><guid isPermaLink="false">7'
    "</guid><description>" + "The fog came in. " * 40 + "</description></item></channel></rss>"
)
MAIL = (
    b"Received: from quay.example; Wed, 1 May 2024 10:00:01 +0000\nFrom: Ada Lind <ada@quay.example>\n"
    b"Subject: The fog\nDate: Wed, 1 May 2024 10:00:00 +0000\nMessage-ID: <1@quay.example>\n"
    b"MIME-Version: 1.0\n\nThe fog came in.\n"
)


@pytest.fixture
def pipe(library, monkeypatch: pytest.MonkeyPatch):
    """`pipe(content)` builds from standard input, and from the roots that are named besides."""
    shelf = library()

    def build(content: str | bytes, *roots: str, **options: object) -> Report:
        data = content.encode() if isinstance(content, str) else content
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        return shelf.build("-", *roots, **options)

    build.shelf = shelf
    return build


def counts(report: Report) -> dict[str, int]:
    kinds = ("added", "changed", "moved", "removed", "unchanged", "stale", "failed")
    return {kind: count for kind in kinds if (count := getattr(report, kind))}


def articles(pipe) -> list:
    with pipe.shelf.catalog() as catalog:
        return sorted(catalog.articles(), key=lambda article: article.title)


def zipped(**files: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.md", text)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "titles"),
    [
        (CATS, ["Cats"]),
        ("It rained.", ["It rained."]),
        ("---\ntitle: Cats\n---\n\nThey sit.", ["Cats"]),
        (PAGE.format("nine"), ["The lamp"]),
        ('{"title": "A", "text": "It rained."}\n{"title": "B", "text": "It shone."}\n', ["A", "B"]),
        (FEED, ["Fog"]),
        (MAIL, ["The fog"]),
        (zipped(cats=CATS, dogs=DOGS), ["Cats", "Dogs"]),
        (gzip.compress(CATS.encode()), ["Cats"]),
        (gzip.compress(zipped(cats=CATS)), ["Cats"]),
        ("\ufeff# Cats\n\nThey sit.".encode("utf-16"), ["Cats"]),
    ],
    ids=["markdown", "text", "front", "html", "jsonl", "feed", "mail", "zip", "gzip", "zip.gz", "utf-16"],
)
def test_any_format_is_told_by_its_content(pipe, content: str | bytes, titles: list[str]) -> None:
    pipe(content)
    assert [article.title for article in articles(pipe)] == titles
    assert {article.source for article in articles(pipe)} == {"standard input"}


def test_two_pipes_are_two_articles_and_the_same_again_is_unchanged(pipe) -> None:
    assert counts(pipe(CATS)) == {"added": 1}
    assert counts(pipe(DOGS)) == {"added": 1}
    assert counts(pipe(CATS)) == {"unchanged": 1}
    assert [article.title for article in articles(pipe)] == ["Cats", "Dogs"]


def test_a_page_that_says_its_address_replaces_itself(pipe) -> None:
    pipe(PAGE.format("nine"))
    assert counts(pipe(PAGE.format("ten"))) == {"changed": 1}
    (article,) = articles(pipe)
    assert (article.id, "ten hours" in article.text) == (url_id("https://quay.example/lamp"), True)


def test_lines_with_an_id_replace_themselves_and_the_others_are_known_by_their_text(pipe) -> None:
    def lines(*texts: str) -> str:
        first = json.dumps({"id": "1", "text": texts[0]})
        return "\n".join([first, *(json.dumps({"text": text}) for text in texts[1:])])

    pipe(lines("It rained.", "It shone."))
    assert counts(pipe(lines("It poured.", "It snowed.", "It shone."))) == {
        "added": 1,
        "changed": 1,
        "unchanged": 1,
    }
    assert {article.text for article in articles(pipe)} == {"It poured.", "It snowed.", "It shone."}


def test_files_of_one_name_in_two_archives_are_two_articles(pipe) -> None:
    pipe(zipped(cats=CATS))
    assert counts(pipe(zipped(cats=DOGS))) == {"added": 1}


def test_what_was_piped_stays_whatever_is_built_later(pipe) -> None:
    pipe.shelf.write({"dogs.md": DOGS})
    assert counts(pipe(CATS, str(pipe.shelf.articles))) == {"added": 2}
    assert counts(pipe.shelf.build(roots=None)) == {"unchanged": 1}
    assert counts(pipe.shelf.build()) == {"unchanged": 1}
    assert [article.title for article in articles(pipe)] == ["Cats", "Dogs"]


def test_standard_input_is_no_root(pipe) -> None:
    pipe(CATS)
    with pipe.shelf.open() as index:
        assert index.info().roots == ()


def test_what_was_piped_outlives_another_encoder(pipe, other_encoder) -> None:
    pipe(CATS)
    report = pipe.shelf.build(roots=None, encoder=other_encoder)
    assert (report.remade, report.articles) == ("another encoder", 1)
    with pipe.shelf.open(encoder=other_encoder) as index:
        assert index.search("cats sit on mats")[0].passage.text.startswith("# Cats")


@pytest.mark.parametrize("by", ["id", "-"])
def test_what_was_piped_is_taken_out_and_may_be_piped_again(pipe, by: str) -> None:
    pipe(CATS)
    (id,) = [article.id for article in articles(pipe)]
    assert remove([id if by == "id" else by], library=pipe.shelf.path, encoder=pipe.shelf.encoder) == [id]
    assert counts(pipe(CATS)) == {"added": 1}


def test_a_dry_run_only_says_what_would_be(pipe) -> None:
    assert counts(pipe(CATS, dry_run=True)) == {"added": 1}
    assert not (pipe.shelf.path / "CURRENT").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "has no text"),
        (b"\x89PNG\r\n\x1a\n", "is a binary file (a PNG image)"),
        (b"%PDF-1.7\n", "is damaged: it cannot be opened as a PDF"),
        (b"PK\x03\x04", "is damaged: it cannot be opened as a ZIP archive"),
        (gzip.compress(b"Cats sit.")[:-9], "is damaged: its gzip data is cut off or corrupt"),
        (gzip.compress(gzip.compress(b"Cats sit.")), "is gzip within gzip; decompress it once"),
        (b"<urlset></urlset>", "is a sitemap: it has the addresses of articles, and not their text"),
    ],
)
def test_what_cannot_be_read_is_named(pipe, content: bytes, reason: str) -> None:
    with pytest.raises(NothingToIndex) as raised:
        pipe(content)
    assert str(raised.value).startswith(f"standard input: {reason}")
    assert str(raised.value).endswith("Pipe an article to it: curl … | byline index build -")


def test_what_cannot_be_read_keeps_neither_the_others_out_nor_what_was_piped_before(pipe) -> None:
    pipe(CATS)
    pipe.shelf.write({"dogs.md": DOGS})
    assert counts(pipe(b"", str(pipe.shelf.articles))) == {"added": 1, "failed": 1}
    assert [article.title for article in articles(pipe)] == ["Cats", "Dogs"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_what_is_too_long_is_refused(pipe, pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piped, "LARGEST", 1_000_000)
    with pytest.raises(NothingToIndex, match="standard input: is larger than 1 MB; split it"):
        pipe(pack(b"Cats sit. " * 100_001))


@pytest.mark.parametrize("closed", [True, False])
def test_where_nothing_is_piped_it_is_not_waited_for(library, closed: bool, monkeypatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(CATS.encode()))
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", None if closed else terminal)
    with pytest.raises(NothingToIndex, match=r"^Nothing was piped to standard input\. Pipe an article to it"):
        library().build("-")


def test_a_file_of_that_name_is_named_by_its_folder(library, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = library()
    shelf.write({"-": CATS})
    monkeypatch.chdir(shelf.articles)
    assert counts(shelf.build("./-")) == {"added": 1}


def test_standard_input_cannot_be_watched(tmp_path) -> None:
    with pytest.raises(SourceError, match="standard input: cannot be watched"):
        watch(["-"], library=tmp_path)


def test_risky_formats_are_read_apart(pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.readers.apart._PROGRAM", (sys.executable, "-P", "-c", "raise SystemExit"))
    for content in (FEED, MAIL, zipped(cats=CATS), b"%PDF-1.7", gzip.compress(zipped(cats=CATS))):
        with pytest.raises(NothingToIndex, match="standard input: makes its reader crash"):
            pipe(content)
    assert counts(pipe(CATS)) == {"added": 1}

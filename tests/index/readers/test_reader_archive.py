import gzip
import io
import zipfile
from collections.abc import Callable

import pytest

from index.readers import archive
from index.readers import zipped as zipped_reader
from index.readers.ids import path_id
from index.types import Article
from tests.index.readers.made_pdf import Pdf
from tests.index.readers.made_zip import zipped

Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]


def test_each_file_is_read_by_its_own_reader(outcome: Outcomes) -> None:
    members = {
        "rome/trip.txt": "It rained.",
        "b.md": "# Spring\n\nIt came.",
        "c.jsonl": '{"text": "One."}\n{"text": "Two."}\n',
        "d.pdf": Pdf().line("It was dry.", 72, 100).data(),
        "e.txt.gz": gzip.compress(b"It was zipped."),
    }
    articles, reasons = outcome("a.zip", zipped(members))
    assert reasons == []
    assert [article.text for article in articles] == [
        "# Spring\n\nIt came.",
        "One.",
        "Two.",
        "It was dry.",
        "It was zipped.",
        "It rained.",
    ]
    assert articles[-1].id == path_id("a.zip/rome/trip.txt")
    assert {article.source.rpartition("/")[2] for article in articles} == {"a.zip"}


def test_xml_that_is_neither_feed_nor_page_is_passed_over(outcome: Outcomes) -> None:
    assert outcome("a.zip", zipped({"pom.xml": "<project/>", "a.txt": "It rained."})).reasons == []
    assert outcome("b.zip", zipped({"pom.xml": "<project/>"})) == ([], ["has no file in it that can be read"])


def test_other_endings_hidden_files_and_folders_are_passed_over(outcome: Outcomes) -> None:
    names = ["a.png", ".a.txt", ".git/a.txt", "__MACOSX/a.txt", "a.txt/", "b.txt"]
    articles, reasons = outcome("a.zip", zipped(dict.fromkeys(names, "It rained.")))
    assert (len(articles), reasons) == (1, [])


@pytest.mark.parametrize(
    "name", ["/etc/a.txt", "../../a.txt", "a\\..\\b.txt", "c:/a.txt", "a\nb.txt", "caf\u00e9.txt"]
)
def test_odd_names_are_names(outcome: Outcomes, name: str) -> None:
    articles, reasons = outcome("a.zip", zipped({name: "It rained."}))
    assert [article.id for article in articles] == [path_id(f"a.zip/{name}")]
    assert reasons == []


def test_what_cannot_be_read_is_named_and_the_rest_is_read(outcome: Outcomes) -> None:
    members = {"a.pdf": b"%PDF-", "b.txt": "", "c.jsonl": "[]\n", "d.txt": "It rained."}
    articles, reasons = outcome("a.zip", zipped(members))
    assert [article.text for article in articles] == ["It rained."]
    assert reasons == [
        "'a.pdf' in it is damaged: it cannot be opened as a PDF",
        "'b.txt' in it is empty",
        '\'c.jsonl\' in it: line 1 is not a JSON object; an article is written {"title": "…", "text": "…"}',
    ]


def test_an_archive_in_an_archive_is_read_and_one_in_that_is_not(outcome: Outcomes) -> None:
    third = zipped({"c.txt": "Third."})
    second = zipped({"b.txt": "Second.", "third.zip": third})
    articles, reasons = outcome("a.zip", zipped({"a.txt": "First.", "second.zip": second}))
    assert [article.id for article in articles] == [path_id("a.zip/a.txt"), path_id("a.zip/second.zip/b.txt")]
    assert reasons == ["'second.zip/third.zip' in it is an archive in an archive in an archive; unpack it"]


def test_all_that_is_unpacked_counts_against_one_limit(
    outcome: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST", 2_000_000)
    packed = {name: gzip.compress(b"It rained. " * 100_000) for name in ("a.txt.gz", "b.txt.gz")}
    articles, reasons = outcome("a.zip", zipped(packed))
    assert len(articles) == 1
    assert reasons == ["'b.txt.gz' in it is larger than 2 MB when unpacked; split it"]


@pytest.mark.parametrize(
    ("largest", "reason"),
    [
        (200_000_000, "unpacks to far more than any text would: it may be a ZIP bomb"),
        (1_000_000, "is larger than 1 MB when unpacked; split it"),
    ],
)
def test_bombs_are_refused(
    outcome: Outcomes, monkeypatch: pytest.MonkeyPatch, largest: int, reason: str
) -> None:
    monkeypatch.setattr(zipped_reader, "LARGEST", largest)
    assert outcome("a.zip", zipped({"a.txt": b"\n" * 3_000_000})) == ([], [reason])


def test_an_archive_of_too_many_files(outcome: Outcomes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped_reader, "MOST_MEMBERS", 1)
    reason = "has more than 1 files in it; split it"
    assert outcome("a.zip", zipped({"a.txt": "a", "b.txt": "b"})) == ([], [reason])


def test_an_encrypted_file(outcome: Outcomes) -> None:
    data = bytearray(zipped({"a.txt": "It rained."}))
    data[6] |= 1  # bit 0 of the flags, of the file and of its entry in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    reason = "'a.txt' in it is encrypted; save it without its password"
    assert outcome("a.zip", bytes(data)) == ([], [reason])


def test_a_file_packed_in_a_rare_way(outcome: Outcomes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as packed:
        packed.writestr("a.txt", "It rained.")
    assert outcome("a.zip", buffer.getvalue()) == (
        [],
        ["'a.txt' in it has 'a.txt' packed in a rare way; pack it anew"],
    )


def test_a_damaged_file(outcome: Outcomes) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as stored:
        stored.writestr("a.txt", "It rained.")
    data = buffer.getvalue().replace(b"It rained.", b"It_rained.")
    assert outcome("a.zip", data) == ([], ["'a.txt' in it is damaged: 'a.txt' cannot be unpacked"])


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"a.png": "x"}, "has no file in it that can be read"),
        ({"xl/workbook.xml": "x"}, "is a spreadsheet, which is not supported; save it as PDF or text"),
        ({"ppt/presentation.xml": "x"}, "is a presentation, which is not supported; save it as PDF or text"),
    ],
)
def test_an_archive_without_articles(outcome: Outcomes, members: dict[str, str], reason: str) -> None:
    assert outcome("a.zip", zipped(members)) == ([], [reason])

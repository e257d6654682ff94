import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.errors import SourceError
from index.readers import jsonl, read
from index.types import Article, Failure

Reads = Callable[[str, str | bytes], Article]
Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]


def lines(*objects: object) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


def test_a_line_states_the_fields(article: Reads, tmp_path: Path) -> None:
    stated = {
        "id": 17,
        "title": " My trip ",
        "text": "It rained.\r\n",
        "url": "https://example.org/a",
        "authors": ["Ann Lee", "Bo Li"],
        "published": "2023-03-09T10:15:00Z",
        "updated": "2023/04/01",
        "site": "Times",
        "language": "en",
    }
    assert article("a.jsonl", lines(stated)) == Article(
        id="17",
        title="My trip",
        text="It rained.",
        source=str(tmp_path / "a.jsonl"),
        url="https://example.org/a",
        authors=("Ann Lee", "Bo Li"),
        published=date(2023, 3, 9),
        updated=date(2023, 4, 1),
        site="Times",
        language="en",
    )


@pytest.mark.parametrize(
    ("field", "value", "name", "expected"),
    [
        ("author", "By Ann Lee and Bo Li", "authors", ("Ann Lee", "Bo Li")),
        ("date", "Thu, 09 Mar 2023 10:15:00 GMT", "published", date(2023, 3, 9)),
        ("published", 1678320000, "published", None),
        ("source", "Times", "site", "Times"),
        ("publisher", "Times", "site", "Times"),
        ("title", None, "title", "It rained."),
        ("title", 17, "title", "It rained."),
        ("url", "/a", "url", None),
        ("id", "a\ud800\nb", "id", "a\ufffd b"),
        ("title", "a\ud800", "title", "a\ufffd"),
        ("text", "a\ud800\0\ud83d\ude00", "text", "a\ufffd😀"),
    ],
)
def test_a_field(article: Reads, field: str, value: object, name: str, expected: object) -> None:
    assert getattr(article("a.jsonl", lines({"text": "It rained.", field: value})), name) == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(
            '{"text": "It" "rained."}',
            "is not JSON (Expecting ',' delimiter at column 15); mend or remove that line",
            id="a comma is missing",
        ),
        pytest.param(
            '{"text": "It rai',
            "is not JSON (Unterminated string starting at column 10); mend or remove that line",
            id="cut off",
        ),
        pytest.param("[" * 100_000, "is not JSON that can be read; mend or remove that line", id="nested"),
        pytest.param("9" * 5000, "is not JSON that can be read; mend or remove that line", id="huge number"),
        pytest.param(
            "[1]", 'is not a JSON object; an article is written {"title": "…", "text": "…"}', id="a list"
        ),
        pytest.param("{}", 'has no text; put the article into "text"', id="no text"),
        pytest.param('{"text": null}', 'has no text; put the article into "text"', id="null"),
        pytest.param('{"text": " \\n\\u0000"}', 'has no text; put the article into "text"', id="blank"),
        pytest.param('{"text": ["a"]}', 'has a "text" that is a list; it must be a string', id="text list"),
        pytest.param(
            '{"text": false}', 'has a "text" that is true or false; it must be a string', id="text is false"
        ),
        pytest.param(
            '{"text": "a", "id": {}}',
            'has an "id" that is an object; it must be a string or a whole number',
            id="id is an object",
        ),
        pytest.param(
            '{"text": "a", "id": 1.5}',
            'has an "id" that is a number; it must be a string or a whole number',
            id="id is a fraction",
        ),
        pytest.param(
            '{"text": "a", "id": true}',
            'has an "id" that is true or false; it must be a string or a whole number',
            id="id is true",
        ),
        pytest.param(b'{"text": "caf\xe9"}', "is not UTF-8; save the file as UTF-8", id="latin-1"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_are_read(
    outcome: Outcomes, line: str | bytes, reason: str
) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    articles, reasons = outcome("a.jsonl", b'{"text": "one"}\n\n' + raw + b'\n{"text": "two"}\n')
    assert [article.text for article in articles] == ["one", "two"]
    assert reasons == [f"line 3 {reason}"]


def test_without_a_callback_all_good_lines_come_before_the_error(write: Callable[[str, str], Path]) -> None:
    path = write("a.jsonl", '{"text": "one"}\nx\ny\n{"text": "two"}\nz\n')
    found = read(path)
    assert [next(found).text, next(found).text] == ["one", "two"]
    with pytest.raises(SourceError) as caught:
        next(found)
    assert caught.value.source == str(path)
    assert caught.value.reason == (
        "line 2 is not JSON (Expecting value at column 1); mend or remove that line (and 2 more)"
    )


def test_ids_survive_edits_of_the_text_and_inserted_lines(outcome: Outcomes) -> None:
    rome, oslo = {"title": "Rome", "text": "It rained."}, {"title": "Oslo", "text": "It snowed."}
    before = {article.title: article.id for article in outcome("a.jsonl", lines(rome, oslo))[0]}
    edited, new = {"title": "Rome", "text": "It poured."}, {"title": "Bonn", "text": "It hailed."}
    after = {article.title: article.id for article in outcome("a.jsonl", lines(new, oslo, edited))[0]}
    assert before == {title: after[title] for title in ("Rome", "Oslo")}


def test_articles_with_the_same_title_have_different_ids(outcome: Outcomes) -> None:
    same = [{"title": "Letters", "text": str(number)} for number in range(3)]
    assert len({article.id for article in outcome("a.jsonl", lines(*same))[0]}) == 3


def test_an_empty_id_is_none(article: Reads) -> None:
    assert article("a.jsonl", lines({"id": " ", "text": "It rained."})).id.startswith("path-")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_respected(article: Reads, encoding: str) -> None:
    text = '{"text": "“Déjà vu”"}\r\n\r\n'
    assert article("a.jsonl", text.encode(encoding)).text == "“Déjà vu”"


def test_a_line_may_contain_the_line_separators_of_unicode(article: Reads) -> None:
    assert article("a.jsonl", '{"text": "a\u2028b\x85c"}\n').text == "a\u2028b\x85c"


def test_the_last_line_needs_no_line_end(article: Reads) -> None:
    assert article("a.jsonl", '{"text": "It rained."}').text == "It rained."


def test_what_precedes_the_damage_in_gzip_is_read(outcome: Outcomes) -> None:
    whole = gzip.compress(lines(*({"id": n, "text": f"{n} {n * n}"} for n in range(100_000))).encode())
    articles, reasons = outcome("a.jsonl.gz", whole[: len(whole) // 2])
    assert len(articles) > 1000
    assert reasons == ["is damaged: its gzip data is cut off or corrupt"]


def test_a_line_that_is_too_long_is_passed_over(outcome: Outcomes) -> None:
    long = b'{"text": "' + b"It rained. " * (jsonl.LONGEST_LINE // 10) + b'"}\n'
    articles, reasons = outcome("a.jsonl", long + b'{"text": "two"}\n' + long[:-1])
    assert [article.text for article in articles] == ["two"]
    assert reasons == [f"line {n} is longer than 50 million characters; split it" for n in (1, 3)]


def test_lines_are_read_as_they_are_asked_for(write: Callable[[str, str], Path]) -> None:
    failures: list[Failure] = []
    found = read(write("a.jsonl", '{"text": "one"}\nx\n'), on_failure=failures.append)
    assert next(found).text == "one"
    assert not failures
    assert list(found) == []
    assert len(failures) == 1

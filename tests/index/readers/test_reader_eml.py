from collections.abc import Callable
from datetime import date
from email.message import EmailMessage

import pytest

from index.readers.eml import looks_like_message
from index.readers.ids import path_id, url_id
from index.types import Article

Reads = Callable[[str, str | bytes], Article]
Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]

FIRST = "It rained in Rome for three days, and nobody whom we met could say when it had last done so."
SECOND = "On the fourth day the sun came out, and the whole city with it, to see what was left of spring."
PAGE = f"<html lang='en-GB'><body><article><p>{FIRST}</p><p>{SECOND}</p></article></body></html>"


def message(plain: str = "", page: str = "", **fields: str) -> EmailMessage:
    made = EmailMessage()
    named = {
        "From": "Ann Lee <ann@example.org>",
        "Date": "Thu, 09 Mar 2023 23:15:00 -0500",
        "Subject": "Rain",
    }
    for name, value in (named | fields).items():
        made[name.replace("_", "-")] = value
    if plain:
        made.set_content(plain)
    if page:
        made.add_alternative(page, subtype="html")
    return made


def test_the_header_states_the_fields(article: Reads) -> None:
    found = article("rome.eml", message(FIRST, PAGE, Subject="Crème & rain, the 3rd").as_bytes())
    assert (found.id, found.title) == (path_id("rome.eml"), "Crème & rain, the 3rd")
    assert (found.authors, found.published, found.updated) == (("Ann Lee",), date(2023, 3, 9), None)
    assert (found.site, found.url, found.language) == (None, None, "en-GB")
    assert found.text == f"{FIRST}\n\n{SECOND}"


def test_the_address_that_the_page_states_is_that_of_the_message(article: Reads) -> None:
    page = PAGE.replace("<body>", "<head><link rel='canonical' href='https://example.org/rain'></head><body>")
    assert article("rome.eml", message(FIRST, page).as_bytes()).id == url_id("https://example.org/rain")


@pytest.mark.parametrize(
    ("sender", "list_id", "authors", "site"),
    [
        ("The Post <a@example.org>", "", ("The Post",), None),
        ("Ann Lee from The Post <a@example.org>", "", ("Ann Lee",), "The Post"),
        ("=?utf-8?q?Ren=C3=A9=2C_Ann?= <a@example.org>", "", ("René, Ann",), None),
        ("a@example.org", "Rain Weekly <rain.example.org>", (), "Rain Weekly"),
        ("a@example.org", "<rain.example.org>", (), None),
    ],
)
def test_who_wrote_it_and_where(
    article: Reads, sender: str, list_id: str, authors: tuple[str, ...], site: str | None
) -> None:
    data = f"From: {sender}\nList-Id: {list_id}\nSubject: Rain\n\n{FIRST}"
    found = article("a.eml", data)
    assert (found.authors, found.site) == (authors, site)


@pytest.mark.parametrize("day", ["", "soon", "Thu, 30 Feb 2023 10:00:00 +0000"])
def test_a_day_that_is_none_is_left_out(article: Reads, day: str) -> None:
    assert article("a.eml", f"From: a@example.org\nDate: {day}\n\nIt rained.").published is None


def test_without_html_the_plain_text_is_the_article(article: Reads) -> None:
    found = article("a.eml", message("It rained.\n\nIt stopped.").as_bytes())
    assert (found.text, found.title) == ("It rained.\n\nIt stopped.", "Rain")


def test_where_the_html_has_no_text_the_plain_text_is_the_article(article: Reads) -> None:
    assert article("a.eml", message(FIRST, "<html><img src='a.png'></html>").as_bytes()).text == FIRST


def test_attachments_are_left_out(article: Reads) -> None:
    made = message(FIRST)
    made.add_attachment("An invoice.", filename="invoice.txt")
    made.add_attachment(b"\0\xff", maintype="image", subtype="png")
    assert article("a.eml", made.as_bytes()).text == FIRST


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_the_stated_encoding_is_respected(article: Reads, charset: str) -> None:
    made = EmailMessage()
    made["From"] = "a@example.org"
    made.set_content("Il pleuvait à Rome, et les cafés étaient pleins.", charset=charset)
    assert article("a.eml", made.as_bytes()).text == "Il pleuvait à Rome, et les cafés étaient pleins."


def test_japanese(article: Reads) -> None:
    head = "From: a@example.org\nContent-Type: text/plain; charset=ISO-2022-JP\n\n"
    assert article("a.eml", head.encode() + "雨が降った。".encode("iso-2022-jp")).text == "雨が降った。"


def test_a_header_of_raw_bytes(article: Reads) -> None:
    assert article("a.eml", "From: René <a@example.org>\nSubject: Crème\n\nx".encode()).title == "Crème"


@pytest.mark.parametrize("subject", ["=?\u0402tf-8?b?UmFpbg==?=", "=?rain?q?x?=", "=?utf-8?b?x?="])
def test_a_subject_that_cannot_be_decoded_stays_as_it_is(article: Reads, subject: str) -> None:
    assert article("a.eml", f"From: a@example.org\nSubject: {subject}\n\nIt rained.").title == subject


def test_a_message_is_told_by_its_content(article: Reads) -> None:
    data = message(FIRST, PAGE, Message_ID="<1@example.org>").as_bytes()
    assert article("a.txt", data).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("From: a\nDate: b\nMIME-Version: 1.0\n\nx", True),
        ("Received: a\n\tby b\nfrom: a\ndate: b\n\nx", True),
        ("From: a\nDate: b\n\nx", False),
        ("Dear Ann,\nFrom: a\nDate: b\nReceived: c", False),
        ("From Rome with love", False),
    ],
)
def test_what_looks_like_a_message(text: str, told: bool) -> None:
    assert looks_like_message(text) is told


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("It rained.", "is no message: it has no From, Date or Subject"),
        ("From: " + "(" * 3000 + "\n\nx", "is nested too deeply to be read"),
        ("From: a@example.org\n\n", "has no text; only its attachments may have some"),
        ("From: a\nContent-Type: text/plain; charset=punycode\n\n", "has no text; only its attachments may"),
    ],
)
def test_what_is_no_article(outcome: Outcomes, data: str, reason: str) -> None:
    articles, reasons = outcome("a.eml", data)
    assert articles == []
    assert len(reasons) == 1 and reasons[0].startswith(reason)


def test_a_message_nested_without_end(outcome: Outcomes) -> None:
    data = (
        "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1500))
        + "\nIt rained."
    )
    articles, reasons = outcome("a.eml", "From: a@example.org\n" + data)
    assert len(articles) + len(reasons) == 1

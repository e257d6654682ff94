from collections.abc import Callable
from datetime import date

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from index.readers import pdf_glyphs
from index.readers.ids import path_id
from index.types import Article
from tests.index.readers.made_pdf import Pdf, by_hand

Reads = Callable[[str, str | bytes], Article]
Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]

LEFT = """\
It rained in Rome for three
days, and nobody whom we met
could say when it had last done
so. On the fourth the sun came
out at last."""
RIGHT = """\
The whole city came with it,
to see what was left of spring.
Umbrellas were to be had for
nothing at all, and nobody
wanted one."""


def flat(text: str) -> str:
    return " ".join(text.split())


def stated(**fields: str) -> bytes:
    pdf = Pdf().lines(LEFT, 72, 100)
    pdf.canvas.setTitle(fields.get("title", ""))
    pdf.canvas.setAuthor(fields.get("author", ""))
    return pdf.data()


def test_the_information_dictionary_states_the_fields(article: Reads) -> None:
    found = article("rome.pdf", stated(title="My trip to Rome", author="Ann Lee and Bo Li"))
    assert (found.id, found.title, found.authors) == (
        path_id("rome.pdf"),
        "My trip to Rome",
        ("Ann Lee", "Bo Li"),
    )
    assert found.published == date(2000, 1, 1)  # what reportlab puts in where files are to be the same


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - trip-3.doc", "trip.indd"])
def test_a_title_that_a_program_put_in_is_none(article: Reads, title: str) -> None:
    assert article("my-trip.pdf", stated(title=title)).title == "My trip"


@pytest.mark.parametrize("author", ["", "anonymous", "Microsoft Office User", "admin"])
def test_a_name_that_a_program_put_in_is_none(article: Reads, author: str) -> None:
    assert article("my-trip.pdf", stated(author=author)).authors == ()


@pytest.mark.parametrize("day", [b"D:20230230000000", b"soon", b""])
def test_a_day_that_is_none_is_left_out(article: Reads, day: bytes) -> None:
    data = stated()
    begin = data.index(b"D:2000")
    data = data[:begin] + day.ljust(16)[:16] + data[begin + 16 :]
    assert article("rome.pdf", data).published is None


@pytest.mark.parametrize(("day", "known"), [(b"D:2023", "2023"), (b"D:202303", "2023-03")])
def test_a_day_may_be_known_in_part(article: Reads, day: bytes, known: str) -> None:
    data = stated()
    begin = data.index(b"D:2000")
    data = data[:begin] + day.ljust(16)[:16] + data[begin + 16 :]
    assert str(article("rome.pdf", data).published) == known


def test_the_catalog_states_the_language(article: Reads) -> None:
    assert article("rome.pdf", Pdf(lang="de-CH").lines(LEFT, 72, 100).data()).language == "de-CH"
    assert article("rome.pdf", stated()).language is None


def test_the_largest_line_is_the_title(article: Reads) -> None:
    pdf = Pdf().line("The Continental Post", 72, 60, 11).line("Three days of rain", 72, 100, 22)
    assert article("rome.pdf", pdf.lines(LEFT, 72, 150).data()).title == "Three days of rain"


def test_two_columns_are_read_one_after_the_other(article: Reads) -> None:
    pdf = Pdf().line("Three days of rain, and then a spring", 72, 80, 24)
    for number, (left, right) in enumerate(zip(LEFT.splitlines(), RIGHT.splitlines(), strict=True)):
        pdf.line(left, 72, 120 + 14 * number).line(right, 310, 120 + 14 * number)
    blocks = article("rome.pdf", pdf.data()).text.split("\n\n")
    assert blocks == ["Three days of rain, and then a spring", flat(LEFT), flat(RIGHT)]


def test_a_line_across_the_page_parts_the_columns_above_from_those_below(article: Reads) -> None:
    pdf = Pdf().lines(LEFT, 72, 100).lines(RIGHT, 310, 100)
    pdf.line("How the city dried, and what it found then under the water", 72, 200, 16)
    pdf.lines(RIGHT.upper(), 72, 230, 8).lines(LEFT.upper(), 310, 230, 8)
    blocks = article("rome.pdf", pdf.data()).text.split("\n\n")
    assert [block.split()[0] for block in blocks] == ["It", "The", "How", "THE", "IT"]


def test_paragraphs_are_told_by_space_and_by_indentation(article: Reads) -> None:
    pdf = Pdf().lines("It rained in Rome.\nIt rained for three days, and then for a fourth one.", 72, 100)
    pdf.lines("After a space the sun came out\nand shone upon the whole city.", 72, 150)
    pdf.lines("An indented line, which begins\n", 90, 150 + 2 * 13.75).line(
        "the last paragraph.", 72, 150 + 3 * 13.75
    )
    assert article("rome.pdf", pdf.data()).text.split("\n\n") == [
        "It rained in Rome.",
        "It rained for three days, and then for a fourth one.",
        "After a space the sun came out and shone upon the whole city.",
        "An indented line, which begins the last paragraph.",
    ]


def test_a_word_broken_at_the_end_of_a_line_is_whole_again(article: Reads) -> None:
    pdf = Pdf().lines(
        "The umbrel-\nlas of a well-\nknown maker and the Anglo-\nSaxon well-known one.", 72, 100
    )
    text = article("rome.pdf", pdf.data()).text
    assert text == "The umbrellas of a well-known maker and the Anglo-Saxon well-known one."


def test_running_headers_footers_and_page_numbers_are_left_out(article: Reads) -> None:
    pdf = Pdf()
    for number, opening in enumerate(["It rained.", "The sun came.", "All was dry."], start=1):
        pdf.line("The Continental Post", 72, 40).line(f"Issue 12, page {number}", 400, 40)
        pdf.line(opening, 72, 100).line(f"That was day {opening[-4:-1]} of all of them.", 72, 200)
        pdf.line(str(number), 290, 800).page()
    text = article("rome.pdf", pdf.data()).text
    assert "Post" not in text and "Issue" not in text
    assert not any(block.isdigit() for block in text.split("\n\n"))
    assert text.startswith("It rained.") and text.count("That was day") == 3


def test_headers_of_left_and_right_pages_differ(article: Reads) -> None:
    pdf = Pdf()
    for number, word in enumerate("one two three four".split()):
        pdf.line("Ann Lee" if number % 2 else "My trip to Rome", 72, 40).lines(
            f"Day {word} had rain.\n{word}", 72, 100
        )
        pdf.page()
    text = article("a.pdf", pdf.data()).text
    assert "Ann Lee" not in text and "My trip" not in text
    assert text.count("had rain") == 4


def test_the_header_of_a_chapter_is_known_by_its_growing_number(article: Reads) -> None:
    pdf = Pdf()
    for number, letter in enumerate("abcdefghijkl", start=1):
        pdf.line(f"Chapter {number // 4}: Rain {number + 7}", 72, 40)
        pdf.line(f"It rained {letter}.", 72, 100).line(f"No. {letter} was dry.", 72, 300).page()
    text = article("a.pdf", pdf.data()).text
    assert "Chapter 1" not in text and "Chapter 2" not in text
    assert text.count("It rained") == text.count("No. ") == 12


def test_a_title_is_not_taken_for_the_header_that_repeats_it(article: Reads) -> None:
    pdf = Pdf().line("Three days of rain", 72, 60, 24).lines(LEFT, 72, 150).page()
    for _ in range(3):
        pdf.line("Three days of rain", 72, 40, 8).lines(RIGHT, 72, 150).page()
    found = article("a.pdf", pdf.data())
    assert found.title == "Three days of rain"
    assert found.text.count("Three days of rain") == 1


def test_what_stands_on_one_page_only_stays(article: Reads) -> None:
    text = article("a.pdf", Pdf().line("It rained.", 72, 40).line("The end.", 72, 800).data()).text
    assert text == "It rained.\n\nThe end."


def test_a_paragraph_goes_on_over_the_end_of_a_page(article: Reads) -> None:
    pdf = (
        Pdf().line("It rained in Rome for three", 72, 100).page().line("days, and then it stopped.", 72, 100)
    )
    assert article("a.pdf", pdf.data()).text == "It rained in Rome for three days, and then it stopped."


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_that_are_turned_are_read_and_watermarks_are_not(article: Reads, degrees: int) -> None:
    pdf = Pdf()
    pdf.canvas.translate(300, 400)
    pdf.canvas.rotate(degrees)
    for number, line in enumerate(LEFT.splitlines()):
        pdf.canvas.drawString(0, -14 * number, line)
    pdf.canvas.rotate(45)
    pdf.canvas.drawString(0, 0, "DRAFT")
    assert article("a.pdf", pdf.data()).text == flat(LEFT)


def test_a_pdf_of_pictures_alone(outcome: Outcomes) -> None:
    pdf = Pdf()
    pdf.canvas.rect(72, 72, 200, 200, fill=1)
    reason = "has no text: it seems to be scanned; run it through OCR first"
    assert outcome("a.pdf", pdf.page().data()) == ([], [reason])


def test_a_pdf_with_a_password(outcome: Outcomes) -> None:
    pdf = Pdf(encrypt=StandardEncryption("secret", strength=128)).lines(LEFT, 72, 100)
    assert outcome("a.pdf", pdf.data()) == ([], ["is encrypted; save it without its password"])
    pageless = by_hand(b"", pages=0)  # of which PDFium does not say what is wrong
    assert outcome("b.pdf", pageless) == ([], ["is damaged: it cannot be opened as a PDF"])


def test_a_pdf_that_may_only_not_be_printed_is_read(article: Reads) -> None:
    pdf = Pdf(encrypt=StandardEncryption("", ownerPassword="secret", canPrint=0)).lines(LEFT, 72, 100)
    assert article("a.pdf", pdf.data()).text == flat(LEFT)


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\n", b"%PDF-1.7\n\0\xff" * 99, Pdf().lines(LEFT, 72, 100).data()[:300]]
)
def test_a_damaged_pdf(outcome: Outcomes, data: bytes) -> None:
    assert outcome("a.pdf", data) == ([], ["is damaged: it cannot be opened as a PDF"])


def test_a_pdf_is_told_by_its_content(article: Reads) -> None:
    assert article("a.txt", Pdf().lines(LEFT, 72, 100).data()).text == flat(LEFT)


def test_a_pdf_that_is_much_too_long(outcome: Outcomes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Pdf().lines(LEFT, 72, 100).page().lines(RIGHT, 72, 100).page().data()
    monkeypatch.setattr(pdf_glyphs, "MOST_CHARACTERS", 200)
    assert outcome("a.pdf", data)[1] == ["has more than 0 million characters; split it"]
    monkeypatch.setattr(pdf_glyphs, "MOST_PAGES", 1)
    assert outcome("a.pdf", data)[1] == ["has 2 pages, and 1 can be read; split it"]

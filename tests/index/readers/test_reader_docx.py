import io
from collections.abc import Callable
from datetime import date, datetime

import pytest
from docx import Document
from docx.document import Document as Docx

from index.readers.ids import path_id
from index.types import Article
from tests.index.readers.made_zip import zipped

Reads = Callable[[str, str | bytes], Article]
Outcomes = Callable[[str, str | bytes], tuple[list[Article], list[str]]]

RELATIONS = """\
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
  <Relationship Id="a" Type="http://x.example/relationships/officeDocument" Target="/word/document.xml"/>
</Relationships>"""


def saved(document: Docx) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def by_hand(body: str, doctype: str = "", relations: str = RELATIONS) -> bytes:
    """A document of nothing but this XML."""
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    document = f'{doctype}<w:document xmlns:w="{name}"><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "", "_rels/.rels": relations, "word/document.xml": document})


def test_the_core_properties_state_the_fields(article: Reads) -> None:
    document = Document()
    document.add_paragraph("It rained in Rome.")
    core = document.core_properties
    core.title, core.author, core.language = "My trip to Rome", "Ann Lee; Bo Li", "en-GB"
    core.created, core.modified = datetime(2023, 3, 9, 10, 15), datetime(2023, 4, 1)
    found = article("rome.docx", saved(document))
    assert (found.id, found.title) == (path_id("rome.docx"), "My trip to Rome")
    assert (found.authors, found.language) == (("Ann Lee", "Bo Li"), "en-GB")
    assert (found.published, found.updated) == (date(2023, 3, 9), date(2023, 4, 1))


def test_a_document_that_states_nothing_has_no_fields(article: Reads) -> None:
    found = article("my-trip.docx", by_hand("<w:p><w:r><w:t>It rained.</w:t></w:r></w:p>"))
    assert (found.title, found.text) == ("My trip", "It rained.")
    assert (found.authors, found.published, found.updated) == ((), None, None)


def test_what_the_blank_document_of_a_library_states_is_left_out(article: Reads) -> None:
    document = Document()
    document.add_paragraph("It rained.")
    found = article("my-trip.docx", saved(document))
    assert (found.authors, found.published, found.updated) == ((), None, None)


def test_paragraphs_headings_lists_and_tables_are_blocks(article: Reads) -> None:
    document = Document()
    document.add_heading("Three days of rain", 1)
    document.add_paragraph("It rained in Rome.")
    document.add_paragraph("")
    document.add_paragraph("Bring an umbrella.", style="List Bullet")
    document.add_paragraph("Bring a second one.", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("March", "57 mm"), ("April", "56 mm")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("Then it\tstopped.\nAt last.")
    found = article("rome.docx", saved(document))
    assert found.title == "Three days of rain"
    assert found.text.split("\n\n") == [
        "Three days of rain",
        "It rained in Rome.",
        "- Bring an umbrella.\n- Bring a second one.",
        "| March | 57 mm |\n| April | 56 mm |",
        "Then it\tstopped.\nAt last.",
    ]


def test_a_table_of_one_column_is_layout(article: Reads) -> None:
    document = Document()
    cell = document.add_table(rows=1, cols=1).rows[0].cells[0]
    cell.text = "It rained."
    cell.add_paragraph("It stopped.")
    assert article("rome.docx", saved(document)).text == "It rained.\n\nIt stopped."


def test_the_table_of_contents_is_left_out(article: Reads) -> None:
    document = Document()
    document.styles.add_style("TOC 1", 1)
    document.add_paragraph("Rain\t2", style="TOC 1")
    document.add_paragraph("It rained.")
    assert article("rome.docx", saved(document)).text == "It rained."


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param(
            "<w:p><w:ins><w:r><w:t>It rained.</w:t></w:r></w:ins></w:p>", "It rained.", id="inserted"
        ),
        pytest.param(
            "<w:p><w:r><w:t>It rained.</w:t></w:r><w:del><w:r><w:delText>No.</w:delText></w:r></w:del></w:p>",
            "It rained.",
            id="deleted",
        ),
        pytest.param(
            "<w:sdt><w:sdtPr><w:t>x</w:t></w:sdtPr><w:sdtContent><w:p><w:r><w:t>It rained.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>",
            "It rained.",
            id="a field of a form",
        ),
        pytest.param(
            "<w:p><w:r><w:t>It rained.</w:t><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
            "</w:txbxContent></w:r></w:p>",
            "It rained.\n\nIn a box.",
            id="a text box",
        ),
        pytest.param(
            '<w:p><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>One.</w:t></w:r></w:p>'
            '<w:p><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr><w:r><w:t>None.</w:t></w:r></w:p>',
            "- One.\n\nNone.",
            id="a numbered paragraph",
        ),
    ],
)
def test_what_belongs_to_the_text(article: Reads, body: str, text: str) -> None:
    assert article("rome.docx", by_hand(body)).text == text


def test_a_document_is_told_by_its_content(article: Reads) -> None:
    assert article("rome.zip", by_hand("<w:p><w:r><w:t>It rained.</w:t></w:r></w:p>")).text == "It rained."


def test_entities_are_not_expanded(article: Reads) -> None:
    doctype = (
        '<!DOCTYPE a [<!ENTITY a "rain"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    )
    body = "<w:p><w:r><w:t>It rained.&b;&c;</w:t></w:r></w:p>"
    assert article("rome.docx", by_hand(body, doctype)).text == "It rained."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(by_hand(""), "has no text", id="empty"),
        pytest.param(by_hand("<w:p>"), "is damaged: word/document.xml is not XML", id="not well formed"),
        pytest.param(
            by_hand("", relations="<a/>"), "is damaged: it does not say where its text is", id="nowhere"
        ),
        pytest.param(
            by_hand("", relations=RELATIONS.replace("document.xml", "gone.xml")),
            "is damaged: 'word/gone.xml' is missing from it",
            id="missing",
        ),
        pytest.param(by_hand("")[:100], "is damaged: it cannot be opened as a ZIP archive", id="cut off"),
        pytest.param(b"It rained.", "is damaged: it cannot be opened as a ZIP archive", id="text"),
        pytest.param(by_hand("<w:p>" * 5000), "is damaged: word/document.xml is not XML", id="too deep"),
        pytest.param(b"\xd0\xcf\x11\xe0", "is an old or an encrypted office document", id="old"),
    ],
)
def test_a_damaged_document(outcome: Outcomes, data: bytes, reason: str) -> None:
    articles, reasons = outcome("rome.docx", data)
    assert articles == []
    assert len(reasons) == 1 and reasons[0].startswith(reason)
    assert "\n" not in reasons[0]

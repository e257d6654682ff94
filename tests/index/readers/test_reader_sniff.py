import pytest

from index.readers.formats import ENDINGS, READERS
from index.readers.sniff import kind_of


@pytest.mark.parametrize(
    ("content", "ending", "kind"),
    [
        pytest.param("It rained.", ".txt", "text", id="txt"),
        pytest.param("It rained.", ".log", "text", id="unknown ending"),
        pytest.param("It rained.", "", "text", id="no ending"),
        pytest.param("It rained.", ".md", "markdown", id="md"),
        pytest.param("It rained.", ".html", "html", id="html"),
        pytest.param("It rained.", ".ndjson", "jsonl", id="ndjson"),
        pytest.param("<!DOCTYPE html>\n<p>", ".txt", "html", id="doctype in a txt"),
        pytest.param("\ufeff \n<!-- saved from x -->\n<HTML lang=en>", "", "html", id="comment before html"),
        pytest.param('<?xml version="1.0"?><!doctype  HTML>', "", "html", id="XHTML"),
        pytest.param("<html>", ".md", "html", id="html in a md"),
        pytest.param("<htmlx>", "", "text", id="not html"),
        pytest.param("<!-- a -->" * 500 + "It rained.", "", "text", id="nothing but comments"),
        pytest.param("I wrote <html> once.", "", "text", id="html further on"),
        pytest.param('\n{"text": "It rained."}\n', "", "jsonl", id="an object on the first line"),
        pytest.param('{"text": "It rai', "", "jsonl", id="an object cut off by the sniffing"),
        pytest.param('{\n"text": "It rained."\n}', "", "text", id="an object over several lines"),
        pytest.param("[1]\n", "", "text", id="a list"),
        pytest.param("[" * 60_000, "", "text", id="many brackets"),
        pytest.param("{curly} words", "", "text", id="curly words"),
        pytest.param('{"text": "It rained."}\n', ".txt", "text", id="an object in a txt"),
        pytest.param("---\ntitle: Rome\n---\nIt rained.", ".txt", "markdown", id="front matter in a txt"),
        pytest.param("---\nIt rained.\n---\n", ".txt", "text", id="rules in a txt"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_content_decides_and_then_the_ending(content: str, ending: str, kind: str, encoding: str) -> None:
    assert kind_of(content.encode(encoding), ending) == kind


def test_every_ending_has_a_reader_and_every_reader_an_ending() -> None:
    assert set(ENDINGS.values()) == set(READERS)

from collections.abc import Callable
from datetime import date

import pytest

from index.readers.ids import url_id
from index.readers.markdown import split_front_matter
from index.types import Article

Reads = Callable[[str, str | bytes], Article]

FULL = """\
---
Title: "My trip: Rome"
authors: [Ann Lee, Bo Li]
DATE: 2023-03-09 10:15:00 +0100
lastmod: 2023-04-01
canonical: https://www.example.org/rome/
publisher: Example Times
lang: no
---

# Rome

It *rained*.
"""


def test_front_matter_states_the_fields(article: Reads) -> None:
    found = article("trip.md", FULL)
    assert found.title == "My trip: Rome"
    assert found.authors == ("Ann Lee", "Bo Li")
    assert (found.published, found.updated) == (date(2023, 3, 9), date(2023, 4, 1))
    assert found.url == "https://www.example.org/rome/"
    assert found.id == url_id(found.url)
    assert found.site == "Example Times"
    assert found.language == "no"


TOML = """\
+++
title = "My trip: Rome"
authors = ["Ann Lee", "Bo Li"]
date = 2023-03-09T10:15:00+01:00
lastmod = 2023-04-01
draft = false
tags = ["rain"]

[extra]
canonical = "https://example.org/none"
+++

It *rained*.
"""


@pytest.mark.parametrize("name", ["trip.md", "trip.txt"])
def test_front_matter_in_toml_states_the_fields(article: Reads, name: str) -> None:
    found = article(name, TOML)
    assert (found.title, found.text) == ("My trip: Rome", "It *rained*.")
    assert found.authors == ("Ann Lee", "Bo Li")
    assert (found.published, found.updated) == (date(2023, 3, 9), date(2023, 4, 1))
    assert found.url is None


@pytest.mark.parametrize("block", ["title = Rome", "date = 2023-02-30", "a = 1\na = 2", "a = " + "[" * 5000])
def test_broken_front_matter_in_toml_is_left_out_and_the_article_read(article: Reads, block: str) -> None:
    found = article("my-trip.md", f"+++\n{block}\n+++\nIt rained.")
    assert (found.title, found.text, found.published) == ("My trip", "It rained.", None)


def test_the_day_that_stands_for_none_in_toml_is_none(article: Reads) -> None:
    assert article("my-trip.md", "+++\ndate = 0001-01-01T00:00:00Z\n+++\nIt rained.").published is None


def test_the_text_is_what_follows_with_its_syntax(article: Reads) -> None:
    assert article("trip.md", FULL).text == "# Rome\n\nIt *rained*."


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ("author: Ann Lee and Bo Li", "authors", ("Ann Lee", "Bo Li")),
        ("author:\n  - Ann Lee\n  - name: Bo Li", "authors", ("Ann Lee", "Bo Li")),
        ("published: 2023/03/09", "published", date(2023, 3, 9)),
        ("date: 2023-02-30", "published", None),
        ("modified: March 9, 2023", "updated", date(2023, 3, 9)),
        ("link: https://example.org/a", "url", "https://example.org/a"),
        ("url: javascript:alert(1)", "url", None),
        ("url: /a", "url", None),
        ("url: https://www.example.org/a", "site", "example.org"),
        ("source: The Times", "site", "The Times"),
        ("site: null", "site", None),
        ("title: 1984", "title", "1984"),
        ("title: No", "title", "No"),
        ("title: [a, b]", "title", "Rome"),
        ("title: ~", "title", "Rome"),
        ("language: en-GB", "language", "en-GB"),
    ],
)
def test_a_field(article: Reads, field: str, name: str, value: object) -> None:
    assert getattr(article("trip.md", f"---\n{field}\n---\n# Rome\n\nIt rained."), name) == value


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("title: My trip: Rome", id="a second colon"),
        pytest.param("title: [", id="an open bracket"),
        pytest.param("a: " + "[" * 5000, id="nested too deeply"),
        pytest.param("# nothing but a comment", id="no fields"),
        pytest.param("", id="empty"),
    ],
)
def test_broken_front_matter_is_left_out_and_the_article_read(article: Reads, block: str) -> None:
    found = article("trip.md", f"---\n{block}\n---\nIt rained in Rome.")
    assert found.text == "It rained in Rome."
    assert (found.title, found.url) == ("It rained in Rome.", None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\ntitle: Rome\n\nIt rained.", id="not closed"),
        pytest.param("---\n\nProse between two rules.\n\n---\n\nMore.", id="prose between rules"),
        pytest.param("It rained.\n---\ntitle: Rome\n---\n", id="not at the beginning"),
        pytest.param("----\ntitle: Rome\n----\nIt rained.", id="four dashes"),
        pytest.param("...\ntitle: Rome\n...\nIt rained.", id="dots"),
        pytest.param("+++\nProse between two rules.\n+++\nMore.", id="prose between pluses"),
        pytest.param("+++\ntitle = 'Rome'\n---\nIt rained.", id="another end"),
        pytest.param("---\ntitle: Rome\n" + "x" * 70_000 + "\n---\nIt rained.", id="long"),
    ],
)
def test_what_is_no_front_matter_stays(text: str) -> None:
    assert split_front_matter(text) == ("", text)


def test_front_matter_may_end_in_dots() -> None:
    assert split_front_matter("---\na: ---b\n...\nIt rained.") == ("\na: ---b\n", "\nIt rained.")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("It rained.\n\n# Rome\n", "Rome", id="a heading further down"),
        pytest.param("```sh\n# comment\n```\n\n# Rome\n", "Rome", id="not a comment in code"),
        pytest.param("````\n```\n# comment\n````\n# Rome\n", "Rome", id="not in code about code"),
        pytest.param("## Rome\n\nIt rained.", "Rome", id="a first line of the second level"),
        pytest.param("It rained.\n\n## Rome\n", "My trip", id="else the file name"),
    ],
)
def test_the_title_without_front_matter(article: Reads, text: str, title: str) -> None:
    assert article("my-trip.md", text).title == title


def test_nothing_below_the_front_matter(outcome: Callable[[str, str], object]) -> None:
    assert outcome("trip.md", "---\ntitle: Rome\n---\n \n") == ([], ["has no text below its front matter"])

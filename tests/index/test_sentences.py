import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import paragraphs, sentences

# fmt: off
FRAGMENTS = st.sampled_from([
    "One cat sat.", " ", "\n", "\n\n", "\r\n", "\t", "Dr. No ", "“Stop!” she said. ", "3.5 ", "… ", "?!",
    "- item", "# Heading\n", "1. first", "| a | b |", "我爱你。", "你好", "👩‍👩‍👧‍👦", "🇫🇷🇩🇪", "e\u0301\u0302",
    "مرحبا بك. ", "שלום.", "\ud800", "\udc00", "\u0301", "\u200d", "\u2028", "\u00a0", "\u3000", "\ufeff",
    "हिन्दी।", "e.g. ", "U.S. ", "...", ")", "”", "'", "*", "a", "Z", "0", ".",
])
# fmt: on
UGLY = st.lists(FRAGMENTS | st.text(st.characters(), max_size=8), max_size=30).map("".join)


def said(text: str, language: str | None = None) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@settings(max_examples=300, deadline=None)
@given(text=UGLY, language=st.sampled_from([None, "en", "zh", "de-AT", "xx", ""]))
def test_every_character_that_is_no_space_lies_in_exactly_one_sentence(text: str, language: str) -> None:
    covered = [0] * len(text)
    for start, end in sentences(text, language):
        for at in range(start, end):
            covered[at] += 1
    assert [n for n, c in zip(covered, text, strict=True) if not c.isspace()] == [1] * sum(
        not c.isspace() for c in text
    )


@settings(max_examples=300, deadline=None)
@given(text=UGLY)
def test_sentences_are_trimmed_and_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@settings(max_examples=300, deadline=None)
@given(text=UGLY)
def test_no_sentence_goes_beyond_its_paragraph(text: str) -> None:
    inside = paragraphs(text)
    assert all(any(p[0] <= s[0] and s[1] <= p[1] for p in inside) for s in sentences(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Cats sit. Dogs run.", ["Cats sit.", "Dogs run."], id="two"),
        pytest.param("Dr. Lee met Mr. and Mrs. Roe. They left.", 2, id="titles"),
        pytest.param("Gen. Lee and Sen. Roe met. They spoke.", 2, id="ranks"),
        pytest.param("She lives in Washington, D.C. on Jan. 5. He does not.", 2, id="a place and a month"),
        pytest.param("See e.g. the U.S. report. It is long.", 2, id="e.g. and a country"),
        pytest.param("J. K. Rowling wrote it. The end.", 2, id="initials"),
        pytest.param("Smith et al. wrote it. Fig. 2 shows it.", 2, id="et al. and a figure"),
        pytest.param("No. 5 is out. Buy it.", 2, id="a number"),
        pytest.param("At 5 p.m. Monday it rained. At 6 a.m. it stopped.", 2, id="hours"),
        pytest.param("It rose 3.5 per cent. It cost $3.50. Cheap!", 3, id="decimals"),
        pytest.param("Visit example.com. It is good.", 2, id="an address"),
        pytest.param("Well... maybe. Really?! Yes!!!", 3, id="ellipsis and marks"),
        pytest.param("“Stop!” she said. “Go?” he asked.", 2, id="curly quotes"),
        pytest.param('He said: "I know. It is late." Then he left.', 2, id="two sentences in quotes"),
        pytest.param("“Is it?” “No.”", ["“Is it?”", "“No.”"], id="an exchange"),
        pytest.param("First sentence.Second sentence.", 2, id="no space between"),
        pytest.param("One.\nTwo.\nThree", ["One.", "Two.", "Three"], id="lines"),
        pytest.param("A line\nthat goes on. Next.", ["A line\nthat goes on.", "Next."], id="a broken line"),
        pytest.param("¿Qué? ¡Sí! Bueno.", ["¿Qué?", "¡Sí!", "Bueno."], id="Spanish marks"),
        pytest.param("我爱你。你爱我！真的吗？", ["我爱你。", "你爱我！", "真的吗？"], id="Chinese"),
        pytest.param("爱。\u0301你！\ufe0f好", ["爱。\u0301", "你！\ufe0f", "好"], id="a mark upon a mark"),
        pytest.param("No mark at the end", ["No mark at the end"], id="no mark"),
        pytest.param(" \t Cats sit. \n ", ["Cats sit."], id="space around"),
        pytest.param("", [], id="nothing"),
        pytest.param(" \n\n\t\r\n ", [], id="only space"),
    ],
)
def test_english_sentences(text: str, expected: list[str] | int) -> None:
    found = said(text)
    assert (len(found) if isinstance(expected, int) else found) == expected, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("# Cats\nThey sit. They eat.", ["# Cats", "They sit.", "They eat."], id="above"),
        pytest.param("They sit\n## Dogs\nThey run", ["They sit", "## Dogs", "They run"], id="between"),
        pytest.param("Buy:\n- a cat\n- a dog. Now.", ["Buy:", "- a cat", "- a dog.", "Now."], id="list"),
        pytest.param("* a cat\n  that sits\n* a dog", ["* a cat\n  that sits", "* a dog"], id="two lines"),
        pytest.param("1. Sit down. Eat.\n2. Run.", ["1. Sit down.", "Eat.", "2. Run."], id="numbered list"),
        pytest.param("1) Sit\n12) Run", ["1) Sit", "12) Run"], id="numbered with brackets"),
        pytest.param("| a | b |\n| c | d |", ["| a | b |", "| c | d |"], id="table"),
        pytest.param("A title\n\nThen text.", ["A title", "Then text."], id="a paragraph without a mark"),
        pytest.param("One.\r\n\r\nTwo.\r\n", ["One.", "Two."], id="CRLF"),
        pytest.param("One\n \t\n\n\nTwo", ["One", "Two"], id="blank lines with space"),
        pytest.param("-", ["-"], id="a mark alone"),
        pytest.param("1.", ["1."], id="a number alone"),
        pytest.param("|", ["|"], id="a bar alone"),
        pytest.param("# \n# Cats", ["#", "# Cats"], id="an empty heading"),
        pytest.param("2023. That was a year.", ["2023.", "That was a year."], id="a year is no list"),
        pytest.param("-5 degrees\n-6 degrees", ["-5 degrees\n-6 degrees"], id="numbers below zero"),
    ],
)
def test_layout_ends_sentences(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("language", ["xx", "English (UK)", "-", "", "zh-Hant-TW", "日本語", "en\x00"])
def test_an_odd_language_is_no_error(language: str) -> None:
    assert "".join(said("Cats sit. Dogs run.", language)).replace(" ", "") == "Catssit.Dogsrun."


def test_a_language_with_a_region_is_that_language() -> None:
    assert said("我爱你。你爱我！", "ZH-Hant") == ["我爱你。", "你爱我！"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One", ["One"]),
        ("One\nline\n\nTwo", ["One\nline", "Two"]),
        ("\n\nOne\n\n\n\nTwo\n\n", ["One", "Two"]),
        ("One\n\t \nTwo", ["One", "Two"]),
        ("One\r\n\r\nTwo", ["One", "Two"]),
    ],
)
def test_paragraphs_lie_between_blank_lines(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in paragraphs(text)] == expected


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n " * 200_000, id="blank lines"),
        pytest.param(" " * 1_000_000, id="one blank line"),
        pytest.param("a" * 1_000_000, id="one word"),
        pytest.param("a. " * 50_000, id="many sentences"),
        pytest.param("- a\n" * 50_000, id="many items"),
        pytest.param("." * 100_000, id="dots"),
    ],
)
def test_size_is_no_trap(text: str) -> None:
    assert sum(end - start for start, end in sentences(text)) >= sum(1 for c in text if not c.isspace())

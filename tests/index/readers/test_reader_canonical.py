import pytest

from index.readers.canonical import canonical, one_line, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\r\nb\rc\n\rd", "a\nb\nc\n\nd", id="line ends of all systems"),
        pytest.param("\ufeffa\ufeffb", "ab", id="byte order marks"),
        pytest.param("a\0b\x07c\x0b\x0c\x1bd", "abcd", id="control characters"),
        pytest.param("a\tb", "a\tb", id="a tab stays"),
        pytest.param("a\ud800b", "a\ufffdb", id="half a surrogate pair"),
        pytest.param("\n \t\n  a\nb \n\n", "  a\nb", id="blank lines around, but not the indent"),
        pytest.param("   a", "   a", id="an indented first line"),
        pytest.param("a  b\u00a0c\u202fd", "a  b\u00a0c\u202fd", id="spaces are not folded"),
        pytest.param("e\u0301 ﬁ ½", "e\u0301 ﬁ ½", id="no Unicode normalisation"),
        pytest.param("a\u202eb\u202c", "a\u202eb\u202c", id="bidirectional controls stay"),
        pytest.param("a\n\n\n\nb", "a\n\n\n\nb", id="blank lines within stay"),
        pytest.param(" \r\n\t \x00", "", id="nothing but space"),
        pytest.param("", "", id="empty"),
    ],
)
def test_text_becomes_canonical(text: str, expected: str) -> None:
    assert canonical(text) == expected
    assert canonical(expected) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(" a\n b\u00a0c ", "a b c"), (" \n", None), ("", None), (None, None), (17, None), (["a"], None)],
)
def test_one_line_is_a_string_without_line_ends(value: object, expected: str | None) -> None:
    assert one_line(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\x1b[31m", "a?b?[31m"),
        ("\u202eb\ud800", "?b?"),
        ("café 🐈 ", "café 🐈"),
        ("a" * 200, "a" * 119 + "…"),
    ],
)
def test_what_a_message_repeats_is_printable_and_short(text: str, expected: str) -> None:
    assert shown(text) == expected

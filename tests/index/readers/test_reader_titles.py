import pytest

from index.readers.titles import heading_of, opening_words, title_for, title_from_stem, title_line


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("My trip to Rome\n\nIt rained.", "My trip to Rome", id="stands alone"),
        pytest.param("Who pays?\n\nNobody.", "Who pays?", id="a question"),
        pytest.param("My trip\n=======\nIt rained.", "My trip", id="underlined"),
        pytest.param("# My trip\nIt rained.", "My trip", id="a heading"),
        pytest.param("### My trip ###\nIt rained.", "My trip", id="a deep heading"),
        pytest.param("我的旅行\n\n下雨了。", "我的旅行", id="Chinese"),
        pytest.param("It rained in Rome.\n\nAll day.", None, id="a sentence"),
        pytest.param("“It rained in Rome.”\n\nAll day.", None, id="a quoted sentence"),
        pytest.param("Dear all,\n\nIt rained.", None, id="a greeting"),
        pytest.param("My trip to Rome\nIt rained.", None, id="text follows at once"),
        pytest.param("My trip to Rome", None, id="nothing follows"),
        pytest.param("My trip " * 20 + "\n\nIt rained.", None, id="long"),
        pytest.param("![Rome](rome.jpg)\n\nIt rained.", None, id="an image"),
        pytest.param("* * *\n\nIt rained.", None, id="a rule"),
        pytest.param("2023\n\nIt rained.", None, id="no word"),
    ],
)
def test_a_first_line_may_be_a_title(text: str, title: str | None) -> None:
    assert title_line(text) == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("# Rome", "Rome"),
        ("# Rome ##", "Rome"),
        ("# Learning C#", "Learning C#"),
        ("#Rome", None),
        ("## Rome", None),
        ("#", None),
        ("# ", None),
        ("Rome # 1", None),
    ],
)
def test_headings_of_the_first_level(line: str, title: str | None) -> None:
    assert heading_of(line) == title


@pytest.mark.parametrize(
    ("stem", "title"),
    [
        ("my-trip-to-rome", "My trip to rome"),
        ("2023-03-09-my_trip", "My trip"),
        ("20230309 my trip", "My trip"),
        ("notes.from.Rome.2023", "Notes from Rome 2023"),
        ("000_afce060c97c8e01a", None),
        ("README", None),
        ("a-b", None),
        ("", None),
    ],
)
def test_a_file_name_of_two_words_is_a_title(stem: str, title: str | None) -> None:
    assert title_from_stem(stem) == title


def test_opening_words_are_cut_at_the_end_of_a_word() -> None:
    text = "In a discreet yet decisive move, the French government has expelled two operatives of China."
    assert opening_words(text) == ("In a discreet yet decisive move, the French government has expelled two…")


def test_an_opening_that_is_one_long_word_is_cut_within_it() -> None:
    assert opening_words("x" * 200) == "x" * 79 + "…"


def test_a_short_text_is_its_own_title() -> None:
    assert opening_words("  It\nrained. ") == "It rained."


def test_first_line_then_file_name_then_opening() -> None:
    assert title_for("Rome in March\n\nIt rained.", "my-trip") == "Rome in March"
    assert title_for("It rained.", "my-trip") == "My trip"
    assert title_for("It rained.", "017") == "It rained."

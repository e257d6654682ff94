"""What kind of thing a question asks for, and which sentences have one."""

import pytest

from qa.kinds import asked, has


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many homes are fed?", "number"),
        ("How old is she?", "number"),
        ("How LONG is the bridge?", "number"),
        ("What percentage voted?", "number"),
        ("Which share is left?", "number"),
        ("When did it open?", "time"),
        ("In what year did it open?", "time"),
        ("Which day was it?", "time"),
        ("How long ago was it?", "time"),
        ("Who won?", "name"),
        ("Whose idea was it?", "name"),
        ("Where is it?", "name"),
        ("Which country was named?", "name"),
        ("What company bought it?", "name"),
        ("Why did it close?", None),
        ("What did she say?", None),
        ("Is it open?", None),
        ("How did she do it?", None),
        ("Somehow many came", None),
        ("", None),
    ],
)
def test_the_question_word_says_what_is_asked_for(question: str, kind: str | None) -> None:
    assert asked(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "question", "held"),
    [
        pytest.param("number", "It cost 40 crowns.", "", True, id="digits"),
        pytest.param("number", "Three came.", "", True, id="a numeral at the start"),
        pytest.param("number", "Someone came.", "", False, id="one inside a word is no number"),
        pytest.param("number", "It cost a lot.", "", False, id="no number"),
        pytest.param("time", "It opened on MONDAY.", "", True, id="weekday"),
        pytest.param("time", "It opened in 1802.", "", True, id="year"),
        pytest.param("time", "It opened two weeks ago.", "", True, id="weeks ago"),
        pytest.param("time", "It opened at 5.40.", "", True, id="time of day"),
        pytest.param("time", "It cost 9999 crowns.", "", False, id="a number that is no year"),
        pytest.param("time", "It was long ago.", "", False, id="no time"),
        pytest.param("name", "The lamp was lit by Ada Lind.", "", True, id="a name"),
        pytest.param("name", "The lamp was lit by Zoë.", "Who is ada?", True, id="a name with an accent"),
        pytest.param("name", "Nobody lit it.", "", False, id="the first word is no name"),
        pytest.param(
            "name", "It was lit by Ada.", "What did Ada do, and who helped?", False, id="the name asked about"
        ),
        pytest.param("name", "It was lit by ADA.", "Where was Ada?", False, id="the same in capitals"),
        pytest.param("name", "It was lit by Ada in Umbria.", "Where was Ada?", True, id="a name besides it"),
        pytest.param(None, "It cost 40 crowns on Monday, said Ada.", "", False, id="nothing is asked for"),
    ],
)
def test_a_sentence_has_something_of_the_kind(
    kind: str | None, sentence: str, question: str, held: bool
) -> None:
    assert has(kind, sentence, question) is held

"""Files of questions: what is read of them, and one line for each that cannot be used."""

import pytest

import seeds
from qa import Turn
from qa.errors import QuestionsError
from qa.questions import Question, parsed


def test_a_line_is_a_question() -> None:
    content = (
        '\ufeff{"id": "q7", "question": "And when?", "answers": ["Monday", "on Monday"], "other": 1,'
        ' "history": [{"question": "Who lit it?", "answer": "Ada."}], "quote": "On Monday."}\r\n'
        "\n"
        '{"question": "Who paid?", "answers": []}\n'
        '{"question": "Where?", "answers": "here", "history": null, "quote": null}'
    )
    assert parsed(content.encode(), "some.jsonl") == [
        Question("q7", "And when?", ("Monday", "on Monday"), (Turn("Who lit it?", "Ada."),), "On Monday."),
        Question("3", "Who paid?", ()),
        Question("4", "Where?", ("here",)),
    ]


def test_a_turn_needs_no_answer() -> None:
    [question] = parsed(b'{"question": "?", "answers": [], "history": [{"question": "Who?"}]}', "f")
    assert question.history == (Turn("Who?", ""),)


def test_the_sample_questions_are_such_a_file() -> None:
    found = parsed((seeds.articles_dir().parent / "questions.jsonl").read_bytes(), "questions.jsonl")
    assert [(each.id, each.text, each.answers, each.quote) for each in found] == [
        (each.id, each.question, each.answers, each.quote) for each in seeds.questions()
    ]
    assert [each.history for each in found] == [
        tuple(Turn(*turn) for turn in each.history) for each in seeds.questions()
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "q.jsonl has no questions. It needs one JSON object a line."),
        (b" \n\n", "q.jsonl has no questions. It needs one JSON object a line."),
        (b"\xff", "q.jsonl is not UTF-8 text (invalid start byte at byte 0)."),
        (b"\n{", "q.jsonl, line 2 is not JSON (Expecting property name"),
        (b"[" * 100_000, "q.jsonl, line 1 is not JSON ("),
        (b'["Who?"]', 'q.jsonl, line 1 is no object. Write {"question": "…", "answers": ["…"]}.'),
        (b'{"answers": []}', 'q.jsonl, line 1: "question" is null. It must be a text.'),
        (b'{"question": " ", "answers": []}', 'line 1: "question" is " ". It must be a text.'),
        (b'{"question": "?"}', 'line 1: "answers" is null. List the wordings that count as right; []'),
        (b'{"question": "?", "answers": [1]}', 'line 1: "answers" is [1]. List'),
        (b'{"question": "?", "answers": [" "]}', 'line 1: "answers" is [" "]. List'),
        (b'{"question": "?", "answers": [], "quote": 3}', 'line 1: "quote" is 3. It must be a text.'),
        (b'{"question": "?", "answers": [], "history": "x"}', 'line 1: "history" is no list of'),
        (b'{"question": "?", "answers": [], "history": ["x"]}', 'line 1: "history" is no list of'),
        (b'{"question": "?", "answers": [], "history": [{"answer": "x"}]}', '"history" is no list of'),
    ],
)
def test_what_cannot_be_used_is_said_with_its_line(content: bytes, message: str) -> None:
    with pytest.raises(QuestionsError) as raised:
        parsed(content, "q.jsonl")
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)

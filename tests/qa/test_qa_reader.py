"""The shipped reader, on ONNX Runtime."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from index.sentences import sentences
from qa.reader import GRAPH, WINDOW, Reader, Reading, the_reader
from qa.weights import WEIGHTS

LAMP = (
    "Ada Lind lit the harbour lamp on Monday, 3 May 2021. It burned for nine hours. The oil cost 40 crowns."
)
CLOCK = (
    "Bo Sand wound the station clock on Friday. It stopped after two minutes, and he paid for a new spring."
)
SAID = "The harbour lamp (2021-05-03)"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(threads=1)


def short(reading: Reading, passage: str) -> str:
    return passage[reading.spans[0].start : reading.spans[0].end].strip(" .,")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who lit the harbour lamp?", "Ada Lind"),
        ("How long did the lamp burn?", "nine hours"),
        ("How much did the oil cost?", "40 crowns"),
    ],
)
def test_the_words_that_answer_are_found(reader: Reader, question: str, answer: str) -> None:
    assert short(reader.read(question, [(SAID, LAMP)])[0], LAMP) == answer


def test_the_passage_that_answers_has_better_odds_and_a_better_span(reader: Reader) -> None:
    lamp, clock = reader.read("Who lit the harbour lamp?", [("", LAMP), ("", CLOCK)])
    assert lamp.odds > clock.odds
    assert lamp.best > clock.best


def test_spans_are_the_passages_best_first_and_do_not_overlap(reader: Reader) -> None:
    (reading,) = reader.read("When was the lamp lit?", [(SAID, LAMP)])
    scores = [span.score for span in reading.spans]
    assert scores == sorted(scores, reverse=True)
    places = sorted((span.start, span.end) for span in reading.spans)
    assert all(0 <= start < end <= len(LAMP) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_a_title_is_read_and_never_part_of_a_span(reader: Reader) -> None:
    with_title, without = reader.read("Which lamp burned?", [("The Great Lamp of Lund", LAMP), ("", LAMP)])
    assert with_title.spans[0].score != without.spans[0].score
    assert all(span.end <= len(LAMP) for span in with_title.spans)


def test_a_passage_reads_the_same_alone_and_among_longer_ones(reader: Reader) -> None:
    (alone,) = reader.read("Who wound it?", [("", CLOCK)])
    among = reader.read(
        "Who wound it?", [("", LAMP * 3), ("", CLOCK), ("", "Short."), ("", LAMP), ("", LAMP * 2)]
    )[1]
    assert among.odds == pytest.approx(alone.odds, abs=1e-3)
    assert [(span.start, span.end) for span in among.spans] == [
        (span.start, span.end) for span in alone.spans
    ]


def test_a_long_passage_is_read_to_its_end(reader: Reader) -> None:
    filler = "The weather was mild and the boats stayed in. " * 40
    (reading,) = reader.read("Who lit the harbour lamp?", [("", filler + LAMP)])
    assert short(reading, filler + LAMP) == "Ada Lind"


def test_an_answer_at_the_border_of_two_windows_is_read_whole(reader: Reader) -> None:
    text = "Rain. " * 50 + "It burned for nine hours and forty minutes. " + "Wind. " * 51
    assert WINDOW < 2 * 50 + 9 + 2 * 51 <= 2 * WINDOW  # word pieces: the border is after "hours"
    (reading,) = reader.read("How long did it burn?", [("", text)])
    assert short(reading, text) == "nine hours and forty minutes"


def test_what_is_said_and_asked_is_cut_where_it_is_too_long(reader: Reader) -> None:
    (reading,) = reader.read("Who lit the harbour lamp? " * 100, [("title " * 200, LAMP)])
    assert short(reading, LAMP) == "Ada Lind"


def test_of_a_long_question_the_end_is_read(reader: Reader) -> None:
    passage = [("", "Ada Lind lit the lamp. Bo Sund rang the bell.")]
    asked = [f"{'tell me ' * often}who rang the bell?" for often in (50, 80)]
    first, second = (reader.read(question, passage)[0] for question in asked)
    assert first == second != reader.read("tell me " * 80, passage)[0]


@pytest.mark.parametrize("passage", ["", " ", "\ud800", "👩‍👩‍👧 é ﬁ", "林曉雯住在台北。"])
def test_odd_passages_are_read(reader: Reader, passage: str) -> None:
    (reading,) = reader.read("Who?\udcff", [("\ud800", passage)])
    assert all(0 <= span.start < span.end <= len(passage) for span in reading.spans)


def test_no_passages_give_no_readings(reader: Reader) -> None:
    assert reader.read("Who?", []) == []


def test_a_passage_without_words_has_no_span_and_the_worst_score(reader: Reader) -> None:
    (reading,) = reader.read("Who?", [("", "")])
    assert reading.spans == () and reading.best == -20


def test_threads_share_one_reader(reader: Reader) -> None:
    expected = reader.read("Who wound the clock?", [("", CLOCK)])
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: reader.read("Who wound the clock?", [("", CLOCK)]), range(16)))
    assert all(each == expected for each in found)
    with ThreadPoolExecutor(8) as threads:
        assert len(set(map(id, threads.map(lambda _: the_reader(), range(8))))) == 1


def test_what_is_shipped_is_small() -> None:
    assert GRAPH.stat().st_size < 200_000
    assert WEIGHTS.stat().st_size < 12_000_000


def test_reading_loads_no_torch_and_no_transformers() -> None:
    code = (
        "import sys; from qa.reader import Reader; Reader().read('Who?', [('', 'Ada Lind did.')]);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_span_runs_from_one_sentence_into_the_next(reader: Reader) -> None:
    passage = (
        "It was lit. By whom? Ada. Ada Lind\n\nBo Sand wound the clock. Then he left. He was 40. It rained."
    )
    (reading,) = reader.read("Who lit it, and who wound the clock?", [("", passage)])
    starts = {start for start, _ in sentences(passage)}
    assert not any(span.start < start < span.end for span in reading.spans for start in starts)

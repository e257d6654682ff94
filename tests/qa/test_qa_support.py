"""How well cited sentences bear a claim out, by the real encoder and the real reader."""

from collections.abc import Iterator, Sequence
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.snapshot import Snapshot
from index.types import Article
from qa import Assistant
from qa.context import Context, heading
from qa.evidence import Sentence
from qa.reader import Reading
from qa.support import SIGNALS, STRONG, WEAK, Support, Verdict

LAMP = "Ada Lind lit the harbour lamp on Monday, after the storm had put it out."
HOURS = "It burned for nine hours and used 40 litres of oil."
TRAINS = "The first trains of the summer leave the station at noon."
TEXT = f"{LAMP} {HOURS} {TRAINS}"


@pytest.fixture(scope="module")
def snapshot(samples_assistant: Assistant) -> Iterator[Snapshot]:
    with samples_assistant.index.pinned() as snapshot:
        yield snapshot


@pytest.fixture(scope="module")
def evidence() -> tuple[Sentence, ...]:
    """LAMP, HOURS and TRAINS."""
    article = Article(id="a", title="The harbour of Vik", text=TEXT, source="a.md", authors=("Ida Holm",))
    spans = [(TEXT.index(words), TEXT.index(words) + len(words)) for words in (LAMP, HOURS, TRAINS)]
    return tuple(Sentence(article, *span, 0, "") for span in spans)


@pytest.fixture(scope="module")
def support(snapshot: Snapshot, evidence: tuple[Sentence, ...]) -> Support:
    headings = {"a": heading(evidence[0].article)}
    return Support(snapshot, Context("", evidence, headings, 0, 0, 0), "What did the council of Moss say?")


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (LAMP, 0),
        (HOURS, 1),
        ("Ada Lind lit the harbour lamp on Monday.", 0),
        ("It used 40 litres of oil.", 1),
        ("On Monday the lamp of the harbour was lit by Ada Lind.", 0),
    ],
)
def test_what_a_sentence_says_is_borne_out(
    support: Support, evidence: Sequence[Sentence], claim: str, cited: int
) -> None:
    assert support.of(claim, [evidence[cited]]) >= STRONG


@pytest.mark.parametrize("claim", [LAMP, f"“{LAMP}”", f" {LAMP[:-1]} "])
def test_a_sentence_that_is_repeated_is_borne_out_for_sure(
    support: Support, evidence: Sequence[Sentence], claim: str
) -> None:
    assert support.of(claim, [evidence[1], evidence[0]]) == 1


def test_a_part_of_a_sentence_is_not_taken_for_it(support: Support, evidence: Sequence[Sentence]) -> None:
    article = Article(id="b", title="Vik", text="It is not true that the lamp was lit.", source="b.md")
    cited = Sentence(article, 0, len(article.text), 0, "")
    assert support.of("The lamp was lit.", [cited]) < 1


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (LAMP, 1),
        (LAMP, 2),
        ("On Monday Vera Sund lit the harbour lamp.", 0),
        ("Ada Lind lit the harbour lamp on Friday.", 0),
        ("It burned for nine hours and used 70 litres of oil.", 1),
        ("The museum sold its oldest paintings to a bank.", 0),
    ],
)
def test_what_it_does_not_say_is_weak(
    support: Support, evidence: Sequence[Sentence], claim: str, cited: int
) -> None:
    assert support.of(claim, [evidence[cited]]) < WEAK


def test_sentences_bear_out_together_what_none_does_alone(
    support: Support, evidence: Sequence[Sentence]
) -> None:
    claim = "Ada Lind lit the harbour lamp on Monday and it used 40 litres of oil."
    assert support.of(claim, evidence[:2]) >= STRONG
    assert max(support.of(claim, [each]) for each in evidence[:2]) < WEAK


def test_nothing_bears_out_what_cites_nothing(support: Support) -> None:
    assert support.of(LAMP, []) == 0


def test_across_languages_only_names_and_figures_can_tell(
    support: Support, evidence: Sequence[Sentence]
) -> None:
    claim = "Die Lampe im Hafen wurde von der Frau mit {} Litern Öl am Montag betrieben."
    assert support.of(claim.format(40), [evidence[1]]) == 0.5
    assert support.of(claim.format(70), [evidence[1]]) == 0


# What a claim without a marker is attributed to


def test_a_claim_without_a_marker_is_attributed_to_its_sentence(
    support: Support, evidence: Sequence[Sentence]
) -> None:
    verdict = support.judge("Ada Lind lit the harbour lamp on Monday.", [])
    assert verdict.attributed is evidence[0] and verdict.support >= STRONG


def test_what_nothing_says_is_attributed_to_nothing(support: Support) -> None:
    verdict = support.judge("The museum sold its oldest paintings to a bank.", [])
    assert verdict.attributed is None and verdict.support < WEAK


@pytest.mark.parametrize(("measured", "attributed"), [(STRONG, True), (STRONG - 0.001, False)])
def test_only_strong_support_attributes(
    support: Support, monkeypatch: pytest.MonkeyPatch, measured: float, attributed: bool
) -> None:
    monkeypatch.setattr(Support, "of", lambda *args: measured)
    assert (support.judge(LAMP, []).attributed is not None) is attributed


def test_a_marker_is_left_as_it_is(support: Support, evidence: Sequence[Sentence]) -> None:
    verdict = support.judge(LAMP, [evidence[2]])
    assert verdict.attributed is None and verdict.support < WEAK


def test_without_evidence_there_is_nothing_to_say(snapshot: Snapshot) -> None:
    nothing = Support(snapshot, Context("", (), {}, 0, 0, 0), "")
    assert nothing.judge("The lamp burns.", []) == Verdict(0.0)


def test_what_stands_in_no_sentence_heading_or_question_is_unfounded(support: Support) -> None:
    claim = "In Vik, wrote Ida Holm, the council of Moss paid 57 crowns to Vera for 40 litres."
    assert support.judge(claim, []).unfounded == ("57", "Vera")


# The signals


def test_held_is_the_part_of_figures_and_names(support: Support, evidence: Sequence[Sentence]) -> None:
    assert support.held("The lamp of Ada Lind used 57 litres on Tuesday.", evidence[:1]) == 2 / 4
    assert support.held("The lamp used oil.", evidence[:1]) == 1
    assert support.all_held("The lamp of Ada Lind.", evidence[:1]) == 1
    assert support.all_held("The lamp of Ada Sund.", evidence[:1]) == 0


def test_words_count_by_their_rarity(support: Support, evidence: Sequence[Sentence]) -> None:
    assert support.words("harbour lamp", evidence[:1]) == 1
    assert support.words("paintings", evidence[:1]) == 0
    assert support.words("", evidence[:1]) == 0
    rarity = support._rarity
    (lamp,), (sold,) = support._terms_of("lamp"), support._terms_of("sold")
    share = rarity(lamp) / (rarity(lamp) + rarity(sold))
    assert support.words("lamp sold", evidence[:1]) == pytest.approx(share)


@pytest.mark.parametrize("name", [signal.__name__ for signal, _ in SIGNALS])
def test_every_signal_counts(
    support: Support, evidence: Sequence[Sentence], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    claim = "On Monday the lamp of the harbour was lit by Ada Lind."
    number = [signal.__name__ for signal, _ in SIGNALS].index(name)
    signals = support.signals(claim, evidence[:1])
    found = []
    for value in (0.0, 1.0):
        monkeypatch.setattr(
            support, "signals", lambda *args, v=value: [*signals[:number], v, *signals[number + 1 :]]
        )
        found.append(support.of(claim, evidence[:1]))
    assert found[0] < found[1]


def test_the_reader_is_asked_the_claim_of_what_it_cites(
    support: Support, evidence: Sequence[Sentence], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def read(question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        asked.append((question, *passages))
        return [Reading(0.0, ())]

    monkeypatch.setattr("qa.support.the_reader", lambda threads: SimpleNamespace(read=read))
    assert support.relevance(LAMP, evidence[:2]) == 0.5
    assert asked == [(LAMP, ("The harbour of Vik", f"{LAMP} {HOURS}"))]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(claim=st.text(max_size=60), cited=st.sets(st.integers(0, 2)))
def test_whatever_is_claimed_support_is_a_chance(
    support: Support, evidence: Sequence[Sentence], claim: str, cited: set[int]
) -> None:
    verdict = support.judge(claim, [evidence[n] for n in sorted(cited)])
    assert 0 <= verdict.support <= 1

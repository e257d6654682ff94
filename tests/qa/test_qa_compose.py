"""A model's words put together: sentences told apart, cited, judged, marked, whenever the judgement comes."""

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Article
from qa.cite import Citations
from qa.compose import Composer
from qa.evidence import Sentence
from qa.markdown import markers
from qa.scan import Scanner, Token
from qa.support import WEAK, Verdict

WORDS = "One lamp burns. Two oils smell. Three wicks glow. Four panes shine."
SAYS = ("One lamp", "Two oils", "Three wicks", "Four panes")
FINE = Verdict(0.9)


@pytest.fixture(scope="module")
def evidence() -> list[Sentence]:
    """Four sentences of one article, numbers 1 to 4 of the evidence."""
    article = Article(id="a", title="Lamps", text=WORDS, source="a.md")
    starts = [WORDS.index(words) for words in SAYS]
    return [Sentence(article, start, WORDS.index(".", start) + 1, 0, "") for start in starts]


class Judge:
    """Says what `verdicts` has for a claim, else that it is fine: at once, or, where `late`, when told to."""

    def __init__(self, verdicts: dict[str, Verdict] | None = None, *, late: bool = False) -> None:
        self.asked: list[tuple[str, int]] = []
        self.open: list[tuple[Future[Verdict], Verdict]] = []
        self._verdicts, self._late = verdicts or {}, late

    def __call__(self, claim: str, cited: Sequence[Sentence]) -> "Future[Verdict]":
        self.asked.append((claim, len(cited)))
        found: Future[Verdict] = Future()
        self.open.append((found, self._verdicts.get(claim, FINE)))
        if not self._late:
            self.tell()
        return found

    def tell(self) -> None:
        for future, verdict in self.open:
            future.set_result(verdict)
        self.open.clear()


def tokens(text: str) -> list[Token]:
    scanner = Scanner()
    return [*scanner.feed(text), *scanner.close()]


Composed = Callable[..., tuple[str, Composer, Judge]]


@pytest.fixture
def composed(evidence: list[Sentence]) -> Composed:
    """`composed(text, {claim: verdict})` is what comes out, with who made it."""

    def compose(text: str, verdicts: dict[str, Verdict] | None = None) -> tuple[str, Composer, Judge]:
        judge = Judge(verdicts)
        composer = Composer(evidence, judge, Citations())
        written = "".join([*composer.feed(tokens(text)), *composer.close()])
        assert composer.length == len(written)
        return written, composer, judge

    return compose


@pytest.mark.parametrize(
    "text",
    [
        r"http\://e.example/a",
        r"http:\//e.example/a",
        "http:![x](y)//e.example/a",
        r"www\.e.example",
        r"x WWW\.e",
    ],
)
def test_an_address_in_disguise_is_no_link(composed: Composed, text: str) -> None:
    written, _, _ = composed(text)
    assert re.search(r"://|www\.", written, re.IGNORECASE) is None
    assert composed(r"awww\. and 3\:4")[0] == "awww. and 3:4"


# Where a sentence ends, and which markers are its own


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The lamp burns [1]. It smells of oil [2].", [("The lamp burns.", 1), ("It smells of oil.", 1)]),
        ("The lamp burns. [1] It smells of oil. [2]", [("The lamp burns.", 1), ("It smells of oil.", 1)]),
        ("The lamp burns.[1][2] It smells bad.", [("The lamp burns.", 2), ("It smells bad.", 0)]),
        ("“The lamp burns.” [1] It smells bad.", [("“The lamp burns.”", 1), ("It smells bad.", 0)]),
        ("It cost 3.50 crowns [1]. It burned.", [("It cost 3.50 crowns.", 1)]),
        ("Mr. Lind lit the lamp [1]. He left early.", [("Mr. Lind lit the lamp.", 1), ("He left early.", 0)]),
        ("The lamp burns\nIt smells bad", [("The lamp burns", 0), ("It smells bad", 0)]),
        ("1. The lamp burns [1]\n2. It smells bad", [("The lamp burns", 1), ("It smells bad", 0)]),
        ("灯亮 了 吗。油 很 臭。", [("灯亮 了 吗。", 0), ("油 很 臭。", 0)]),
        ("The lamp burns [1], and it smells [2].", [("The lamp burns, and it smells.", 2)]),
        ("The lamp burns [1]!", [("The lamp burns!", 1)]),
    ],
)
def test_what_is_held_against_what(composed: Composed, text: str, claims: list[tuple[str, int]]) -> None:
    assert composed(text)[2].asked == claims


@pytest.mark.parametrize("text", ["Yes.", "It burns.", "This is what they say:", "- \n\n", ""])
def test_what_claims_nothing_is_not_judged(composed: Composed, text: str) -> None:
    _, composer, judge = composed(text)
    assert judge.asked == [] and composer.claims == []


@pytest.mark.parametrize("text", ["Yes [1].", "It burns [1].", "This is what they say [1]:"])
def test_what_cites_claims_something(composed: Composed, text: str) -> None:
    assert [claim.markers for claim in composed(text)[1].claims] == [(1,)]


def test_a_claim_is_the_stretch_of_its_sentence_with_its_markers(composed: Composed) -> None:
    text = "The *lamp* burns [3]. **It smells** of oil. [1]\n\n- Of panes\nSo [x] they say: four."
    written, composer, _ = composed(text, {"It smells of oil.": Verdict(0.1)})
    assert [written[claim.start : claim.end] for claim in composer.claims] == [
        r"The \*lamp\* burns [1].",
        "**It smells** of oil. [2]",
        r"So \[x\] they say: four.",
    ]


# Markers


def test_markers_are_numbered_in_order_and_numbers_that_lead_nowhere_are_counted(composed: Composed) -> None:
    written, composer, _ = composed("It burns [4] and smells [2, 5][0] and burns [4].")
    assert written == "It burns [1] and smells [2] and burns."
    assert composer.dropped == 2


def test_of_a_marker_that_names_everything_some_are_taken(composed: Composed) -> None:
    written, composer, _ = composed("It burns [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].")
    assert written == "It burns [1][2][3][4]."
    assert composer.dropped == 6


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It burns bright[1] there.", "It burns bright [1] there."),
        ("It burns bright [1](so they say).", "It burns bright [1] (so they say)."),
        ("It burns [1]: bright.", "It burns [1]\\: bright."),
        ("It burns bright [9].", "It burns bright."),
        ("It burns bright [9] there.", "It burns bright there."),
        ("It burns bright [9]there.", "It burns bright there."),
        ("[1] It burns bright.", "[1] It burns bright."),
        ("- [1] burns bright here", "- [1] burns bright here"),
    ],
)
def test_a_marker_stands_by_itself_and_is_no_link(composed: Composed, text: str, written: str) -> None:
    assert composed(text)[0].removesuffix(" (unsourced)") == written


# What is marked


@pytest.mark.parametrize(
    ("text", "verdict", "marked"),
    [
        ("The lamp burns [1].", Verdict(WEAK), ""),
        ("The lamp burns [1].", Verdict(WEAK - 0.001), " (weakly supported)"),
        ("The lamp burns.", Verdict(0.99), " (unsourced)"),
        ("The lamp burns [1].", Verdict(0.9, unfounded=("7", "Vera")), " (not in your articles: 7, Vera)"),
        (
            "The lamp burns [1].",
            Verdict(0.1, unfounded=("a_b", "2", "3", "4", "5", "6")),
            " (weakly supported) (not in your articles: a\\_b, 2, 3, 4, 5)",
        ),
    ],
)
def test_what_is_not_borne_out_is_marked_behind_its_sentence(
    composed: Composed, text: str, verdict: Verdict, marked: str
) -> None:
    written, composer, _ = composed(f"{text} And so on.", {"The lamp burns.": verdict})
    assert written.startswith(f"{text}{marked} And so on.")
    claim = composer.claims[0]
    assert (claim.support, claim.unfounded) == (verdict.support, verdict.unfounded)
    assert written[: claim.end] == text, "a mark of ours is no part of the claim"


def test_a_sentence_without_a_marker_gets_the_one_that_bears_it_out(
    composed: Composed, evidence: list[Sentence]
) -> None:
    verdicts = {"The lamp burns.": Verdict(0.9, attributed=evidence[2])}
    written, composer, _ = composed("The lamp burns. It smells of oil [1].", verdicts)
    assert written == "The lamp burns. [1] It smells of oil [2]."
    assert [claim.markers for claim in composer.claims] == [(1,), (2,)]


def test_a_sentence_with_a_marker_gets_no_other(composed: Composed, evidence: list[Sentence]) -> None:
    verdicts = {"The lamp burns.": Verdict(0.9, attributed=evidence[2])}
    assert composed("The lamp burns [1].", verdicts)[0] == "The lamp burns [1]."


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("It was **Ada Lind**, not **Bo**.", "Ada Lind"),
        ("**Ada Lind.** She lit it.", "Ada Lind"),
        ("It was **Ada\nLind**.", "Ada"),
        ("It was **one of those nine people who once lived here**.", None),
        ("It was ** **nobody.", None),
        ("It was Ada.", None),
    ],
)
def test_what_stands_in_bold_first_is_the_short_answer(
    composed: Composed, text: str, short: str | None
) -> None:
    written, composer, _ = composed(text)
    assert composer.short == short
    assert written.count("**") % 2 == 0


# While a sentence is judged


def test_what_follows_a_sentence_waits_until_it_is_judged(evidence: list[Sentence]) -> None:
    judge = Judge({"The lamp burns.": Verdict(0.9, attributed=evidence[2])}, late=True)
    composer = Composer(evidence, judge, Citations())
    assert "".join(composer.feed(tokens("The lamp burns. "))) == "The lamp burns."
    assert "".join(composer.feed(tokens("It smells [1] of"))) == ""
    assert "".join(composer.feed(tokens("oil [2]"))) == ""
    assert composer.claims == []
    judge.tell()
    assert "".join(composer.feed()) == " [1] It smells [2] ofoil [3]"
    assert [claim.markers for claim in composer.claims] == [(1,)]


def test_the_end_waits_for_the_last_judgement(evidence: list[Sentence]) -> None:
    with ThreadPoolExecutor(1) as worker:

        def judge(claim: str, cited: Sequence[Sentence]) -> "Future[Verdict]":
            return worker.submit(lambda: time.sleep(0.05) or Verdict(0.0))

        composer = Composer(evidence, judge, Citations())
        assert "".join(composer.feed(tokens("The lamp burns."))) == "The lamp burns."
        assert "".join(composer.close()) == " (unsourced)"


def test_a_judge_that_fails_is_not_passed_over(evidence: list[Sentence]) -> None:
    def judge(claim: str, cited: Sequence[Sentence]) -> "Future[Verdict]":
        failed: Future[Verdict] = Future()
        failed.set_exception(MemoryError())
        return failed

    composer = Composer(evidence, judge, Citations())
    with pytest.raises(MemoryError):
        list(composer.feed(tokens("The lamp burns. It smells.")))


PIECES = st.sampled_from(
    [
        "The lamp burns",
        "It smells of oil",
        ". ",
        "! ",
        " [1]",
        " [2, 9]",
        "**",
        "\n",
        "\n- ",
        ": ",
        "7",
        "[",
        "e.g. ",
    ]
)


@given(
    text=st.lists(PIECES, max_size=20).map("".join),
    turns=st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_whenever_judgements_come_the_text_is_the_same(
    evidence: list[Sentence], text: str, turns: list[bool]
) -> None:
    verdicts = {
        "The lamp burns.": Verdict(0.9, attributed=evidence[3]),
        "It smells of oil.": Verdict(0.2, unfounded=("oil",)),
    }
    at_once = Composer(evidence, Judge(verdicts), Citations())
    expected = "".join([*at_once.feed(tokens(text)), *at_once.close()])
    judge = Judge(verdicts, late=True)
    composer = Composer(evidence, judge, Citations())
    written = ""
    for token, now in zip(tokens(text), turns * 9, strict=False):
        written += "".join(composer.feed([token]))
        assert expected.startswith(written)
        if now:
            judge.tell()
    judge.tell()
    judge._late = False
    written += "".join(composer.close())
    assert written == expected
    assert composer.claims == at_once.claims
    assert composer.short == at_once.short and composer.dropped == at_once.dropped
    ends = [0, *(claim.end for claim in composer.claims)]
    for claim, end in zip(composer.claims, ends, strict=False):
        assert end <= claim.start < claim.end <= len(written)
        assert tuple(dict.fromkeys(markers(written[claim.start : claim.end]))) == claim.markers

"""Figures and names that an answer must not make up."""

import pytest

from qa.figures import Known, english, figures, names

KNOWN = Known(
    ["Ada Lind paid 1,200 crowns on 1 May 2024 (2024-05-01).", "Three boats of Jean-Luc’s left at 9:30."]
)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("It was Ada Lind.", ()),
        ("She paid 1200 crowns, or 1.200.", ()),
        ("It was on 1 May 2024.", ()),
        ("The 3 boats left at 9:30.", ()),
        ("The boats of Luc and of Ada’s left.", ()),
        ("She paid 1300 crowns to Bo Sund in June.", ("1300", "Bo", "Sund", "June")),
        ("The 4 boats left at 9:45.", ("4", "9:45")),
        ("Mallory left. Boats too.", ()),
        ("Am Montag zündete die Frau das Licht mit 7 Hölzern an.", ("7",)),
    ],
)
def test_what_stands_nowhere(text: str, missing: tuple[str, ...]) -> None:
    assert KNOWN.missing(text) == missing


def test_figures_as_they_stand() -> None:
    assert figures("1,200 of 3.5 in 2024-05-01 at 9:30") == ["1,200", "3.5", "2024", "05", "01", "9:30"]


def test_names_begin_no_sentence() -> None:
    assert names("The lamp of Ada Lind. Then Bo came. “Mine,” said Cy.") == ["Ada", "Lind", "Bo", "Cy"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The lamp was lit by the keeper on Monday.", True),
        ("Ada Lind zündete am Montag die Hafenlampe an.", False),
        ("La lampe du port est allumée par une femme.", False),
        ("26", True),
        ("灯在星期一点亮。", False),
    ],
)
def test_english_is_told(text: str, expected: bool) -> None:
    assert english(text) is expected

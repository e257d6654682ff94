import pytest

from index.readers.people import parse_authors


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann Lee", ("Ann Lee",)),
        ("By Ann Lee", ("Ann Lee",)),
        ("by Ann Lee, Bo Li and Cy Ng", ("Ann Lee", "Bo Li", "Cy Ng")),
        ("Ann Lee, Bo Li, and Cy Ng", ("Ann Lee", "Bo Li", "Cy Ng")),
        ("Ann Lee; Bo Li & Cy Ng", ("Ann Lee", "Bo Li", "Cy Ng")),
        ("Sandy Anderson", ("Sandy Anderson",)),
        ("Byron Lord", ("Byron Lord",)),
        ("Sammy Davis, Jr. and Ann Lee", ("Sammy Davis, Jr.", "Ann Lee")),
        (["Ann Lee", " Bo  Li ", "Ann Lee", ""], ("Ann Lee", "Bo Li")),
        (["By Ann Lee", "King, Martin"], ("Ann Lee", "King, Martin")),
        ([{"name": "Ann Lee"}, {"url": "x"}, 17, None, ["Bo Li"]], ("Ann Lee",)),
        ({"name": "Ann Lee"}, ("Ann Lee",)),
        (" , and ; ", ()),
        ("", ()),
        (None, ()),
        (17, ()),
    ],
    ids=repr,
)
def test_names_are_told_apart(value: object, expected: tuple[str, ...]) -> None:
    assert parse_authors(value) == expected

"""A model's writing cut into tokens: what goes, what stays, whatever the chunks."""

import random

import pytest

from qa.scan import Scanner, Token


def scanned(*chunks: str) -> tuple[list[Token], int]:
    scanner = Scanner()
    tokens = [token for chunk in chunks for token in scanner.feed(chunk)]
    return [*tokens, *scanner.close()], scanner.removed


def shown(*chunks: str) -> str:
    """Tokens as one line; markers as {3,4}."""
    kinds = {"space": " ", "newline": "/", "bold": "**", "bullet": "- ", "quote": "> "}
    tokens, _ = scanned(*chunks)
    written = "".join(
        "{" + ",".join(map(str, token.numbers)) + "}" if token.numbers else kinds.get(token.kind, token.text)
        for token in tokens
    )
    return " ".join(written.split())


CASES = {
    "plain words": ("Ada lit it.", "Ada lit it."),
    "markers": ("Ada [3], [3-5][7].", "Ada {3}, {3,4,5}{7}."),
    "other brackets as markers": ("【3†source】 ［4］", "{3} {4}"),
    "a bracket that is none": ("[sic] [2024-05-01]", "[sic] [2024-05-01]"),
    "an escaped one": (r"\[3\]", "[3]"),
    "an image": ("a ![x](http://e/?q) b", "a b"),
    "a link keeps its words": ("see [the page](http://e/p) now", "see the page now"),
    "a link with a title": ('[p](http://e "t")', "p"),
    "a marker with an address": ("it [3](http://e/p).", "it {3}."),
    "a marker with a bracket behind it": ("it [3](as said)", "it {3} (as said)"),
    "HTML": ("a <b>b</b> <img src=x> c", "a b c"),
    "a comment": ("a <!-- b --> c", "a c"),
    "no tag": ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    "an address": ("at https://e.example/a?b=c. Then", "at . Then"),
    "an address without a scheme": ("at www.e.example/a, and", "at , and"),
    "another scheme": ("x gopher://e/a y", "x gopher y"),
    "an address within brackets": ("[1 https://e.example/a.1]", "[1 ]"),
    "HTML within brackets": ("[1<img src=x>1]", "[1 1]"),
    "words like an address": ("http is a protocol, www too", "http is a protocol, www too"),
    "a heading": ("# Head\ntext", "Head/text"),
    "bullets": ("* a\n- b\n• c\n+ d", "- a/- b/- c/- d"),
    "a quoted line": ("> a", "> a"),
    "bold, and a star": ("**a** * b", "**a** * b"),
    "a fence": ("```python\nx\n```", "/x/"),
    "a thought": ("<think>no [3]</think>yes [4]", "yes {4}"),
    "a thought without an end": ("a<think>no [3]", "a"),
    "unseen characters": ("a\u202eb\u200b\x1b[2J", "ab[2J]"[:-1]),
    "ends of lines": ("a\r\nb\rc\u2028d", "a/b/c/d"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_let_through(name: str) -> None:
    text, expected = CASES[name]
    assert shown(text) == expected


@pytest.mark.parametrize("name", CASES)
def test_chunks_make_no_difference(name: str) -> None:
    text, expected = CASES[name]
    assert shown(*text) == expected
    chance = random.Random(name)
    for _ in range(20):
        at = sorted(chance.randrange(len(text) + 1) for _ in range(3))
        assert shown(text[: at[0]], text[at[0] : at[1]], text[at[1] : at[2]], text[at[2] :]) == expected


def test_a_word_is_not_held_back() -> None:
    scanner = Scanner()
    assert [token.text for token in scanner.feed("Ada")] == ["Ada"]
    assert [token.text for token in scanner.feed(" lit") if token.text] == ["lit"]


def test_a_bracket_that_never_closes_is_let_through_in_time() -> None:
    scanner = Scanner()
    written = "".join(token.text for _ in range(200) for token in scanner.feed("[abc"))
    assert written.startswith("[abc")


def test_what_was_taken_out_is_counted() -> None:
    assert scanned("![x](http://e) <b> http://e [a](http://e) [3](http://e)")[1] == 4

"""What a model writes, as it streams, cut into what an answer may hold: words, markers, bold, lines.

Nothing else gets through. Images and HTML go, links keep their words and lose their address, and whatever
else Markdown could take for markup comes out as text, which the composer escapes. Chunks may end anywhere:
what may go on is held back until it is clear, and never for long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .cite import numbers
from .unseen import seen

Kind = Literal["text", "space", "newline", "bold", "bullet", "quote", "marker"]


@dataclass(frozen=True, slots=True)
class Token:
    """`text` for "text", without white space; `numbers` for "marker", as the model wrote them."""

    kind: Kind
    text: str = ""
    numbers: tuple[int, ...] = ()


_LONGEST_BRACKET = 300
_LONGEST_TARGET = 2000
_BRACKET = rf"[\[【［][^\[\]【】［］\n]{{0,{_LONGEST_BRACKET}}}"
_CLOSED = rf"{_BRACKET}[\]】］]"
_TARGET = rf"\([^()\n]{{0,{_LONGEST_TARGET}}}"
_ADDRESS = r"[^\s<>\"\[\]()【】]"

_LINE_START = re.compile(r"[ \t]*(?:(?P<heading>#{1,6})[ \t]+|(?P<bullet>[-*+•])[ \t]+|(?P<quote>>)[ \t]?)?")
_TOKEN = re.compile(
    rf"""(?P<newline>\n+)
       | (?P<space>[^\S\n]+)
       | \\(?P<escape>[!-/:-@\[-`{{-~])
       | (?P<bold>\*\*)
       | (?P<fence>`{{3,}}\w*)
       | (?P<image>!{_CLOSED}{_TARGET}\))
       | (?P<bracket>{_CLOSED})(?P<target>{_TARGET}\))?
       | (?P<tag></?[a-zA-Z][^<>]{{0,{_LONGEST_TARGET}}}>|<[!?][^<>]{{0,{_LONGEST_TARGET}}}>)
       | (?P<link>(?:(?:(?<![^\W_])(?:https?|ftp))?://|(?<![^\W_])www\.))
       | (?P<word>[^\W_]+|.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_UNDECIDED = re.compile(
    rf"""\\ | \* | `+\w* | ! | :/? | \r
       | !?{_BRACKET} | !?{_CLOSED} | !?{_CLOSED}{_TARGET}
       | <(?:[a-zA-Z/!?][^<>]{{0,{_LONGEST_TARGET}}})?
       | (?<![^\W_])(?:h|ht|htt|https?|f|ft|ftp|w|ww|www)(?::/?)?""",
    re.VERBOSE | re.IGNORECASE,
)
"""What may become a construct with what comes next."""
_UNDECIDED_START = re.compile(r"[ \t]*(?:#{1,6}|[-*+•]|>)?[ \t]*")
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_LINK_TARGET = re.compile(r"\(\s*\S*(?:\s+[\"'].*)?\s*\)")
_LAST_OF_TAG = 12
_REST_OF_ADDRESS = re.compile(rf"(?:{_ADDRESS}*[^\s<>\"\[\]()【】.,;:!?*])?(?P<mark>[.,;:!?*]*)")


class Scanner:
    """Takes chunks and gives tokens. `removed` counts images, tags and addresses that were taken out."""

    def __init__(self) -> None:
        self.removed = 0
        self._buffer = ""
        self._behind = ""
        """The character before the buffer, which says whether a word begins there."""
        self._line_start = True
        self._in_address = self._in_thought = False

    def feed(self, chunk: str) -> Iterator[Token]:
        """The tokens that are complete with this chunk."""
        self._buffer += chunk
        yield from self._tokens(final=False)

    def close(self) -> Iterator[Token]:
        """The tokens of what was held back."""
        yield from self._tokens(final=True)

    def _tokens(self, final: bool) -> Iterator[Token]:
        text = self._behind + self._buffer
        if not final and text.endswith("\r"):  # half of a line's end
            text, rest = text[:-1], "\r"
        else:
            rest = ""
        at = len(self._behind)
        text = text[:at] + seen(text[at:])
        while at < len(text):
            if self._in_thought:
                at = self._thought(text, at, final)
                if self._in_thought:
                    break
                continue
            if self._in_address:
                at = self._address(text, at, final)
                if self._in_address:
                    break
                continue
            if self._line_start:
                if not final and _UNDECIDED_START.fullmatch(text, at) and len(text) - at < _LONGEST_BRACKET:
                    break
                start = _LINE_START.match(text, at)
                assert start is not None, "it matches the empty string"
                at, self._line_start = start.end(), False
                if start["bullet"] or start["quote"]:
                    yield Token("bullet" if start["bullet"] else "quote")
                continue
            if not final and _UNDECIDED.fullmatch(text, at):
                break
            token = _TOKEN.match(text, at)
            assert token is not None, "it matches any character"
            at = token.end()
            yield from self._read(token)
        self._buffer = text[at:] + rest
        self._behind = text[at - 1 : at]

    def _read(self, token: re.Match[str]) -> Iterator[Token]:
        if token["newline"]:
            self._line_start = True
            yield Token("newline", token[0])
        elif token["space"]:
            yield Token("space")
        elif token["bold"]:
            yield Token("bold")
        elif token["image"] or token["tag"]:
            self.removed += 1
            self._in_thought = _THOUGHT.fullmatch(token[0]) is not None
            if token["tag"]:
                yield Token("space")
        elif token["link"]:
            self.removed += 1
            self._in_address = True
        elif token["bracket"]:
            yield from self._bracket(token["bracket"], token["target"] or "")
        elif not token["fence"]:
            yield Token("text", token["escape"] or token["word"])

    def _bracket(self, bracket: str, target: str) -> Iterator[Token]:
        inside = bracket[1:-1]
        found = numbers(inside)
        linked = bool(target) and _LINK_TARGET.fullmatch(target) is not None
        self.removed += linked and found is None
        if found is not None:
            yield Token("marker", bracket, found)
        elif linked:
            yield from self._within(inside)
        else:
            yield Token("text", bracket[0])
            yield from self._within(inside)
            yield Token("text", bracket[-1])
        if target and not linked:
            yield Token("space")
            yield from self._within(target)

    def _within(self, text: str) -> Iterator[Token]:
        """The tokens of a stretch of a line that is known whole."""
        inner = Scanner()
        inner._line_start = False
        yield from inner.feed(text)
        yield from inner.close()
        self.removed += inner.removed

    def _address(self, text: str, at: int, final: bool) -> int:
        """Behind the address that is being left out; a mark at its end belongs to the sentence."""
        address = _REST_OF_ADDRESS.match(text, at)
        assert address is not None, "it matches the empty string"
        self._in_address = address.end() == len(text) and not final
        return address.end() - len(address["mark"])

    def _thought(self, text: str, at: int, final: bool) -> int:
        """Behind a stretch of what a model thinks before it answers, which is no answer."""
        ends = _THOUGHT_ENDS.search(text, at)
        if ends is not None:
            self._in_thought, self._line_start = False, True
            return ends.end()
        return len(text) if final else max(at, len(text) - _LAST_OF_TAG)

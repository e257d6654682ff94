"""Tokens of a model's answer to pieces of Answer.text: escaped, cited, and measured sentence by sentence.

A sentence is done when the next one begins. Then what it says is held against what it cites: a sentence
without a marker gets the one that bears it out, where one does, and what nothing bears out is marked as such.
That takes an encoder, so somebody else does it, and what follows the sentence waits until it is done.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future

from index.sentences import sentences

from .cite import Citations
from .evidence import Sentence
from .markdown import inline
from .scan import Token
from .support import WEAK, Verdict
from .types import Claim

Judge = Callable[[str, Sequence[Sentence]], "Future[Verdict]"]
"""Takes a claim and the sentences that it cites."""

UNSOURCED = "(unsourced)"
WEAKLY = "(weakly supported)"

_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*\Z|[。！？][”’」』）]*\Z")
_CLOSING = ".,;:!?)]}”’»\"'"
_STOPS = ".,;:!?"
"""Marks of which a marker before them is no word."""
_WWW = re.compile(r"(?<![^\W_])www\Z", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"\A\d{1,3}[.)]\s+")
_LEAST_WORDS = 3
"""A sentence of fewer words, or one that ends in a colon, claims nothing."""
_SHORT_WORDS = 8
"""More words in bold are no short answer."""
_MOST_NAMED = 5
"""Figures and names that a mark lists at most."""
_MOST_AT_ONCE = 8
"""Citations taken from one marker at most."""


class Composer:
    """Takes tokens and gives pieces; a marker is one piece, and its citation is there before.

    However long judgements take, the pieces are the same, only later. `claims` have spans in the text so far.
    `dropped` counts numbers of markers that lead to no sentence. `short` is what stood in bold first.
    """

    def __init__(self, evidence: Sequence[Sentence], judge: Judge, citations: Citations) -> None:
        self.claims: list[Claim] = []
        self.dropped = 0
        self.short: str | None = None
        self.length = 0
        self._evidence = evidence
        self._judge = judge
        self._citations = citations
        self._tokens: deque[Token] = deque()
        """Those that wait for the judgement of the sentence before them."""
        self._judging: Future[Verdict] | None = None
        self._waiting = ""
        """White space, and the beginning of a line, that are written once something follows."""
        self._bold: list[str] | None = None
        self._opening = False
        self._digits_begin_line = True
        self._last = ""
        self._restart()

    def _restart(self) -> None:
        self._claim = ""
        self._claim_start: int | None = None
        self._claim_end = 0
        self._cited: dict[int, Sentence] = {}
        self._marked_after_end = False
        self._marker_gone = False

    def feed(self, tokens: Iterable[Token] = ()) -> Iterator[str]:
        """What can be written by now."""
        self._tokens.extend(tokens)
        yield from self._written(wait=False)

    def close(self) -> Iterator[str]:
        """The end of the text; the composer may be fed no more."""
        yield from self._written(wait=True)
        yield from self._end_bold()
        self._end_claim()
        yield from self._marked(wait=True)

    def _written(self, *, wait: bool) -> Iterator[str]:
        while self._tokens:
            if self._judging is None:
                if self._tokens[0].kind == "newline":
                    yield from self._end_bold()
                if self._ends_before(self._tokens[0]):
                    self._end_claim()
            yield from self._marked(wait=wait)
            if self._judging is not None:
                return
            yield from self._feed(self._tokens.popleft())

    def _feed(self, token: Token) -> Iterator[str]:
        match token.kind:
            case "text":
                yield from self._text(token.text)
            case "space":
                if self._waiting == "" and self.length:
                    self._waiting = " "
                self._claim += " " if self._claim else ""
            case "newline":
                self._begin_line(max(1, min(2, len(token.text))))
            case "bullet" | "quote":
                self._waiting = self._waiting.rstrip(" ->") if self.length else ""
                self._waiting += "- " if token.kind == "bullet" else "> "
            case "bold":
                yield from self._toggle_bold()
            case "marker":
                yield from self._markers(token.numbers)

    def _begin_line(self, newlines: int) -> None:
        if self.length:
            before = self._waiting.count("\n")
            self._waiting = "\n" * min(2, before + newlines)
        self._digits_begin_line = True

    def _text(self, text: str) -> Iterator[str]:
        if self._marker_gone and text in _STOPS and self._waiting == " ":
            self._waiting = ""
        yield from self._flush()
        if self._claim_start is None:
            self._claim_start = self.length
        yield self._put(self._escaped(text))
        self._claim = f"{self._claim.rstrip() if text in _STOPS else self._claim}{text}"
        self._claim_end = self.length
        self._marked_after_end = self._marker_gone = False
        if self._bold is not None:
            self._bold.append(text)

    def _flush(self) -> Iterator[str]:
        """What waited, now that something follows it."""
        waiting, self._waiting = self._waiting, ""
        if waiting:
            yield self._put(waiting)
        if self._bold is not None and waiting:
            self._bold.append(" ")
        if self._opening:
            self._opening, self._bold = False, []
            if self._claim_start is None:
                self._claim_start = self.length
            yield self._put("**")

    def _put(self, piece: str) -> str:
        self.length += len(piece)
        self._last = piece[-1]
        return piece

    def _escaped(self, text: str) -> str:
        """`text` so that it is no markup, where it stands."""
        at_start = self._digits_begin_line
        self._digits_begin_line = at_start and text.isascii() and text.isdigit()
        if at_start and (text[0] in "-+=" or (self._last.isdigit() and text[0] in ".)")):
            return f"\\{text}"
        if self._last == "]" and text[0] in "(:":  # a marker with it would be a link, or define one
            return f"\\{text}"
        if (self._last == ":" and text[0] == "/") or (text[0] == "." and _WWW.search(self._claim)):
            return f"\\{text}"  # an address in disguise, which browsers' Markdown would make a link of
        return inline(text)

    def _toggle_bold(self) -> Iterator[str]:
        if self._bold is not None:
            yield from self._end_bold()
        else:
            self._opening = not self._opening

    def _end_bold(self) -> Iterator[str]:
        self._opening = False
        if self._bold is None:
            return
        words, self._bold = "".join(self._bold).strip(), None
        yield self._put("**")
        if self._claim_start is not None:
            self._claim_end = self.length
        if self.short is None and 0 < len(words.split()) <= _SHORT_WORDS:
            self.short = words.rstrip(".,;:") or None

    def _markers(self, numbers: Sequence[int]) -> Iterator[str]:
        cited = len(self._cited)
        for number in numbers[:_MOST_AT_ONCE]:
            if not 1 <= number <= len(self._evidence):
                self.dropped += 1
                continue
            sentence = self._evidence[number - 1]
            citation = self._citations.of(sentence)
            if citation.marker not in self._cited:
                self._cited[citation.marker] = sentence
                yield from self._marker(citation.marker)
        self.dropped += len(numbers[_MOST_AT_ONCE:])
        self._marker_gone = len(self._cited) == cited
        self._marked_after_end = _ENDED.search(self._claim.rstrip()) is not None

    def _marker(self, marker: int) -> Iterator[str]:
        """One marker, set off from what is before it, and left behind it, by a space."""
        if "\n" not in self._waiting and "- " not in self._waiting and "> " not in self._waiting:
            self._waiting = " " if self.length and self._last not in " (]\n" else ""
        yield from self._flush()
        if self._claim_start is None:
            self._claim_start = self.length
        yield self._put(f"[{marker}]")
        self._claim_end = self.length
        self._digits_begin_line = False

    def _ends_before(self, token: Token) -> bool:
        """Whether the sentence so far is done, now that `token` follows."""
        said = self._claim.rstrip()
        if token.kind != "text" or not _ENDED.search(said):
            return token.kind == "newline"
        if self._marked_after_end:
            return token.text[0] not in _CLOSING
        if said == self._claim and said[-1] not in "。！？":
            return False
        return any(end == len(said) for _, end in sentences(f"{self._claim}{token.text}"))

    def _end_claim(self) -> None:
        """Has the sentence judged, where it claims anything."""
        said = _LIST_NUMBER.sub("", " ".join(self._claim.split()), count=1)
        claims = len(said.split()) >= _LEAST_WORDS and not said.endswith(":")
        if self._claim_start is not None and said and (claims or self._cited):
            self._judging = self._judge(said, list(self._cited.values()))
        else:
            self._restart()

    def _marked(self, *, wait: bool) -> Iterator[str]:
        """What is written behind a sentence once it is judged; nothing before, unless it is to `wait`."""
        if self._judging is None or not (wait or self._judging.done()):
            return
        verdict, self._judging = self._judging.result(), None
        waiting, self._waiting = self._waiting, ""
        if not self._cited and verdict.attributed is not None:
            marker = self._citations.of(verdict.attributed).marker
            self._cited[marker] = verdict.attributed
            yield from self._marker(marker)
        assert self._claim_start is not None, "nothing is judged that was not said"
        self.claims.append(
            Claim(self._claim_start, self._claim_end, tuple(self._cited), verdict.support, verdict.unfounded)
        )
        if not self._cited:
            yield self._put(f" {UNSOURCED}")
        elif verdict.support < WEAK:
            yield self._put(f" {WEAKLY}")
        if verdict.unfounded:
            named = inline(", ".join(verdict.unfounded[:_MOST_NAMED]))
            yield self._put(f" (not in your articles: {named})")
        self._restart()
        self._waiting = waiting

"""From new passages to vectors."""

import threading
import time

import pytest

from index import encode as module

SIX = {f"{n}.md": f"# N{n}\n\n{'word ' * (6 - n)}number {n}." for n in range(6)}


def test_shorter_passages_are_encoded_first(library) -> None:
    shelf = library(SIX)
    lengths = [len(text) for text in shelf.encoder.encoded]
    assert len(lengths) == 6 and lengths == sorted(lengths) and lengths[0] < lengths[-1]


def test_passages_are_encoded_in_groups(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "GROUP", 4)
    shelf = library()
    shelf.write(SIX)
    groups = []
    encode = shelf.encoder.encode
    monkeypatch.setattr(shelf.encoder, "encode", lambda texts: groups.append(len(texts)) or encode(texts))
    assert shelf.build().encoded == 6
    assert groups == [4, 2]
    with shelf.open() as index:
        assert "number 4" in index.search("number 4")[0].passage.text


def test_a_text_that_stands_in_several_articles_is_encoded_once(library) -> None:
    shelf = library()
    shelf.write({f"{n}/same.md": "# Same\n\nThe same words." for n in range(5)})
    report = shelf.build()
    assert (report.added, report.passages, report.encoded) == (5, 5, 1)
    assert shelf.encoder.encoded == ["Same\n# Same\n\nThe same words."]
    with shelf.open() as index, index.pinned() as snapshot:
        (vector,) = snapshot.encode(["same words"])
        assert len({score for _, score in snapshot.exact.nearest(vector, 9)}) == 1


def test_many_passages_are_encoded_in_the_form_for_bulk(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "BULK_FROM", 6)
    shelf = library()
    asked = []
    monkeypatch.setattr(shelf.encoder, "for_bulk", lambda: asked.append(True) or shelf.encoder)
    shelf.write({"0.md": "Only one."})
    shelf.build()
    assert asked == []
    shelf.write(SIX)
    shelf.build()
    assert asked == [True]


def test_vectors_are_of_the_precision_that_made_them(library, monkeypatch) -> None:
    shelf = library()
    monkeypatch.setattr(shelf.encoder, "precision", "bfloat16", raising=False)
    shelf.write(SIX)
    shelf.build()
    with shelf.open() as index:
        assert index.info().precision == "bfloat16"


def test_what_was_stored_before_a_failure_is_not_encoded_again(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "GROUP", 2)
    shelf = library()
    shelf.write(SIX)
    encode, calls = shelf.encoder.encode, []

    def failing(texts):
        calls.append(len(texts))
        if len(calls) == 3:
            raise RuntimeError("out of memory")
        return encode(texts)

    with monkeypatch.context() as patch:
        patch.setattr(shelf.encoder, "encode", failing)
        try:
            shelf.build()
        except RuntimeError:
            pass
    assert calls == [2, 2, 2]
    assert shelf.build().encoded == 2


class Slow:
    """Articles that are read one by one, and an event between two of them."""

    def __init__(self, monkeypatch, at: int, wait) -> None:
        import index.pipeline

        real = index.pipeline.Making.put
        self.put = 0

        def put(making, *article):
            self.put += 1
            if self.put == at:
                wait()
            return real(making, *article)

        monkeypatch.setattr("index.pipeline.Making.put", put)


def test_full_windows_are_encoded_while_others_are_read(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 2)
    shelf = library()
    shelf.write(SIX)
    encoded = threading.Event()
    encode = shelf.encoder.encode
    monkeypatch.setattr(shelf.encoder, "encode", lambda texts: encoded.set() or encode(texts))
    waited = []
    Slow(monkeypatch, 5, lambda: waited.append(encoded.wait(10)))
    report = shelf.build()
    assert (waited, report.encoded, report.passages) == ([True], 6, 6)
    with shelf.open() as index, index.pinned() as snapshot:
        for row, id in enumerate(snapshot.exact.ids):
            passage = snapshot.catalog.rows([int(id)])[int(id)]
            article = snapshot.article(passage.article_id)
            (expected,) = encode([f"{article.title}\n{article.text}"])
            assert snapshot.exact.matrix[row] == pytest.approx(expected, abs=1e-3)


def test_a_text_that_stands_in_several_windows_is_encoded_once(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 2)
    shelf = library()
    shelf.write({f"{n}/same.md": "# Same\n\nThe same words." for n in range(7)})
    report = shelf.build()
    assert (report.passages, report.encoded, len(shelf.encoder.encoded)) == (7, 1, 1)


def test_an_encoder_that_fails_ends_the_build_while_it_reads(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 2)
    shelf = library({"0.md": "Only one."})
    shelf.write(SIX)
    failed = threading.Event()

    def fail(texts):
        failed.set()
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(shelf.encoder, "encode", fail)
        slow = Slow(patch, 4, lambda: failed.wait(10) and time.sleep(0.2))
        with pytest.raises(RuntimeError, match="out of memory"):
            shelf.build()
    assert slow.put < 6
    assert (shelf.current, shelf.generations) == ("000001", ["000001"])
    assert shelf.build().encoded == 6


def test_an_interrupted_build_stores_nothing_more(library, monkeypatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 2)
    shelf = library({"0.md": "Only one."})
    shelf.write(SIX)
    encode, calls = shelf.encoder.encode, []

    def slow(texts):
        calls.append(len(texts))
        time.sleep(0.3)
        return encode(texts)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shelf.encoder, "encode", slow)
        Slow(patch, 5, interrupt)
        with pytest.raises(KeyboardInterrupt):
            shelf.build()
        seen = len(calls)
        time.sleep(0.7)
        assert len(calls) == seen
    assert shelf.generations == ["000001"]
    assert shelf.build().passages == 6

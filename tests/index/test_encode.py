"""From new passages to vectors."""

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

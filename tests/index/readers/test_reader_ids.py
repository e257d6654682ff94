from index.readers.ids import path_id, url_id


def test_the_id_of_a_page_is_a_hash_of_its_canonical_address() -> None:
    # printf %s example.org/a | sha256sum | cut -c-16
    assert url_id("https://example.org/a/?utm_source=x") == "url-94584207f807e901"


def test_the_id_of_a_file_is_a_hash_of_its_path_below_the_root() -> None:
    # printf %s rome/trip.md | sha256sum | cut -c-16
    assert path_id("rome/trip.md") == "path-1f5faac482e129c7"


def test_the_parts_of_a_file_have_different_ids() -> None:
    assert len({path_id("a.jsonl"), path_id("a.jsonl", "x"), path_id("a.jsonl", "y")}) == 3


def test_names_that_are_not_utf8_stay_different() -> None:
    assert path_id("a\udc80.txt") != path_id("a\udc81.txt")

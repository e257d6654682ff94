import codecs

import pytest

from index.readers.decode import declared_encoding, decode, stated_encoding

QUOTED = "He said “it’s fine” — and left.\n"
FRENCH = "Le café était fermé à midi.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(QUOTED, "utf-8", id="utf-8"),
        pytest.param(QUOTED, "utf-8-sig", id="utf-8 with its mark"),
        pytest.param(QUOTED, "utf-16", id="utf-16"),
        pytest.param(QUOTED, "utf-32", id="utf-32"),
        pytest.param(QUOTED, "cp1252", id="cp1252 quotes"),
        pytest.param(FRENCH, "latin-1", id="latin-1"),
        pytest.param("café", "latin-1", id="a single word"),
        pytest.param("El niño comió una manzana en el jardín.", "latin-1", id="Spanish"),
        pytest.param("Det er smukt vejr, og vi går en tur på stranden.", "cp1252", id="Danish"),
        pytest.param("Zażółć gęślą jaźń. Dzisiaj jest ładna pogoda.", "cp1250", id="Polish"),
        pytest.param("Привет, мир. Сегодня хорошая погода, и мы идём гулять.", "cp1251", id="Russian"),
        pytest.param("Привет, мир. Сегодня хорошая погода, и мы идём гулять.", "koi8-r", id="Russian, KOI8"),
        pytest.param("Σήμερα ο καιρός είναι καλός και πάμε βόλτα.", "cp1253", id="Greek"),
        pytest.param("今日は天気がいいので、公園へ散歩に行きます。", "shift_jis", id="Japanese"),
        pytest.param("今天天气很好,我们去公园散步。朋友们也一起来。", "gb18030", id="Chinese"),
        pytest.param("오늘은 날씨가 좋아서 공원에 산책하러 갑니다.", "euc_kr", id="Korean"),
    ],
)
def test_encodings_are_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_big_endian_text_is_read_by_its_mark() -> None:
    assert decode(codecs.BOM_UTF16_BE + QUOTED.encode("utf-16-be")) == QUOTED


def test_accents_far_into_an_ascii_file_are_found() -> None:
    text = "Nothing but ASCII on this line.\n" * 20_000 + FRENCH
    assert decode(text.encode("latin-1")) == text


def test_utf8_cut_off_within_a_character_is_still_utf8() -> None:
    data = "“Déjà vu” – naïveté…".encode()[:-1]
    assert decode(data) == "“Déjà vu” – naïveté\ufffd"


def test_a_declaration_decides_where_utf8_does_not_fit() -> None:
    assert decode("Dobrý den, říká".encode("cp1250"), "cp1250") == "Dobrý den, říká"


def test_utf8_overrules_a_wrong_declaration() -> None:
    assert decode(FRENCH.encode(), "cp1252") == FRENCH


def test_random_bytes_are_no_text() -> None:
    assert decode(bytes(range(128, 256)) * 8) is None


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(b'<meta charset="windows-1251">', "cp1251", id="charset"),
        pytest.param(b"<META CHARSET=windows-1251>", "cp1251", id="without quotes"),
        pytest.param(b'<meta content="text/html; charset=Shift_JIS">', "cp932", id="http-equiv"),
        pytest.param(b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso8859-2", id="XML declaration"),
        pytest.param(b'<meta charset="iso-8859-1">', "cp1252", id="latin-1 means cp1252"),
        pytest.param(b'<meta charset="utf-8">', None, id="utf-8 needs no declaring"),
        pytest.param(b'<meta charset="punycode">', None, id="not an encoding of pages"),
        pytest.param(b'<meta charset="nonsense">', None, id="unknown"),
        pytest.param(b"<p>no declaration</p>", None, id="none"),
        pytest.param(b" " * 5000 + b'<meta charset="windows-1251">', None, id="too far down"),
    ],
)
def test_a_page_declares_its_encoding(page: bytes, expected: str | None) -> None:
    assert declared_encoding(page) == expected


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("utf-16le", "utf-16-le"),
        ("iso-8859-1", "cp1252"),
        ("windows-1250", "cp1250"),
        ("punycode", None),
        ("idna", None),
        ("hex", None),
        ("unicode_escape", None),
        ("rain", None),
        ("\0", None),
        ("", None),
    ],
)
def test_what_servers_may_state(charset: str, encoding: str | None) -> None:
    assert stated_encoding(charset) == encoding

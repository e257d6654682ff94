from dataclasses import dataclass
from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import IndexSettings, default_library, load


@dataclass(frozen=True)
class Kitchen:
    """Settings of every type there is."""

    dish: str = "soup"
    guests: int = 2
    salt: float = 0.5


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_toml(text: str, path: Path = Path("byline.toml")) -> None:
    path.write_text(text, encoding="utf-8")


def test_defaults_hold_where_nothing_is_said() -> None:
    assert load(Kitchen, "kitchen") == Kitchen()


def test_a_file_is_stronger_than_a_default() -> None:
    write_toml("[kitchen]\ndish = 'stew'\nguests = 5\nsalt = 1\n")
    assert load(Kitchen, "kitchen") == Kitchen("stew", 5, 1.0)


def test_the_environment_is_stronger_than_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml("[kitchen]\nguests = 5\n")
    monkeypatch.setenv("BYLINE_GUESTS", "7")
    monkeypatch.setenv("BYLINE_SALT", "0.25")
    assert load(Kitchen, "kitchen") == Kitchen("soup", 7, 0.25)


def test_an_argument_is_stronger_than_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_GUESTS", "7")
    assert load(Kitchen, "kitchen", guests=9).guests == 9


def test_an_argument_that_is_none_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_GUESTS", "7")
    assert load(Kitchen, "kitchen", guests=None).guests == 7


def test_zero_is_given() -> None:
    write_toml("[kitchen]\nguests = 5\n")
    assert load(Kitchen, "kitchen", guests=0).guests == 0


def test_the_working_folders_file_comes_before_the_users(nobodys_home: Path) -> None:
    users = nobodys_home / "byline"
    users.mkdir(exist_ok=True)
    try:
        write_toml("[kitchen]\nguests = 5\n", users / "byline.toml")
        assert load(Kitchen, "kitchen").guests == 5
        write_toml("[kitchen]\nguests = 6\n")
        assert load(Kitchen, "kitchen").guests == 6
    finally:
        (users / "byline.toml").unlink()


def test_a_named_file_is_the_only_one(monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml("[kitchen]\nguests = 5\n")
    write_toml("[kitchen]\ndish = 'stew'\n", Path("other.toml"))
    monkeypatch.setenv("BYLINE_CONFIG", "other.toml")
    assert load(Kitchen, "kitchen") == Kitchen(dish="stew")


def test_other_sections_are_not_looked_at() -> None:
    write_toml("[garden]\nguests = 5\nanything = true\n")
    assert load(Kitchen, "kitchen") == Kitchen()


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param("[kitchen]\nguests = 'many'", "kitchen.guests in byline.toml is 'many'", id="a word"),
        pytest.param("[kitchen]\nguests = true", "kitchen.guests in byline.toml is True", id="a truth value"),
        pytest.param("[kitchen]\ndish = 5", "kitchen.dish in byline.toml is 5", id="a number for a string"),
        pytest.param("[kitchen]\nguests = [1]", r"kitchen.guests in byline.toml is \[1\]", id="a list"),
        pytest.param("[kitchen]\nwine = 1", "has no setting kitchen.wine", id="an unknown setting"),
        pytest.param("kitchen = 1", r"it must be a table, \[kitchen\]", id="no table"),
        pytest.param("[kitchen", "byline.toml cannot be read as TOML", id="not TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(toml: str, message: str) -> None:
    write_toml(toml)
    with pytest.raises(SettingsError, match=message):
        load(Kitchen, "kitchen")


def test_a_variable_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_GUESTS", "many")
    with pytest.raises(SettingsError, match="BYLINE_GUESTS in the environment is 'many'"):
        load(Kitchen, "kitchen")


def test_a_file_that_is_not_utf8_is_named() -> None:
    Path("byline.toml").write_bytes(b"[kitchen]\ndish = 'p\xe2t\xe9'\n")
    with pytest.raises(SettingsError, match=r"byline\.toml cannot be read as TOML"):
        load(Kitchen, "kitchen")


def test_a_named_file_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"BYLINE_CONFIG names 'nowhere.toml', which does not exist\."):
        load(Kitchen, "kitchen")


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        ("passage_tokens", 15, False),
        ("passage_tokens", 16, True),
        ("passage_tokens", 2000, True),
        ("passage_tokens", 2001, False),
        ("threads", -1, False),
        ("threads", 0, True),
    ],
)
def test_index_settings_have_limits(field: str, value: int, good: bool) -> None:
    if good:
        assert getattr(IndexSettings(**{field: value}), field) == value
    else:
        with pytest.raises(SettingsError, match=rf"{field} is {value}; it must be"):
            IndexSettings(**{field: value})


def test_index_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_PASSAGE_TOKENS", "64")
    assert load(IndexSettings, "index").passage_tokens == 64


def test_the_default_library_is_in_the_users_data_folder(nobodys_home: Path) -> None:
    assert default_library() == nobodys_home / "byline" / "library"


def test_the_default_library_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_LIBRARY", "elsewhere")
    assert default_library() == Path("elsewhere")

"""The users' file: hashes only, for its owner's eyes, whole or not at all."""

import json
import stat
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.errors import BylineError
from qa import Answer
from ui.cli import main
from ui.conversations import Conversations
from ui.sessions import IDLE, Sessions
from ui.store import Store
from ui.users import Users, UsersError

PASSWORD = "a lamp in the window"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "library")


def byline(users: Users, *words: str, given: str | None = None) -> tuple[int, str]:
    """Exit code and all that is printed."""
    result = CliRunner().invoke(main, ["user", *words, "--library", str(users.path.parent)], input=given)
    return result.exit_code, result.output


def test_a_user_is_known_by_name_and_password_alone(users: Users) -> None:
    assert users.add("Ada", PASSWORD) == "ada"
    found = users.logged_in("ADA ", PASSWORD)
    assert found is not None and found.name == "ada"
    assert users.logged_in("ada", PASSWORD + ".") is None
    assert users.logged_in("ada", "") is None
    assert users.logged_in("bo", PASSWORD) is None
    assert users.logged_in("", "") is None


def test_the_file_has_neither_passwords_nor_keys_and_is_its_owners_alone(users: Users) -> None:
    users.add("ada", PASSWORD)
    key = users.new_key("ada")
    content = users.path.read_text(encoding="utf-8")
    assert PASSWORD not in content and key not in content and key.removeprefix("byline_") not in content
    assert "$argon2id$" in content
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600


def test_one_password_has_two_hashes(users: Users) -> None:
    for name in ("ada", "bo"):
        users.add(name, PASSWORD)
    assert users.all()["ada"].password != users.all()["bo"].password


def test_a_key_is_its_users_until_there_is_another_or_none(users: Users) -> None:
    for name in ("ada", "bo"):
        users.add(name, PASSWORD)
    first, others = users.new_key("ada"), users.new_key("bo")
    assert [user and user.name for user in map(users.of_key, (first, others))] == ["ada", "bo"]
    second = users.new_key("ada")
    assert users.of_key(first) is None and users.of_key(second) is not None
    users.revoke_key("ada")
    assert users.of_key(second) is None
    assert users.of_key("") is None and users.of_key("byline_") is None


def test_a_change_by_another_process_is_seen_at_once(users: Users) -> None:
    users.add("ada", PASSWORD)
    other = Users(users.path.parent)
    assert "ada" in other.all()
    users.remove("ada")
    assert not other


def test_users_added_at_the_same_time_are_all_kept(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.users.hashed", lambda password: password)
    adding = [
        threading.Thread(target=Users(users.path.parent).add, args=[f"user{n}", PASSWORD]) for n in range(12)
    ]
    for thread in adding:
        thread.start()
    for thread in adding:
        thread.join()
    assert len(users.all()) == 12
    assert [path.name for path in users.path.parent.iterdir() if path.name.startswith(".users-")] == []


def test_a_change_that_fails_leaves_the_file_as_it_was(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    users.add("ada", PASSWORD)
    before = users.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UsersError, match="No space left"):
        users.add("bo", PASSWORD)
    assert users.path.read_bytes() == before
    assert sorted(path.name for path in users.path.parent.iterdir()) == ["users.json", "users.lock"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"users": [1]}', '{"users": [{"name": "a"}]}', '{"users": 1}']
)
def test_a_file_that_cannot_be_read_lets_nobody_in_and_is_one_sentence(users: Users, content: str) -> None:
    users.path.parent.mkdir()
    users.path.write_text(content, encoding="utf-8")
    with pytest.raises(UsersError, match=r"users\.json cannot be read"):
        bool(users)


@pytest.mark.parametrize("name", ["", " ", "-x", "a b", "a/b", "../x", "a\n", "x" * 65, "a:b", "<b>"])
def test_a_name_that_cannot_be_one_is_refused(users: Users, name: str) -> None:
    with pytest.raises(UsersError, match="cannot be a name"):
        users.add(name + "\x00" if name == "a\n" else name, PASSWORD)


@pytest.mark.parametrize("password", ["", "too short", "x" * 1001])
def test_a_password_has_a_least_and_a_greatest_length(users: Users, password: str) -> None:
    with pytest.raises(BylineError, match="A password has 10 to 1,000 characters"):
        users.add("ada", password)
    assert not users


@pytest.mark.slow
def test_a_name_that_there_is_not_takes_as_long_as_a_wrong_password(users: Users) -> None:
    users.add("ada", PASSWORD)
    users.logged_in("nobody", "x")

    def seconds(name: str) -> float:
        began = time.thread_time()
        users.logged_in(name, "not the password")
        return time.thread_time() - began

    known, unknown = ([seconds(name) for _ in range(9)] for name in ("ada", "nobody"))
    assert 0.5 < statistics.median(unknown) / statistics.median(known) < 2


# Sessions


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Iterator[Clock]:
    yield Clock()


@pytest.fixture
def sessions(users: Users, clock: Clock) -> Sessions:
    users.add("ada", PASSWORD)
    return Sessions(users, hours=48, clock=clock)


def test_a_login_ends_when_it_was_idle_for_long_and_at_last_in_any_case(
    users: Users, sessions: Sessions, clock: Clock
) -> None:
    token = sessions.begin(users.all()["ada"])
    clock.now += IDLE - 1
    assert sessions.of(token) == "ada"
    clock.now += IDLE + 1
    assert sessions.of(token) is None
    token = sessions.begin(users.all()["ada"])
    for _ in range(5):
        clock.now += IDLE - 1
        still = sessions.of(token)
    assert still is None  # 60 hours
    assert sessions.of(token) is None


def test_a_login_ends_with_its_user_or_its_password(users: Users, sessions: Sessions) -> None:
    token = sessions.begin(users.all()["ada"])
    users.change_password("ada", PASSWORD + " again")
    assert sessions.of(token) is None
    token = sessions.begin(users.all()["ada"])
    users.remove("ada")
    assert sessions.of(token) is None


def test_tokens_are_long_and_never_the_same(users: Users, sessions: Sessions) -> None:
    tokens = {sessions.begin(users.all()["ada"]) for _ in range(100)}
    assert len(tokens) == 100 and min(map(len, tokens)) >= 40
    sessions.end(tokens.pop())
    assert sum(sessions.of(token) == "ada" for token in tokens) == 99


# Commands


def test_a_user_is_added_listed_given_a_key_and_removed(users: Users) -> None:
    code, said = byline(users, "add", "Ada", "--stdin", given=PASSWORD + "\n")
    assert code == 0 and said.startswith("Added ada.")
    assert users.logged_in("ada", PASSWORD)
    assert byline(users, "list") == (0, "ada\n")
    key = byline(users, "key", "ada")[1].splitlines()[0]
    assert users.of_key(key) is not None
    assert json.loads(byline(users, "list", "--json")[1]) == [{"name": "ada", "key": True}]
    assert byline(users, "key", "ada", "--revoke")[0] == 0 and users.of_key(key) is None
    assert byline(users, "password", "ada", "--stdin", given=PASSWORD * 2)[0] == 0
    assert users.logged_in("ada", PASSWORD * 2)
    assert byline(users, "remove", "Ada") == (0, "Removed ada.\n")
    assert not users


def test_a_password_is_asked_for_twice_and_not_shown(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.user_commands._is_terminal", lambda: True)
    code, said = byline(users, "add", "ada", given=f"{PASSWORD}\nanother one\n{PASSWORD}\n{PASSWORD}\n")
    assert code == 0 and PASSWORD not in said
    assert users.logged_in("ada", PASSWORD)


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (["add", "bo"], "", "There is no terminal to ask for the password on."),
        (["add", "bo", "--stdin"], "short\n", "A password has 10 to 1,000 characters; this one has 5."),
        (["add", "ada", "--stdin"], PASSWORD, "There is a user 'ada' already."),
        (["add", "b/o", "--stdin"], PASSWORD, "'b/o' cannot be a name."),
        (["remove", "bo"], "", "There is no user 'bo'. Those that there are: byline user list"),
        (["key", "bo"], "", "There is no user 'bo'."),
        (["password", "bo", "--stdin"], PASSWORD, "There is no user 'bo'."),
    ],
)
def test_a_mistake_is_one_sentence(users: Users, words: list[str], given: str, said: str) -> None:
    users.add("ada", PASSWORD)
    code, printed = byline(users, *words, given=given)
    assert code in (1, 2) and said in printed and len(printed.splitlines()) == 1
    assert list(users.all()) == ["ada"]


def test_a_users_conversations_go_if_that_is_said(users: Users) -> None:
    folder = users.path.parent
    for name in ("ada", "bo"):
        users.add(name, PASSWORD)
        store = Store.open(folder)
        conversation = Conversations(store).get(name, "1")
        conversation.ask("Who?").finish(Answer("Who?", "She."))
        store.close()
    assert byline(users, "remove", "ada", "--conversations") == (0, "Removed ada. Deleted 1 conversation.\n")
    byline(users, "remove", "bo")
    store = Store.open(folder)
    assert [len(store.listed(name)) for name in ("ada", "bo")] == [0, 1]
    store.close()


# Serving


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "", "byline.example"])
def test_serving_to_others_without_users_is_refused_with_the_remedy(users: Users, host: str) -> None:
    folder = str(users.path.parent)
    result = CliRunner().invoke(main, ["serve", "--library", folder, "--host", host, "--no-open"])
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
    assert "byline user add NAME" in result.output and "--no-login" in result.output


@pytest.mark.parametrize(
    ("words", "login"),
    [
        (["--host", "0.0.0.0", "--no-login"], False),
        (["--host", "127.0.0.2"], True),
        (["--host", "::1"], True),
        ([], True),
    ],
)
def test_serving_here_or_to_everybody_on_purpose_goes_on(
    users: Users, words: list[str], login: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[bool] = []
    monkeypatch.setattr("ui.app.serve", lambda *_, login, **given: served.append(login))
    result = CliRunner().invoke(main, ["serve", "--library", str(users.path.parent), *words])
    assert (result.exit_code, served) == (0, [login]), result.output

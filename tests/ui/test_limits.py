"""Places for questions: so many at once, of one client and of all; others in order, or told to come again."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from index.errors import SettingsError
from ui.clients import HERE, client_of
from ui.limits import Busy, Limits, Place
from ui.rates import Rate
from ui.settings import ServeSettings


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(test())  # type: ignore[arg-type]


def test_so_many_run_and_the_others_come_in_order() -> None:
    async def test() -> None:
        limits = Limits(ServeSettings(answers_at_once=2, answers_waiting=2, answers_each=9))
        places = [limits.enter(client) for client in "abcd"]
        assert [place.waits for place in places] == [False, False, True, True]
        with pytest.raises(Busy, match=r"Many people are asking just now\. Please ask again in 5 seconds\."):
            limits.enter("e")
        with places[1]:
            pass
        assert [place.waits for place in places] == [False, False, False, True]
        with places[0], places[2]:
            pass
        assert await places[3].come()
        assert (limits.running, limits.waiting) == (1, 0)

    run(test)


@pytest.mark.parametrize(("running", "share"), [(0, 1), (1, 1), (4, 1), (5, 0.8), (8, 0.5), (20, 0.2)])
def test_the_more_are_answered_the_smaller_is_the_share_of_each(running: int, share: float) -> None:
    async def test() -> None:
        limits = Limits(ServeSettings(answers_in_full=4))
        for number in range(running):
            limits.enter(str(number))
        assert limits.share == share

    run(test)


def test_who_waits_and_is_not_wanted_any_more_leaves_the_queue() -> None:
    async def test() -> None:
        limits = Limits(ServeSettings(answers_at_once=1))
        first, second, third = (limits.enter(client) for client in "abc")
        with second:
            assert not await second.come(lambda: False)
        assert limits.waiting == 1
        with first:
            pass
        assert await third.come() and limits.running == 1

    run(test)


def test_one_client_has_so_many_at_once_and_no_more_while_others_have_theirs() -> None:
    async def test() -> None:
        limits = Limits(ServeSettings(answers_each=2))
        places = [limits.enter("ada") for _ in range(2)]
        with pytest.raises(Busy, match="2 of your questions are being answered already") as busy:
            limits.enter("ada")
        assert busy.value.mine
        limits.enter("bo")
        with places[0]:
            pass
        limits.enter("ada")

    run(test)


def test_a_place_is_left_whatever_happens_in_it() -> None:
    async def test() -> None:
        limits = Limits()
        with pytest.raises(ValueError), limits.enter("ada"):
            raise ValueError
        waiting = asyncio.create_task(_held(limits.enter("ada")))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (limits.running, limits.waiting) == (0, 0)

    run(test)


async def _held(place: Place) -> None:
    with place:
        await asyncio.sleep(60)


def test_one_client_asks_so_often_in_a_minute_and_is_told_how_long_to_wait() -> None:
    async def test() -> None:
        limits = Limits(ServeSettings(questions_per_minute=3))
        for _ in range(3):
            with limits.enter("ada"):
                pass
        with pytest.raises(Busy, match="as many questions as fit in a minute: 3") as busy:
            limits.enter("ada")
        assert busy.value.mine and 1 <= busy.value.seconds <= 60
        with limits.enter("bo"):
            pass

    run(test)


def test_whoever_sits_at_this_machine_may_ask_as_often_as_they_like() -> None:
    async def test() -> None:
        limits = Limits(
            ServeSettings(questions_per_minute=1, answers_each=1, answers_at_once=3, answers_waiting=0)
        )
        for _ in range(3):
            limits.enter(HERE)
        with pytest.raises(Busy):
            limits.enter(HERE)

    run(test)


def test_zero_is_no_limit_of_questions() -> None:
    rate = Rate(0)
    assert [rate.wait("ada") for _ in range(1000)] == [0] * 1000


def test_what_is_forgotten_counts_no_more() -> None:
    rate = Rate(1)
    assert rate.wait("ada") == 0 and rate.wait("ada") > 0
    rate.forget("ada")
    assert rate.wait("ada") == 0


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("127.0.0.1", HERE),
        ("127.8.0.1", HERE),
        ("::1", HERE),
        ("::ffff:127.0.0.1", HERE),
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_client_is_an_address_or_the_network_of_one_customer(host: str, client: str) -> None:
    request = SimpleNamespace(client=SimpleNamespace(host=host), state=SimpleNamespace())
    assert client_of(request) == client


def test_who_is_logged_in_is_the_same_client_from_everywhere() -> None:
    request = SimpleNamespace(client=SimpleNamespace(host="192.0.2.7"), state=SimpleNamespace(user="ada"))
    assert client_of(request) == "ada"


@pytest.mark.parametrize(
    "given", [{"answers_at_once": 0}, {"questions_per_minute": -1}, {"session_hours": 0.5}]
)
def test_a_setting_out_of_bounds_is_refused(given: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match=f"{next(iter(given))} is"):
        ServeSettings(**given)  # type: ignore[arg-type]

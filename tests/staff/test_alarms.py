"""An alarm is told to those who watch, once, and is over by itself."""

from __future__ import annotations

from datetime import timedelta

from mashang.kit.db import Database, Tx
from mashang.kit.events import Events
from mashang.staff import alarms
from mashang.staff.alarms import AlarmRaised
from tests.conftest import Clock

HOUR = timedelta(hours=1)


async def test_an_alarm_lasts_as_long_as_it_is_raised_and_a_while_longer(tx: Tx, clock: Clock) -> None:
    assert await alarms.raised(tx, "proof_guessing", HOUR, failures=50)
    await clock.advance(HOUR / 2)
    assert not await alarms.raised(tx, "proof_guessing", HOUR, failures=60)
    await clock.advance(HOUR * 0.9)
    assert await alarms.lasting(tx) == ["proof_guessing"]
    await clock.advance(HOUR / 2)
    assert await alarms.lasting(tx) == []
    assert await alarms.raised(tx, "proof_guessing", HOUR, failures=50)


async def test_it_is_announced_when_it_begins_and_not_again(database: Database) -> None:
    heard: list[AlarmRaised] = []
    database.events = Events()
    database.events.react({AlarmRaised: [heard.append]})
    for _ in range(3):
        async with database.transaction() as tx:
            await alarms.raised(tx, "proof_guessing", HOUR)
    assert heard == [AlarmRaised("proof_guessing")]


async def test_those_who_watch_read_it_and_agents_do_not(database: Database, browser, xiaomei, operator) -> None:
    async with database.transaction() as tx:
        await alarms.raised(tx, "proof_guessing", HOUR)
    signed_in = {
        who.login: (await browser().sign_in(who.login, "correct-horse-7")).json() for who in (xiaomei, operator)
    }
    assert "proof_guessing" not in signed_in[xiaomei.login]["warnings"]
    assert "proof_guessing" in signed_in[operator.login]["warnings"]

"""The link that makes the first operator."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang.kit.errors import Refusal
from mashang.staff import agents, first_run
from mashang.staff.agents import AgentDraft
from mashang.staff.first_run import FirstRunOver
from mashang.staff.passwords import PasswordTooShort

PASSWORD = "correct-horse-7"


@pytest.fixture
async def secret(database):
    async with database.transaction() as tx:
        return await first_run.new_link(tx)


async def claim(database, secret, password=PASSWORD):
    async with database.transaction() as tx:
        return await first_run.claim(tx, secret, "boss", "王店长", password)


async def is_valid(database, secret):
    async with database.transaction() as tx:
        return await first_run.is_valid(tx, secret)


async def test_the_link_makes_an_operator_once(database, secret):
    assert await is_valid(database, secret)
    assert (await claim(database, secret)).role == "operator"
    assert not await is_valid(database, secret)
    with pytest.raises(FirstRunOver):
        await claim(database, secret)


async def test_two_who_come_at_once_make_one_operator(database, secret):
    outcomes = await asyncio.gather(*(claim(database, secret) for _ in range(3)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Agent", "FirstRunOver", "FirstRunOver"]


async def test_the_link_expires_after_a_day(database, clock, secret):
    await clock.advance(timedelta(hours=23, minutes=59))
    assert await is_valid(database, secret)
    await clock.advance(timedelta(minutes=2))
    assert not await is_valid(database, secret)
    with pytest.raises(FirstRunOver):
        await claim(database, secret)


async def test_a_refused_password_does_not_use_the_link_up(database, secret):
    with pytest.raises(PasswordTooShort):
        await claim(database, secret, "short")
    assert (await claim(database, secret)).name == "王店长"


async def test_a_new_link_makes_the_one_before_worthless(database, secret):
    async with database.transaction() as tx:
        newer = await first_run.new_link(tx)
    assert (await is_valid(database, secret), await is_valid(database, newer)) == (False, True)


@pytest.mark.parametrize("invented", ["", "x", "0" * 43])
async def test_an_invented_secret_opens_nothing(database, secret, invented):
    assert not await is_valid(database, invented)
    with pytest.raises(FirstRunOver):
        await claim(database, invented)


async def test_there_is_no_link_where_there_is_an_operator(database, secret):
    async with database.transaction() as tx:
        await agents.create(tx, None, AgentDraft("other", "别人", "operator", password=PASSWORD))
    assert not await is_valid(database, secret)
    with pytest.raises(Refusal):
        await claim(database, secret)
    async with database.transaction() as tx:
        with pytest.raises(FirstRunOver):
            await first_run.new_link(tx)

"""Signing in, and being slowed down."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from mashang.kit.errors import Refusal
from mashang.staff import agents, sessions, sign_in
from mashang.staff.sign_in import (
    FREE,
    LONGEST_LOCK,
    CurrentPasswordWrong,
    Origin,
    SignInLocked,
    SignInRefused,
)

PASSWORD = "correct-horse-7"
OFFICE = Origin("203.0.113.7", "Firefox")
STRANGER = Origin("198.51.100.9")


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch):
    """What is counted here does not depend on what a hash costs."""

    async def is_right(password, stored):
        return stored is not None and password == PASSWORD

    monkeypatch.setattr("mashang.staff.passwords.is_right", is_right)


async def attempt(database, login="xiaomei", password="wrong", origin=STRANGER):
    """The refusal an attempt ends with; None when it succeeds."""
    try:
        await sign_in.sign_in(database, login, password, origin)
    except Refusal as refusal:
        return refusal
    return None


async def guess(database, times, **how):
    return [await attempt(database, **how) for _ in range(times)]


async def test_the_right_password_begins_a_session(database, xiaomei):
    entered = await sign_in.sign_in(database, "xiaomei", PASSWORD, OFFICE)
    async with database.transaction() as tx:
        assert await sessions.agent_in(tx, entered.secret) == xiaomei


@pytest.mark.parametrize("login", ["XiaoMei", "  xiaomei ", "ｘｉａｏｍｅｉ"])
async def test_a_login_is_recognised_in_any_case_and_width(database, xiaomei, login):
    assert await attempt(database, login, PASSWORD) is None


async def test_unknown_login_and_wrong_password_get_the_same_answer(database, xiaomei):
    unknown, wrong = await attempt(database, "nobody"), await attempt(database, "xiaomei")
    assert (type(unknown), unknown.facts) == (type(wrong), wrong.facts) == (SignInRefused, {})


async def test_somebody_who_left_is_told_what_a_stranger_is_told(database, operator, xiaomei):
    async with database.transaction() as tx:
        await agents.archive(tx, operator, xiaomei)
    assert isinstance(await attempt(database, "xiaomei", PASSWORD), SignInRefused)


async def test_after_the_free_attempts_each_further_one_locks_for_twice_as_long(database, clock, xiaomei):
    refusals = await guess(database, FREE["login"])
    assert {type(one) for one in refusals} == {SignInRefused}
    waits = []
    for _ in range(8):
        locked = await attempt(database)
        assert isinstance(locked, SignInLocked)
        waits.append(locked.facts["retry_after"])
        await clock.advance(timedelta(seconds=locked.facts["retry_after"]))
        assert isinstance(await attempt(database), SignInRefused)
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900]


async def test_the_right_password_is_refused_too_while_locked(database, xiaomei):
    await guess(database, FREE["login"])
    assert isinstance(await attempt(database, password=PASSWORD), SignInLocked)


async def test_attempts_while_locked_do_not_prolong_the_lock(database, clock, xiaomei):
    await guess(database, FREE["login"] + 30)
    await clock.advance(timedelta(seconds=15))
    assert await attempt(database, password=PASSWORD) is None


async def test_unknown_logins_are_locked_like_known_ones(database):
    refusals = await guess(database, FREE["login"] + 1, login="nobody")
    assert isinstance(refusals[-1], SignInLocked)


async def test_guesses_at_once_are_all_counted(database, xiaomei):
    refusals = await asyncio.gather(*(attempt(database) for _ in range(FREE["login"] + 15)))
    assert sum(isinstance(one, SignInRefused) for one in refusals) == FREE["login"]


async def test_one_address_that_tries_many_logins_is_locked(database, xiaomei):
    for number in range(FREE["from"]):
        await attempt(database, f"login{number}")
    assert isinstance(await attempt(database, "another"), SignInLocked)
    assert await attempt(database, password=PASSWORD, origin=OFFICE) is None


async def test_strangers_cannot_keep_the_owner_out(database, clock, xiaomei):
    assert await attempt(database, password=PASSWORD, origin=OFFICE) is None
    for minute in range(60):
        await guess(database, 3, origin=Origin(f"198.51.100.{minute}"))
        await clock.advance(timedelta(minutes=1))
    assert isinstance(await attempt(database, password=PASSWORD, origin=Origin("198.51.100.200")), SignInLocked)
    assert await attempt(database, password=PASSWORD, origin=OFFICE) is None


async def test_an_owner_on_a_new_address_waits_a_quarter_of_an_hour_at_most(database, clock, xiaomei):
    for minute in range(120):
        await guess(database, 2, origin=Origin(f"198.51.100.{minute}"))
        await clock.advance(timedelta(minutes=1))
    locked = await attempt(database, password=PASSWORD, origin=Origin("192.0.2.1"))
    waits = locked.facts["retry_after"] if locked else 0
    assert waits <= LONGEST_LOCK.total_seconds()
    await clock.advance(timedelta(seconds=waits))
    assert await attempt(database, password=PASSWORD, origin=Origin("192.0.2.1")) is None


async def test_a_usual_address_is_locked_on_its_own_account(database, xiaomei):
    assert await attempt(database, password=PASSWORD, origin=OFFICE) is None
    refusals = await guess(database, FREE["known"] + 1, origin=OFFICE)
    assert isinstance(refusals[-1], SignInLocked)


async def test_two_quiet_hours_forget_the_failures(database, clock, xiaomei):
    await guess(database, FREE["login"] - 1)
    await clock.advance(timedelta(hours=2, seconds=1))
    refusals = await guess(database, FREE["login"])
    assert {type(one) for one in refusals} == {SignInRefused}


async def test_a_success_clears_the_count_of_the_login_and_not_of_the_address(database, xiaomei, operator):
    await guess(database, FREE["login"] - 1)
    assert await attempt(database, password=PASSWORD) is None
    async with database.transaction() as tx:
        counted = {row["key"]: row["failures"] for row in await tx.all("select key, failures from sign_in_failure")}
    assert counted == {"from 198.51.100.9": FREE["login"] - 1}


async def test_a_password_reset_lets_somebody_locked_out_in_again(database, operator, xiaomei):
    await guess(database, FREE["login"] + 1)
    async with database.transaction() as tx:
        await agents.set_password(tx, operator, xiaomei, "another-horse-8")
    assert await attempt(database, password=PASSWORD) is None


async def test_old_failures_are_swept(database, clock, xiaomei):
    await guess(database, 2)
    await clock.advance(timedelta(hours=3))
    async with database.transaction() as tx:
        assert await sign_in.forget_old_failures(tx) == 2


async def test_changing_ones_password_ends_the_other_sessions(database, xiaomei):
    here = await sign_in.sign_in(database, "xiaomei", PASSWORD, OFFICE)
    there = await sign_in.sign_in(database, "xiaomei", PASSWORD, STRANGER)
    await sign_in.change_password(database, xiaomei, PASSWORD, "another-horse-8", here.secret)
    async with database.transaction() as tx:
        assert await sessions.agent_in(tx, here.secret) == xiaomei
        with pytest.raises(Refusal):
            await sessions.agent_in(tx, there.secret)


async def test_the_current_password_cannot_be_guessed_for_ever(database, xiaomei):
    with pytest.raises(CurrentPasswordWrong):
        await sign_in.change_password(database, xiaomei, "wrong", "another-horse-8", "")
    for _ in range(4):
        with pytest.raises(CurrentPasswordWrong):
            await sign_in.change_password(database, xiaomei, "wrong", "another-horse-8", "")
    with pytest.raises(SignInLocked):
        await sign_in.change_password(database, xiaomei, PASSWORD, "another-horse-8", "")

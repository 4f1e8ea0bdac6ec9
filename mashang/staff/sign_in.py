"""Signing in, and slowing down whoever guesses.

An attempt is counted *before* the password is looked at, so a hundred guesses at once count
as a hundred.  Past a few free ones each further attempt locks its key for twice as long as the
one before, to a quarter of an hour at most; two hours of silence forget it all.  While a key is
locked attempts are refused without being counted, so nobody can keep it locked for ever.

Three kinds of key are counted:

* ``from`` an address (IPv6: a /64): one who tries many logins;
* ``login`` from anywhere: many who try one login.  It does not apply to addresses from which
  this very login signed in during the last month: strangers cannot keep the owner out;
* ``known`` login and address: those instead.

Whoever has a second factor brings a code of it with the password.  Wrong codes are counted like wrong
passwords, and for the person, wherever they come from: only somebody with the password gets so far.

An unknown login, a wrong password and an archived agent get the same answer after the same
work.  A success takes back what the attempt itself added and clears the login's count.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import msgspec

from mashang.kit.db import Database, Tx
from mashang.kit.errors import Refusal
from mashang.kit.ids import digest
from mashang.kit.limits import address_block
from mashang.kit.sealing import Sealer
from mashang.staff import agents, audit, passwords, second_factor, sessions
from mashang.staff.agents import Agent
from mashang.staff.second_factor import SecondFactorAsked, SecondFactorWrong

FREE = {"from": 20, "login": 10, "known": 5, "code": 5}
FIRST_LOCK = timedelta(seconds=15)
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=2)


class SignInRefused(Refusal):
    """Login and password do not fit; never says which."""

    status, code = 401, "sign_in_refused"


class SignInLocked(Refusal):
    """Too many wrong attempts; `retry_after` seconds."""

    status, code = 429, "sign_in_locked"


class CurrentPasswordWrong(Refusal):
    """The password given as the current one is not."""

    status, code = 422, "current_password_wrong"


class Origin(msgspec.Struct, frozen=True):
    """Where an attempt comes from."""

    address: str
    user_agent: str = ""


class Second(msgspec.Struct, frozen=True):
    """What was brought beside the password: nothing at first, then a code."""

    sealer: Sealer
    code: str = ""


class SignedIn(msgspec.Struct, frozen=True):
    """A success: the agent, and the secret for the cookie."""

    agent: Agent
    secret: str


async def sign_in(db: Database, login: str, password: str, origin: Origin, second: Second | None = None) -> SignedIn:
    """Check login and password, and a code where one is due, and begin a session.

    Raises SignInRefused, SignInLocked, SecondFactorAsked, SecondFactorWrong.

    Takes the database, not a transaction: the count must stay when the attempt is refused, and
    no connection is held while the password is hashed.
    """
    login = agents.plain_login(login)
    async with db.transaction() as tx:
        keys = await _keys(tx, login, origin.address)
        await _count(tx, keys)
        candidate = await tx.first(
            """
            select id, public_id, password_hash, exists (
                select from second_factor f where f.agent_id = agent.id and f.confirmed_at is not null) as has_factor
            from agent where lower(login) = lower(%s) and archived_at is null
            """,
            (login,),
        )
    stored = candidate["password_hash"] if candidate else None
    if not await passwords.is_right(password, stored) or candidate is None:
        raise SignInRefused
    if candidate["has_factor"]:
        keys.append(await _check_code(db, candidate, keys, second))
    async with db.transaction() as tx:
        await _succeed(tx, keys)
        agent = await agents.find(tx, candidate["public_id"])
        secret = await sessions.start(tx, agent.id, origin.address, origin.user_agent)
        await audit.record(tx, agent, "agent.signed_in", agent.public_id, after={"address": origin.address})
    return SignedIn(agent, secret)


async def _check_code(db: Database, candidate: dict[str, Any], keys: list[str], second: Second | None) -> str:
    """The key under which their codes are counted; raises SecondFactorAsked, SecondFactorWrong, SignInLocked."""
    if second is None or not second.code.strip():
        async with db.transaction() as tx:  # the password was right: asking for it is no failure, nor a success yet
            for key in keys:
                await tx.run(_TAKE_BACK, (key,))
        raise SecondFactorAsked
    counted = f"code {candidate['public_id']}"
    async with db.transaction() as tx:
        await _count(tx, [counted])
    async with db.transaction() as tx:
        if not await second_factor.take(tx, second.sealer, candidate["id"], second.code):
            raise SecondFactorWrong
    return counted


async def demand_password(db: Database, agent: Agent, current: str) -> None:
    """Whoever sits at the desk knows its password; guesses are counted.  Raises CurrentPasswordWrong, SignInLocked."""
    keys = [f"change {agent.public_id}"]
    async with db.transaction() as tx:
        await _count(tx, keys)
        stored = await tx.value("select password_hash from agent where id = %s", (agent.id,))
    if not await passwords.is_right(current, stored):
        raise CurrentPasswordWrong
    async with db.transaction() as tx:
        await _succeed(tx, keys)


async def change_password(db: Database, agent: Agent, current: str, new: str, keep: str) -> None:
    """Change one's own password; sessions other than `keep` end.  Raises as `demand_password`."""
    await demand_password(db, agent, current)
    async with db.transaction() as tx:
        await agents.set_password(tx, agent, agent, new, keep=digest(keep))


async def forget_old_failures(tx: Tx) -> int:
    """Sweep: drop counts nobody added to for two hours."""
    return await tx.run("delete from sign_in_failure where last_at < app_now() - %s", (FORGOTTEN_AFTER,))


async def _keys(tx: Tx, login: str, address: str) -> list[str]:
    known = await tx.value(
        """
        select exists (
            select from staff_session s join agent a on a.id = s.agent_id
            where lower(a.login) = lower(%s) and a.archived_at is null and s.address = %s
              and s.created_at > app_now() - %s
        )
        """,
        (login, address, sessions.REMEMBERED),
    )
    block, name = address_block(address), login.lower()
    return [f"known {name} {block}"] if known else [f"from {block}", f"login {name}"]


async def _count(tx: Tx, keys: list[str]) -> None:
    """Count an attempt for each key; raises SignInLocked, counting nothing, when one is locked."""
    for key in keys:
        free = FREE.get(key.partition(" ")[0], 5)
        await tx.run(
            "insert into sign_in_failure (key, failures, last_at) values (%s, 0, app_now()) on conflict do nothing",
            (key,),
        )
        counted = await tx.run(
            _COUNT,
            {
                "key": key,
                "free": free,
                "first": FIRST_LOCK,
                "longest": LONGEST_LOCK,
                "forgotten": FORGOTTEN_AFTER,
            },
        )
        if not counted:
            left = await tx.value(
                "select extract(epoch from locked_until - app_now()) from sign_in_failure where key = %s", (key,)
            )
            raise SignInLocked(retry_after=max(1, math.ceil(left)))


# One statement on one row: of a hundred attempts at once each sees the count of the one before.
# The power is held down before it is taken: 2^1000 seconds is no interval.
_FAILURES = "(case when last_at < app_now() - %(forgotten)s::interval then 1 else failures + 1 end)"
_COUNT = f"""
    update sign_in_failure
    set failures = {_FAILURES}, last_at = app_now(),
        locked_until = case when {_FAILURES} >= %(free)s then app_now() + least(
            %(longest)s::interval, %(first)s::interval * power(2, least({_FAILURES} - %(free)s, 10))
        ) end
    where key = %(key)s and (locked_until is null or locked_until <= app_now())
"""


_TAKE_BACK = "update sign_in_failure set failures = greatest(failures - 1, 0), locked_until = null where key = %s"


async def _succeed(tx: Tx, keys: list[str]) -> None:
    for key in keys:
        if key.startswith("from "):
            # Somebody with one good account must not get a fresh start at other people's.
            await tx.run(_TAKE_BACK, (key,))
        else:
            await tx.run("delete from sign_in_failure where key = %s", (key,))

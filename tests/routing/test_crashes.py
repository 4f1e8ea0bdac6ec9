"""Whatever dies between any two steps: nothing is half done, and a fresh dispatcher keeps every promise again."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import cycle
from typing import Any

import msgspec

from mashang import routing
from mashang.kit import clock as product_clock
from mashang.kit.db import Database
from mashang.kit.errors import Refusal
from mashang.routing import Need
from mashang.routing.dispatch import dispatch, one_pass
from mashang.routing.dispatcher import GRACE
from mashang.routing.moving import Target, sweep_absent
from mashang.staff import Agent, presence
from tests import scene
from tests.patience import until

from .conftest import Floor
from .crashes import Crashed, Fuse, Mortal
from .promises import broken

Step = Callable[[Database], Awaitable[Any]]

_WAITING = "select id from conversation where status = 'waiting' order by id desc limit 1"
_ACTIVE = "select id from conversation where status = 'active' order by random() limit 1"
_CLOSED = "select id from conversation where status = 'closed' order by id desc limit 1"
_OFFERED = "select conversation_id from offer where answered_at is null order by id limit 1"
_STATE = """
select md5(concat(
    (select string_agg(concat_ws('/', id, status, agent_id, department_id, head), ',' order by id) from conversation),
    (select string_agg(q::text, ',' order by conversation_id) from queue_place q),
    (select string_agg(o::text, ',' order by id) from offer o),
    (select string_agg(l.agent_id::text, ',' order by l.agent_id) from presence_lease l),
    (select count(*) from routing_trace)
))
"""

# No locks on rows and tables, and no advisory ones, of others than who asks.
_NOTHING_HELD = """
select count(*) = 0 from pg_locks
where pid <> pg_backend_pid() and database = (select oid from pg_database where datname = current_database())
"""


class Shift(msgspec.Struct):
    """The people of the floor, and the steps that may be cut short."""

    floor: Floor
    people: list[Agent]
    chance: random.Random

    def steps(self) -> dict[str, Callable[[], Awaitable[Step | None]]]:
        """Each finds something to do now, or nothing."""
        return {
            "arrive": self._arrive,
            "pass": self._pass,
            "accept": lambda: self._by_offered(routing.accept),
            "let pass": self._let_pass,
            "decline": lambda: self._by_offered(routing.decline),
            "take": lambda: self._with(_WAITING, routing.take),
            "transfer to one": lambda: self._with(_ACTIVE, routing.transfer, self._colleague()),
            "transfer to a tier": lambda: self._with(_ACTIVE, routing.transfer, Target(tier=3)),
            "reassign": lambda: self._with(_OFFERED, routing.transfer, Target(tier=3)),
            "return": lambda: self._with(_ACTIVE, routing.return_to_queue),
            "close": lambda: self._with(_ACTIVE, routing.close),
            "reopen": lambda: self._with(_CLOSED, routing.reopen),
            "leave": self._leave,
            "vanish": self._vanish,
        }

    async def _arrive(self) -> Step:
        need = self.chance.choice([Need(), Need(priority=1), Need(2), Need(3), Need(skills=frozenset("a"))])

        async def arrives(db: Database) -> None:
            async with db.transaction() as tx:
                customer = await scene.a_visitor(tx, self.floor.scene.site)
                begun = await self.floor.scene.conversation(tx, customer_id=customer.id)
                await routing.place(tx, begun.id, begun.department_id, need)

        return arrives

    async def _pass(self) -> Step:
        await self.floor.customer_waits()
        return one_pass

    async def _let_pass(self) -> Step:
        await self._later(timedelta(seconds=21))
        return one_pass

    async def _by_offered(self, verb: Callable[..., Awaitable[None]]) -> Step | None:
        found = await self.floor.ask(_OFFERED)
        if found is None:
            return None
        offered_to = await self.floor.ask("select agent_id from offer where conversation_id = %s"
                                          " and answered_at is null", found)  # fmt: skip
        return self._verb(verb, next(one for one in self.people if one.id == offered_to), found)

    async def _with(self, which: str, verb: Callable[..., Awaitable[None]], *more: Any) -> Step | None:
        found = await self.floor.ask(which)
        return None if found is None else self._verb(verb, self.people[0], found, *more)

    async def _leave(self) -> Step | None:
        person = self.chance.choice(self.people[1:])
        return self._verb(routing.return_all, person)

    async def _vanish(self) -> Step:
        await self.floor.leaves(self.chance.choice(self.people[1:]))
        await self._later(GRACE)
        return lambda db: sweep_absent(db, GRACE, product_clock.now() - timedelta(days=1))

    def _verb(self, verb: Callable[..., Awaitable[Any]], *args: Any) -> Step:
        async def done(db: Database) -> None:
            async with db.transaction() as tx:
                await verb(tx, *args)

        return done

    def _colleague(self) -> Target:
        return Target(agent_id=self.chance.choice(self.people[1:]).id)

    async def _later(self, span: timedelta) -> None:
        await self.floor.ask("update clock_offset set ahead = ahead + %s returning 1", span)

    async def everybody_is_back(self) -> None:
        for person in self.people:
            await self.floor.do(presence.renew, f"socket-{person.id}", person.id, "test", timedelta(days=300))


async def _shift(floor: Floor) -> Shift:
    people = [
        await floor.somebody("主管", role="supervisor", capacity=4, tier=3),
        await floor.somebody("甲", capacity=2),
        await floor.somebody("乙", capacity=1, tier=2, skills=["a"]),
        await floor.somebody("丙", capacity=2, tier=3),
    ]
    shift = Shift(floor, people, random.Random(20261122))  # noqa: S311 — a schedule, not a secret
    await shift.everybody_is_back()
    return shift


async def test_after_a_crash_between_any_two_steps_nothing_is_half_done_and_every_promise_is_kept(
    floor: Floor, cases
) -> None:
    shift = await _shift(floor)
    steps = shift.steps()
    reached = dict.fromkeys(steps, 1)
    crashes, wanted = 0, min(cases(210), 2000)
    late = cycle([False, True])
    for name in cycle(steps):
        if crashes >= wanted:
            break
        step = await steps[name]()
        if step is None:
            continue
        crashed = await _cut_short(floor, step, reached[name], late=next(late))
        reached[name] = reached[name] + 1 if crashed else 1
        crashes += crashed
        await shift.everybody_is_back()
        await dispatch(floor.db)
        assert await broken(floor.db) == {}, (name, reached[name])
    assert await floor.ask("select count(*) from conversation where status = 'active'") <= 9


async def _cut_short(floor: Floor, step: Step, at: int, *, late: bool) -> bool:
    """Let a process die at its so-manieth statement; was there such a one?"""
    before = await floor.ask(_STATE)
    fuse = Fuse(at, late=late)
    try:
        await step(Mortal(floor.db, fuse))
    except Crashed:
        assert fuse.has_committed or await floor.ask(_STATE) == before
        return True
    except Refusal:
        return False
    return False


async def test_a_dispatcher_that_died_holding_the_lock_holds_up_nobody(floor: Floor) -> None:
    agent, waiting = await floor.somebody("甲"), await floor.customer_waits()
    for at in range(1, 8):
        await _cut_short(floor, one_pass, at, late=True)
    await until(lambda: floor.ask(_NOTHING_HELD), "the database let go what the dead held")
    assert await floor.dispatch() == 1
    assert await floor.offered_to(waiting) == agent.id

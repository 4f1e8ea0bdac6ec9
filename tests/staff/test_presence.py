"""Who is here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mashang.staff import presence
from mashang.staff.events import AgentAvailable, AgentAway, AgentGone, AgentHere

LEASE = timedelta(seconds=45)


@pytest.fixture
def does(database, clock):
    """Presence verbs, each in a transaction of its own."""

    class Does:
        async def renew(self, agent, socket="s1", process="p1"):
            async with database.transaction() as tx:
                await presence.renew(tx, socket, agent.id, process, LEASE)

        async def drop(self, socket="s1"):
            async with database.transaction() as tx:
                await presence.drop(tx, socket)

        async def drop_process(self, process):
            async with database.transaction() as tx:
                await presence.drop_process(tx, process)

        async def sweep(self):
            async with database.transaction() as tx:
                await presence.sweep(tx)

        async def say(self, agent, availability):
            async with database.transaction() as tx:
                return await presence.set_availability(tx, agent, availability)

        async def online(self):
            async with database.transaction() as tx:
                return [(one.name, one.availability) for one in await presence.online(tx)]

    return Does()


async def test_an_agent_is_online_while_a_socket_renews(does, clock, xiaomei):
    await does.renew(xiaomei)
    await clock.advance(LEASE / 2)
    await does.renew(xiaomei)
    await clock.advance(LEASE * 0.9)
    assert await does.online() == [("小美", "away")]
    await clock.advance(LEASE * 0.2)
    assert await does.online() == []


async def test_becoming_free_is_told_once_whatever_comes_first(does, xiaomei, published):
    await does.say(xiaomei, "available")
    assert published == []
    await does.renew(xiaomei)
    await does.renew(xiaomei)
    await does.renew(xiaomei, "s2")
    await does.say(xiaomei, "available")
    assert published == [AgentAvailable(xiaomei.id)]


async def test_the_word_of_somebody_connected_is_told(does, xiaomei, published):
    await does.renew(xiaomei)
    assert (await does.say(xiaomei, "available")).availability == "available"
    await does.say(xiaomei, "away")
    await does.say(xiaomei, "away")
    assert published == [AgentHere(xiaomei.id), AgentAvailable(xiaomei.id), AgentAway(xiaomei.id)]


async def test_the_last_socket_to_leave_makes_the_agent_gone(does, xiaomei, published):
    await does.renew(xiaomei, "s1")
    await does.renew(xiaomei, "s2")
    await does.drop("s1")
    assert published == [AgentHere(xiaomei.id)]
    await does.drop("s2")
    await does.drop("s2")
    assert published == [AgentHere(xiaomei.id), AgentGone(xiaomei.id)]


async def test_the_sweep_notices_a_silent_death(does, clock, xiaomei, published):
    await does.renew(xiaomei)
    await does.sweep()
    assert published == [AgentHere(xiaomei.id)]
    await clock.advance(LEASE * 2)
    await does.sweep()
    await does.sweep()
    assert published == [AgentHere(xiaomei.id), AgentGone(xiaomei.id)]


async def test_a_lease_that_ran_out_begins_anew(does, clock, xiaomei, published):
    await does.say(xiaomei, "available")
    await does.renew(xiaomei)
    await clock.advance(LEASE * 2)
    await does.renew(xiaomei)
    assert published == [AgentAvailable(xiaomei.id)] * 2


async def test_a_process_that_stops_takes_only_its_own_sockets_along(does, xiaomei, operator, published):
    await does.renew(xiaomei, "s1", "p1")
    await does.renew(operator, "s2", "p1")
    await does.renew(operator, "s3", "p2")
    await does.drop_process("p1")
    assert published == [AgentHere(xiaomei.id), AgentHere(operator.id), AgentGone(xiaomei.id)]
    assert await does.online() == [("王店长", "away")]


async def test_a_renewal_is_one_statement(database, does, xiaomei, queries):
    await does.renew(xiaomei)
    async with database.transaction() as tx:
        queries.clear()
        await presence.renew(tx, "s1", xiaomei.id, "p1", LEASE)
        assert len(queries) == 1


async def test_a_lease_lasts_by_the_databases_clock_whatever_this_machine_thinks(database, xiaomei):
    async with database.transaction() as tx:
        await tx.run("update clock_offset set ahead = '1 hour'")
        await presence.renew(tx, "s1", xiaomei.id, "p1", LEASE)
        assert [one.name for one in await presence.online(tx)] == [xiaomei.name]

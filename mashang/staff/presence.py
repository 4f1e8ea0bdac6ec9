"""Who is here: a lease per desk socket, and the agent's own word.

A socket renews its lease while it lives; a server that dies takes nothing with it, its leases
run out.  An agent is *online* while one lease is alive and *free for customers* when also
available.  The transaction that makes somebody free, or not free, says so with an event, once;
`sweep` says it for those whose leases ran out in silence.

Does not: decide who gets a customer (`routing.dispatch` reads these rows itself).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from mashang.kit.db import Tx
from mashang.staff.agents import Agent, Availability, Because
from mashang.staff.audit import Actor
from mashang.staff.events import AgentAvailable, AgentAway, AgentChanged, AgentGone, AgentHere


class Online(msgspec.Struct, frozen=True):
    """An agent with a live socket; ids are row numbers."""

    agent_id: int
    public_id: str
    name: str
    availability: Availability


async def renew(tx: Tx, socket_id: str, agent_id: int, process_id: str, lasts: timedelta) -> None:
    """Begin or prolong a socket's lease, by the database's clock.  A renewal is one statement and tells nobody."""
    prolonged = await tx.run(
        "update presence_lease set alive_until = app_now() + %s where socket_id = %s and alive_until > app_now()",
        (lasts, socket_id),
    )
    if prolonged:
        return
    was_online = await _is_online(tx, agent_id)
    await tx.run(
        """
        insert into presence_lease (socket_id, agent_id, process_id, alive_until) values (%s, %s, %s, app_now() + %s)
        on conflict (socket_id) do update set alive_until = excluded.alive_until
        """,
        (socket_id, agent_id, process_id, lasts),
    )
    if was_online:
        return
    available = await tx.value(
        "update agent set state_since = app_now() where id = %s returning availability = 'available'", (agent_id,)
    )
    tx.emit(AgentAvailable(agent_id) if available else AgentHere(agent_id))


async def drop(tx: Tx, socket_id: str) -> None:
    """End a socket's lease; the agent is gone when it was the last."""
    await _tell_gone(tx, await _end(tx, "socket_id = %s", (socket_id,)))


async def drop_process(tx: Tx, process_id: str) -> None:
    """End all leases of a server process that stops or starts over."""
    await _tell_gone(tx, await _end(tx, "process_id = %s", (process_id,)))


async def sweep(tx: Tx) -> None:
    """Remove leases that ran out, and say who is gone."""
    await _tell_gone(tx, await _end(tx, "alive_until <= app_now()", ()))


async def set_availability(tx: Tx, agent: Agent, availability: Availability) -> Agent:
    """The agent's own word; what they serve stays theirs either way."""
    is_online = await _is_online(tx, agent.id)
    changed = await tx.run(
        """
        update agent set availability = %(word)s,
            available_since = case when %(word)s = 'available' then app_now() end, away_because = null,
            away_by = null,
            state_since = case when %(is_online)s and availability <> %(word)s then app_now() else state_since end
        where id = %(id)s and (availability <> %(word)s or away_because is not null)
        """,
        {"word": availability, "id": agent.id, "is_online": is_online},
    )
    if changed and availability == "away":
        tx.emit(AgentAway(agent.id))
    elif changed and is_online:
        tx.emit(AgentAvailable(agent.id))
    return msgspec.structs.replace(agent, availability=availability, away_because=None, away_by=None)


async def set_away(tx: Tx, agent_id: int, because: Because, by: Actor | None = None) -> bool:
    """Somebody gets no new customers, and reads why, and by whom, at their desk; False when they were away already.

    What is on offer to them goes to others at once (the dispatcher hears of it); what they serve stays theirs.
    """
    changed = await tx.run(
        """
        update agent set availability = 'away', available_since = null, away_because = %(because)s,
            away_by = %(by)s,
            state_since = case when %(is_online)s then app_now() else state_since end
        where id = %(id)s and availability = 'available'
        """,
        {"because": because, "by": by and by.id, "id": agent_id, "is_online": await _is_online(tx, agent_id)},
    )
    if changed:
        tx.emit(AgentAway(agent_id))
        tx.emit(AgentChanged(agent_id))
    return bool(changed)


async def online(tx: Tx) -> list[Online]:
    """Everybody with a live socket, available or not."""
    return await tx.all(
        """
        select a.id as agent_id, a.public_id, a.name, a.availability from agent a
        where a.archived_at is null
          and exists (select from presence_lease l where l.agent_id = a.id and l.alive_until > app_now())
        order by a.id
        """,
        into=Online,
    )


async def _end(tx: Tx, which: str, params: tuple[str, ...]) -> set[int]:
    """End leases, and remember until when their agents were here."""
    rows = await tx.all(
        f"""
        with ended as (
            delete from presence_lease where {which} returning agent_id, least(alive_until, app_now()) as until
        ), seen as (
            update agent a set seen_until = greatest(a.seen_until, e.until)
            from (select agent_id, max(until) as until from ended group by agent_id) e where a.id = e.agent_id
        )
        select agent_id from ended
        """,
        params,
    )
    return {row["agent_id"] for row in rows}


async def _is_online(tx: Tx, agent_id: int) -> bool:
    return bool(
        await tx.value(
            "select exists (select from presence_lease where agent_id = %s and alive_until > app_now())", (agent_id,)
        )
    )


async def _tell_gone(tx: Tx, agent_ids: set[int]) -> None:
    for agent_id in sorted(agent_ids):
        if not await _is_online(tx, agent_id):
            await tx.run("update agent set state_since = seen_until where id = %s", (agent_id,))
            tx.emit(AgentGone(agent_id))

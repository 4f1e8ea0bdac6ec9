"""The dispatcher: offers waiting customers to free agents, in batches.

One pass is one transaction under one lock, so there is one dispatcher at a time
however many processes run one.  A pass ends offers that ran out or whose agent has
left, reads the agents with free hands and as many waiting places as they have
hands, lets `ranking` choose, and writes all offers in one statement.

After the commit of a pass:

* no free agent is left while somebody waits whom they may serve;
* nobody was offered a customer while offline, away or at capacity, and an open
  offer occupies a slot;
* a conversation is on offer to one agent at most.

Free is: a live lease, available, and fewer conversations and open offers than
capacity.  Who declined a conversation, or let its offer pass, is not offered it again
for five minutes.

Locks are taken in one order everywhere in this package, so there is no deadlock:
the dispatcher's, then conversations by ascending id, all in one statement, then
whatever belongs to them.  Reading needs no locks; what was read is checked again
once the conversations are locked, and a pass that met a change is followed by another.

Everything that adds to somebody's load other than by accepting an offer
(`handling.take`, `handling.reopen`) holds the dispatcher's lock too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from mashang.kit.db import Database, Tx
from mashang.routing.events import ConversationOffered, OfferEnded
from mashang.routing.ranking import Assignment, Floor, FreeAgent, Place

OFFER_LASTS = timedelta(seconds=20)
REFUSED_FOR = timedelta(minutes=5)
_MOST_PASSES = 10  # in one call; whatever still moves then is the next kick's

# An agent who can be given a customer; `%(now)s` is the instant of the pass.
HERE = """(
    a.archived_at is null and a.availability = 'available'
    and exists (select from presence_lease l where l.agent_id = a.id and l.alive_until > %(now)s)
)"""


class Pass(msgspec.Struct, frozen=True):
    """What one pass did, and when the next offer runs out."""

    offers: int = 0
    met_a_change: bool = False
    next_expiry: timedelta | None = None


class _Lapsed(msgspec.Struct, frozen=True):
    """An open offer that must end: it ran out, or its agent is not here any more."""

    id: int
    conversation_id: int
    agent_id: int
    timed_out: bool


async def dispatch(db: Database) -> int:
    """Offer what can be offered now; how many offers were made."""
    offers, outcome = 0, Pass(met_a_change=True)
    for _ in range(_MOST_PASSES):
        if not outcome.met_a_change:
            break
        outcome = await one_pass(db)
        offers += outcome.offers
    return offers


async def one_pass(db: Database) -> Pass:
    """One transaction of the dispatcher."""
    async with db.transaction() as tx:
        if not await tx.value("select exists (select from queue_place)"):
            return Pass()
        await hold(tx)
        now: datetime = await tx.value("select app_now()")
        lapsed = await _lapsed(tx, now)
        chosen = await _choose(tx, now, lapsed)
        if lapsed or chosen:
            await _lock(tx, {one.conversation_id for one in lapsed} | {one.conversation_id for one in chosen})
        ended = await _end(tx, now, lapsed) if lapsed else 0
        offered = await _offer(tx, now, chosen) if chosen else 0
        return Pass(
            offers=offered,
            met_a_change=offered < len(chosen) or ended < len(lapsed),
            next_expiry=await _next_expiry(tx, now),
        )


async def hold(tx: Tx) -> None:
    """Be the only one who adds to agents' loads, until the commit."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended('routing.dispatch', 0))")


async def _lapsed(tx: Tx, now: datetime) -> list[_Lapsed]:
    return await tx.all(
        f"""
        select o.id, o.conversation_id, o.agent_id, o.expires_at <= %(now)s as timed_out
        from offer o join agent a on a.id = o.agent_id
        where o.answered_at is null and (o.expires_at <= %(now)s or not {HERE})
        """,
        {"now": now},
        into=_Lapsed,
    )


async def _choose(tx: Tx, now: datetime, lapsed: list[_Lapsed]) -> list[Assignment]:
    """As if the lapsed offers had ended: who is to be offered to whom."""
    floor = Floor(await free_agents(tx, now, lapsed))
    seen: dict[int, tuple[datetime, int]] = {}
    chosen: list[Assignment] = []
    # A page has as many places as there are hands.  Hands that are left when a page was full were
    # refused somebody on it; the next page may hold a customer for them.
    wanted = floor.hands()
    while wanted:
        places = await _waiting_places(tx, now, lapsed, wanted, seen)
        chosen += floor.assign(places)
        full = {
            department_id: hands
            for department_id, hands in wanted.items()
            if sum(place.department_id == department_id for place in places) == hands
        }
        seen |= {place.department_id: (place.queued_at, place.conversation_id) for place in places}
        wanted = {department_id: hands for department_id, hands in floor.hands().items() if department_id in full}
    return chosen


async def free_agents(tx: Tx, now: datetime, lapsed: list[_Lapsed]) -> list[FreeAgent]:
    """Everybody with a free hand once the lapsed offers have ended."""
    rows = await tx.all(
        f"""
        with load as (
            select agent_id, count(*) as load from (
                select agent_id from conversation where status = 'active'
                union all
                select agent_id from offer where answered_at is null and id <> all(%(lapsed)s)
            ) x group by agent_id
        ), free as (
            select a.id, a.capacity, coalesce(l.load, 0) as load, a.available_since, a.created_at
            from agent a left join load l on l.agent_id = a.id
            where coalesce(l.load, 0) < a.capacity and {HERE}
        )
        select f.id as agent_id, f.capacity, f.load,
            array(select m.department_id from membership m where m.agent_id = f.id) as departments,
            greatest(
                coalesce(f.available_since, f.created_at),
                (select o.offered_at from offer o where o.agent_id = f.id order by o.offered_at desc limit 1)
            ) as idle_since
        from free f
        """,
        {"now": now, "lapsed": [one.id for one in lapsed]},
    )
    return [FreeAgent(**{**row, "departments": frozenset(row["departments"])}) for row in rows]


async def _waiting_places(
    tx: Tx, now: datetime, lapsed: list[_Lapsed], wanted: dict[int, int], seen: dict[int, tuple[datetime, int]]
) -> list[Place]:
    """The next places of each department, at most as many as it is `wanted`, in service order, nobody on offer."""
    nothing = (datetime.min.replace(tzinfo=now.tzinfo), 0)
    rows = await tx.all(
        """
        select q.*, array(
            select o.agent_id from offer o
            where o.conversation_id = q.conversation_id and o.answer in ('declined', 'timed_out')
              and o.answered_at > %(refused_since)s
        ) as refused_by
        from unnest(%(departments)s::bigint[], %(hands)s::int[], %(seen_at)s::timestamptz[], %(seen_id)s::bigint[])
            as d (id, hands, seen_at, seen_id)
        cross join lateral (
            select q.conversation_id, q.department_id, q.queued_at, q.wanted_agent_id
            from queue_place q
            where q.department_id = d.id and (q.queued_at, q.conversation_id) > (d.seen_at, d.seen_id)
              and not exists (select from offer o where o.conversation_id = q.conversation_id
                              and o.answered_at is null and o.id <> all(%(lapsed)s))
            order by q.queued_at, q.conversation_id
            limit d.hands
        ) q
        order by q.queued_at, q.conversation_id
        """,
        {
            "refused_since": now - REFUSED_FOR,
            "lapsed": [one.id for one in lapsed],
            "departments": list(wanted),
            "hands": list(wanted.values()),
            "seen_at": [seen.get(department_id, nothing)[0] for department_id in wanted],
            "seen_id": [seen.get(department_id, nothing)[1] for department_id in wanted],
        },
    )
    let_pass = {(one.conversation_id, one.agent_id) for one in lapsed if one.timed_out}
    return [_place(row, let_pass) for row in rows]


def _place(row: dict[str, Any], let_pass: set[tuple[int, int]]) -> Place:
    just_now = {agent_id for conversation_id, agent_id in let_pass if conversation_id == row["conversation_id"]}
    return Place(**{**row, "refused_by": frozenset(row["refused_by"]) | just_now})


async def _lock(tx: Tx, conversation_ids: set[int]) -> None:
    await tx.run("select 1 from conversation where id = any(%s) order by id for update", (sorted(conversation_ids),))


async def _end(tx: Tx, now: datetime, lapsed: list[_Lapsed]) -> int:
    """End the lapsed offers that nobody answered meanwhile; a wish for one agent ends with the offer to them."""
    ended = await tx.all(
        """
        with ended as (
            update offer set answered_at = %(now)s,
                answer = case when id = any(%(timed_out)s) then 'timed_out' else 'withdrawn' end
            where id = any(%(lapsed)s) and answered_at is null
            returning conversation_id, agent_id, answer
        ), traced as (
            insert into routing_trace (conversation_id, at, what, facts)
            select e.conversation_id, %(now)s, e.answer, jsonb_build_object('agent', a.name)
            from ended e join agent a on a.id = e.agent_id
        ), anybody as (
            update queue_place q set wanted_agent_id = null from ended e
            where q.conversation_id = e.conversation_id and q.wanted_agent_id = e.agent_id
        )
        select conversation_id, agent_id, answer from ended
        """,
        {
            "now": now,
            "lapsed": [one.id for one in lapsed],
            "timed_out": [one.id for one in lapsed if one.timed_out],
        },
    )
    for row in ended:
        tx.emit(OfferEnded(row["conversation_id"], row["agent_id"], row["answer"]))
    return len(ended)


async def _offer(tx: Tx, now: datetime, chosen: list[Assignment]) -> int:
    """Offer what still waits; the conversations are locked, so what is read here stays true."""
    made = await tx.all(
        """
        with chosen as (
            select * from unnest(
                %(conversations)s::bigint[], %(agents)s::bigint[], %(loads)s::int[], %(capacities)s::int[]
            ) as t (conversation_id, agent_id, load, capacity)
        ), made as (
            insert into offer (conversation_id, agent_id, offered_at, expires_at)
            select c.conversation_id, c.agent_id, %(now)s, %(expires_at)s
            from chosen c join queue_place q on q.conversation_id = c.conversation_id
            where not exists (select from offer o where o.conversation_id = c.conversation_id and o.answered_at is null)
            returning conversation_id, agent_id
        ), traced as (
            insert into routing_trace (conversation_id, at, what, facts)
            select m.conversation_id, %(now)s, 'offered', jsonb_build_object(
                'agent', a.name, 'load', c.load, 'capacity', c.capacity,
                'waited', greatest(0, extract(epoch from %(now)s - q.queued_at))::int)
            from made m join chosen c on c.conversation_id = m.conversation_id join agent a on a.id = m.agent_id
                join queue_place q on q.conversation_id = m.conversation_id
        )
        select conversation_id, agent_id from made
        """,
        {
            "conversations": [one.conversation_id for one in chosen],
            "agents": [one.agent_id for one in chosen],
            "loads": [one.load for one in chosen],
            "capacities": [one.capacity for one in chosen],
            "now": now,
            "expires_at": now + OFFER_LASTS,
        },
    )
    for row in made:
        tx.emit(ConversationOffered(row["conversation_id"], row["agent_id"], now + OFFER_LASTS))
    return len(made)


async def _next_expiry(tx: Tx, now: datetime) -> timedelta | None:
    at: datetime | None = await tx.value("select min(expires_at) from offer where answered_at is null")
    return None if at is None else max(at - now, timedelta(0))

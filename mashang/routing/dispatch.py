"""The dispatcher: offers waiting customers to free agents, in batches.

One pass is one transaction under one lock, so there is one dispatcher at a time
however many processes run one.  A pass ends offers that ran out or whose agent has
left, reads the agents who are here and as many waiting places as they have hands,
lets `ranking` choose, and writes all offers in one statement.

After the commit of a pass:

* no free agent is left while somebody waits whom they may serve (`eligibility`);
* nobody was offered a customer while offline, away or at capacity, and an open
  offer occupies a slot;
* a conversation is on offer to one agent at most.

Free is: a live lease, available, and fewer conversations and open offers than
capacity.

Locks are taken in one order everywhere in this package, so there is no deadlock:
the dispatcher's, then conversations by ascending id, all in one statement, then
whatever belongs to them.  Reading needs no locks; what was read is checked again
once the conversations are locked, and a pass that met a change is followed by another.

Everything that adds to somebody's load other than by accepting an offer
(`handling.take`, `handling.reopen`) holds the dispatcher's lock too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from mashang.kit.db import Database, Json, Tx
from mashang.routing import queue, roster
from mashang.routing.eligibility import REFUSED_FOR, Place, Queue
from mashang.routing.events import ConversationOffered, OfferEnded
from mashang.routing.explanation import Explanations
from mashang.routing.paging import Ask, assign_in_order
from mashang.routing.ranking import Assignment, Floor
from mashang.routing.roster import HERE

OFFER_LASTS = timedelta(seconds=20)
_MOST_PASSES = 10  # in one call; whatever still moves then is the next kick's


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
        members = await roster.members(tx, now, [one.id for one in lapsed])
        chosen = await _choose(tx, now, lapsed, Floor([one.staff for one in members if one.here], now))
        if lapsed or chosen:
            await _lock(tx, {one.conversation_id for one in lapsed} | {one.conversation_id for one in chosen})
        ended = await _end(tx, now, lapsed) if lapsed else 0
        offered = await _offer(tx, now, chosen, Explanations(members)) if chosen else 0
        return Pass(
            offers=offered,
            met_a_change=offered < len(chosen) or ended < len(lapsed),
            next_expiry=await _next_expiry(tx, now),
        )


async def place_of(tx: Tx, now: datetime, conversation_id: int) -> Place | None:
    """The place of one that waits, as a pass would see it."""
    row = await tx.first(
        f"select {_PLACE}, {_REFUSED} from queue_place q where q.conversation_id = %(id)s",
        {"id": conversation_id, "refused_since": now - REFUSED_FOR},
    )
    return _place(row, set(), now) if row else None


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


async def _choose(tx: Tx, now: datetime, lapsed: list[_Lapsed], floor: Floor) -> list[Assignment]:
    """As if the lapsed offers had ended: who is to be offered to whom."""
    let_pass = {(one.conversation_id, one.agent_id) for one in lapsed if one.timed_out}

    async def fetch(asks: Sequence[Ask]) -> list[list[Place]]:
        return await _pages(tx, now, lapsed, asks, let_pass)

    return await assign_in_order(floor, await _queues(tx), fetch)


async def _queues(tx: Tx) -> list[Queue | None]:
    """The queues in which anybody waits, found by leaps through the index, and None when one agent is meant."""
    rows = await tx.all(
        """
        with recursive queue as (
            (
                select department_id, required_tier, skills from queue_place where wanted_agent_id is null
                order by department_id, required_tier, skills limit 1
            )
            union all
            select n.* from queue q cross join lateral (
                select department_id, required_tier, skills from queue_place p
                where p.wanted_agent_id is null
                  and (p.department_id, p.required_tier, p.skills) > (q.department_id, q.required_tier, q.skills)
                order by department_id, required_tier, skills limit 1
            ) n
        )
        select * from queue
        union all
        select null, null, null where exists (select from queue_place where wanted_agent_id is not null)
        """
    )
    return [
        Queue(row["department_id"], row["required_tier"], frozenset(row["skills"])) if row["department_id"] else None
        for row in rows
    ]


_PLACE = """
    q.conversation_id, q.department_id, q.order_at, q.required_tier, q.skills, q.wanted_agent_id, q.familiar_agent_id,
    q.placed_at
"""
_NOT_ON_OFFER = """
    not exists (select from offer o where o.conversation_id = q.conversation_id and o.answered_at is null
                and o.id <> all(%(lapsed)s))
"""
# Who refused lately; whom a transfer names is asked, whatever they refused before it.
_REFUSED = """array(
        select jsonb_build_array(o.agent_id, extract(epoch from max(o.answered_at))) from offer o
        where o.conversation_id = q.conversation_id and o.answer in ('declined', 'timed_out')
          and o.answered_at > %(refused_since)s
          and not (o.agent_id is not distinct from q.wanted_agent_id and o.answered_at <= q.placed_at)
        group by o.agent_id
    ) as refused
"""
# A page of one queue, and a page of those meant for one agent: the index of each begins at its place.
_PAGE = f"""
    select a.ask, q.*, {_REFUSED}
    from jsonb_to_recordset(%(asks)s) as a (
        ask int, department_id bigint, required_tier smallint, skills text[], after_at timestamptz, after_id bigint,
        until timestamptz, most int
    )
    cross join lateral (
        select {_PLACE} from queue_place q
        where {{which}} and {_NOT_ON_OFFER}
          and (q.order_at, q.conversation_id) > (coalesce(a.after_at, '-infinity'), coalesce(a.after_id, 0))
          and q.order_at <= coalesce(a.until, 'infinity')
        order by q.order_at, q.conversation_id
        limit a.most
    ) q
    order by a.ask, q.order_at, q.conversation_id
"""
_OF_A_QUEUE = """
    q.wanted_agent_id is null and q.department_id = a.department_id and q.required_tier = a.required_tier
    and q.skills = a.skills
"""


async def _pages(
    tx: Tx, now: datetime, lapsed: list[_Lapsed], asks: Sequence[Ask], let_pass: set[tuple[int, int]]
) -> list[list[Place]]:
    """The next places of each queue that was asked for, in the order of service, nobody on offer."""
    pages: list[list[Place]] = [[] for _ in asks]
    for which, chosen in (
        (_OF_A_QUEUE, [number for number, ask in enumerate(asks) if ask.queue is not None]),
        ("q.wanted_agent_id is not null", [number for number, ask in enumerate(asks) if ask.queue is None]),
    ):
        if chosen:
            rows = await tx.all(
                _PAGE.format(which=which),
                {
                    "asks": Json([_asked(number, asks[number]) for number in chosen]),
                    "refused_since": now - REFUSED_FOR,
                    "lapsed": [one.id for one in lapsed],
                },
            )
            for row in rows:
                pages[row.pop("ask")].append(_place(row, let_pass, now))
    return pages


def _asked(number: int, ask: Ask) -> dict[str, Any]:
    queue = ask.queue
    return {
        "ask": number,
        "department_id": queue and queue.department_id,
        "required_tier": queue and queue.required_tier,
        "skills": queue and sorted(queue.skills),
        "after_at": ask.after and ask.after[0],
        "after_id": ask.after and ask.after[1],
        "until": ask.until,
        "most": ask.limit,
    }


_COPIED = (
    "conversation_id", "department_id", "order_at", "required_tier", "wanted_agent_id", "familiar_agent_id",
)  # fmt: skip


def _place(row: dict[str, Any], let_pass: set[tuple[int, int]], now: datetime) -> Place:
    refused = {agent_id: datetime.fromtimestamp(at, UTC) for agent_id, at in row["refused"]}
    refused |= {agent_id: now for conversation_id, agent_id in let_pass if conversation_id == row["conversation_id"]}
    return Place(**{name: row[name] for name in _COPIED}, skills=frozenset(row["skills"]), refused=refused)


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
        )
        select e.*, q.wanted_agent_id is not null as wished from ended e
        left join queue_place q on q.conversation_id = e.conversation_id and q.wanted_agent_id = e.agent_id
        """,
        {
            "now": now,
            "lapsed": [one.id for one in lapsed],
            "timed_out": [one.id for one in lapsed if one.timed_out],
        },
    )
    for row in ended:
        if row["wished"]:
            await queue.wish_refused(tx, row["conversation_id"], row["agent_id"], row["answer"])
        tx.emit(OfferEnded(row["conversation_id"], row["agent_id"], row["answer"]))
    return len(ended)


async def _offer(tx: Tx, now: datetime, chosen: list[Assignment], explanations: Explanations) -> int:
    """Offer what still waits; the conversations are locked, so what is read here stays true."""
    made = await tx.all(
        """
        with chosen as (
            select * from unnest(%(conversations)s::bigint[], %(agents)s::bigint[], %(facts)s::jsonb[])
                as t (conversation_id, agent_id, facts)
        ), made as (
            insert into offer (conversation_id, agent_id, offered_at, expires_at)
            select c.conversation_id, c.agent_id, %(now)s, %(expires_at)s
            from chosen c join queue_place q on q.conversation_id = c.conversation_id
            where not exists (select from offer o where o.conversation_id = c.conversation_id and o.answered_at is null)
            returning conversation_id, agent_id
        ), traced as (
            insert into routing_trace (conversation_id, at, what, facts)
            select m.conversation_id, %(now)s, 'offered', c.facts || jsonb_build_object(
                'waited', greatest(0, extract(epoch from %(now)s - q.queued_at))::int)
            from made m join chosen c on c.conversation_id = m.conversation_id
                join queue_place q on q.conversation_id = m.conversation_id
        )
        select conversation_id, agent_id from made
        """,
        {
            "conversations": [one.conversation_id for one in chosen],
            "agents": [one.agent_id for one in chosen],
            "facts": [Json(explanations.of(one)) for one in chosen],
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

"""The live board of those who watch: each queue and each of the staff at this moment, and what today was like.

Every number is defined here, once; the page's help says the same in words.  What waited and was told is measured
where it always is (`routing.waits`); nothing is stored for the board.

Two statements and the record of the last hour, whatever the number of queues and people.  The answer is shared by
all who look (`Boards`), so ten open boards cost what one costs.

Does not: tell the desks that something moved (`stream`), or change anything.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from mashang.conversations.naming import Named, name_of
from mashang.desk import lists
from mashang.kit import clock
from mashang.kit.db import Database, Tx
from mashang.routing import waits
from mashang.routing.waits import Record
from mashang.staff import Agent
from mashang.staff.agents import Role
from mashang.staff.installation import TODAY

State = Literal["available", "away", "offline"]
LAST = timedelta(hours=1)
MOST_ROWS = 200
_SHARED_FOR = timedelta(seconds=5)


class BoardQueue(msgspec.Struct, frozen=True, kw_only=True):
    """One queue: a department and a required tier.

    `waiting` counts who waits in it now, and `messages` who left a message there instead; `offered` who of both is
    on offer to somebody; `longest_since` is when the one began to wait who waits longest.  `online` counts who is
    here, available, of the department and of this tier or above, whatever their skills; `free` how many more customers
    they could take together.

    The rest is of waits that ended within the last hour: `served` by an agent, or `left` by the customer; minutes of
    `mean_wait` until an agent accepted; `told` were given a range when they came, `held` of them waited no longer than
    its upper end, and `error` is the mean distance in minutes between the estimated median and the wait.
    """

    id: str
    department: Named
    required_tier: int
    waiting: int
    messages: int
    offered: int
    longest_since: datetime | None
    online: int
    free: int
    served: int = 0
    left: int = 0
    told: int = 0
    held: int = 0
    mean_wait: float | None = None
    error: float | None = None


class BoardAgent(msgspec.Struct, frozen=True, kw_only=True):
    """One of the staff.

    `state` is available or away while their desk is open, offline otherwise, and `since` when that began.  `load`
    counts the conversations they serve, `offers` those on offer to them; both take of `capacity`.  Since midnight
    (of the shops) they `declined` so many offers and let so many run out (`timed_out`), and `handled` counts the
    conversations they took up and serve, or were the last to serve.
    """

    id: str
    name: str
    role: Role
    tier: int
    departments: list[str]
    state: State
    since: datetime | None
    load: int
    offers: int
    capacity: int
    declined: int
    timed_out: int
    handled: int


class Board(msgspec.Struct, frozen=True):
    """Queues in the order of the departments, people by row; which is trouble is for the page to say."""

    at: datetime
    queues: list[BoardQueue]
    agents: list[BoardAgent]


class Boards:
    """The board of this process: computed once for all who look at the same moment."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._made: dict[str, Board] = {}
        self._making = asyncio.Lock()

    def moved(self) -> None:
        """What was computed before is no longer true."""
        self._made.clear()

    async def look(self, locale: str) -> Board:
        """The board as it is, or was a few seconds ago when nothing is known to have moved since."""
        async with self._making:
            known = self._made.get(locale)
            if known is None or clock.now() - known.at > _SHARED_FOR:
                async with self._db.transaction() as tx:
                    known = self._made[locale] = await board(tx, locale)
            return known


async def board(tx: Tx, locale: str) -> Board:
    """Everything at this moment."""
    recorded = {_key(one): one for one in await waits.records(tx, LAST, locale)}
    queues = [_queue(row, recorded.get(row["id"])) for row in await tx.all(_QUEUES, {"en": locale == "en"})]
    shown = [one for one in queues if one.required_tier == 1 or one.waiting or one.messages or one.id in recorded]
    return Board(clock.now(), shown, await tx.all(_AGENTS, into=BoardAgent))


async def serving(tx: Tx, agent: Agent, public_id: str, locale: str) -> list[lists.Row]:
    """What this colleague serves or is offered, oldest first."""
    return await _rows(
        tx,
        agent,
        """
        select c.id from conversation c join agent a on a.id = c.agent_id
        where a.public_id = %(of)s and c.status = 'active'
        union all
        select o.conversation_id from offer o join agent a on a.id = o.agent_id
        where a.public_id = %(of)s and o.answered_at is null
        """,
        {"of": public_id},
        locale,
    )


async def waiting(tx: Tx, agent: Agent, department: str, tier: int, locale: str) -> list[lists.Row]:
    """Who waits in this queue, in the order of service."""
    rows = await _rows(
        tx,
        agent,
        f"""
        select q.conversation_id as id from queue_place q join department d on d.id = q.department_id
        where d.public_id = %(department)s and q.required_tier = %(tier)s
        order by q.order_at, q.conversation_id limit {MOST_ROWS}
        """,
        {"department": department, "tier": tier},
        locale,
    )
    return sorted(rows, key=lambda row: row.order_at or row.opened_at)


async def _rows(tx: Tx, agent: Agent, said: str, params: dict[str, object], locale: str) -> list[lists.Row]:
    ids = [row["id"] for row in await tx.all(said, params)]
    return [one.row for one in await lists.rows(tx, agent, ids, locale)]


def _key(record: Record) -> str:
    return f"{record.department_id}-{record.required_tier}"


def _queue(row: dict[str, object], record: Record | None) -> BoardQueue:
    told = (
        {name: getattr(record, name) for name in ("served", "left", "told", "held", "mean_wait", "error")}
        if record
        else {}
    )
    return msgspec.convert({**row, **told}, BoardQueue)


_QUEUES = f"""
    with load as (
        select agent_id, count(*) as load from (
            select agent_id from conversation where status = 'active' and snoozed_at is null
            union all
            select agent_id from offer where answered_at is null
        ) x group by agent_id
    ), able as (
        select m.department_id, a.tier, count(*) as online, sum(greatest(a.capacity - coalesce(l.load, 0), 0)) as free
        from agent a join membership m on m.agent_id = a.id left join load l on l.agent_id = a.id
        where a.archived_at is null and a.availability = 'available' and a.capacity > 0
          and exists (select from presence_lease p where p.agent_id = a.id and p.alive_until > app_now())
        group by m.department_id, a.tier
    ), place as (
        select q.department_id, q.required_tier, count(*) filter (where q.message_at is null) as waiting,
            count(q.message_at) as messages, count(o.id) as offered,
            min(q.queued_at) filter (where q.message_at is null) as longest_since
        from queue_place q left join offer o on o.conversation_id = q.conversation_id and o.answered_at is null
        group by q.department_id, q.required_tier
    )
    select d.public_id || '-' || t.tier as id, t.tier as required_tier,
        jsonb_build_object('id', d.public_id, 'name', {name_of("d")}) as department,
        coalesce(p.waiting, 0)::int as waiting, coalesce(p.messages, 0)::int as messages,
        coalesce(p.offered, 0)::int as offered, p.longest_since,
        coalesce(sum(a.online), 0)::int as online, coalesce(sum(a.free), 0)::int as free
    from department d cross join generate_series(1, 3) as t (tier)
    left join place p on p.department_id = d.id and p.required_tier = t.tier
    left join able a on a.department_id = d.id and a.tier >= t.tier
    where d.archived_at is null
    group by d.id, t.tier, p.waiting, p.messages, p.offered, p.longest_since
    order by d.position, d.id, t.tier
"""

# Whoever gives a conversation away leaves a refusal without a length, so as not to be asked again at once: no refusal.
_AGENTS = f"""
    with midnight as materialized (
        select {TODAY}::timestamp at time zone (select zone from installation) as at
    ), load as (
        select agent_id, count(*) as load from conversation where status = 'active' and snoozed_at is null
        group by agent_id
    ), offered as (
        select agent_id, count(*) as offers from offer where answered_at is null group by agent_id
    ), refused as (
        select agent_id, count(*) filter (where answer = 'declined') as declined,
            count(*) filter (where answer = 'timed_out') as timed_out
        from offer, midnight
        where answer in ('declined', 'timed_out') and answered_at >= midnight.at and expires_at > offered_at
        group by agent_id
    ), handled as (
        select agent_id, count(*) as handled from conversation, midnight
        where assigned_at >= midnight.at group by agent_id
    ), member as (
        select m.agent_id, array_agg(d.public_id order by d.position, d.id) as departments
        from membership m join department d on d.id = m.department_id and d.archived_at is null group by m.agent_id
    ), here as (
        select distinct agent_id from presence_lease where alive_until > app_now()
    )
    select a.public_id as id, a.name, a.role, a.tier, coalesce(m.departments, '{{}}') as departments,
        case when h.agent_id is null then 'offline' else a.availability end as state, a.state_since as since,
        coalesce(l.load, 0)::int as load, coalesce(o.offers, 0)::int as offers, a.capacity,
        coalesce(r.declined, 0)::int as declined, coalesce(r.timed_out, 0)::int as timed_out,
        coalesce(n.handled, 0)::int as handled
    from agent a
    left join load l on l.agent_id = a.id
    left join offered o on o.agent_id = a.id
    left join refused r on r.agent_id = a.id
    left join handled n on n.agent_id = a.id
    left join member m on m.agent_id = a.id
    left join here h on h.agent_id = a.id
    where a.archived_at is null
    order by a.id
"""

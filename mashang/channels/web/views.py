"""A conversation as its customer sees it, and the frame that tells of a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from mashang import routing
from mashang.conversations.naming import Named, TopicName, name_of
from mashang.conversations.reading import ReadMarks
from mashang.customers import Customer
from mashang.kit.db import Tx
from mashang.live.frames import FromServer
from mashang.routing import Waiting
from mashang.routing.announcement import Word
from mashang.routing.closing import PLACE_KEPT
from mashang.routing.opening import Closed


class CustomerView(msgspec.Struct, omit_defaults=True):
    """Who we take this customer to be: proved by the shop's token, or merely claimed."""

    id: str
    name: str
    proved: bool
    tier: str
    claim_kind: str | None = None
    claim_masked: str | None = None


class AgentName(msgspec.Struct, frozen=True):
    """The agent who serves, as customers know them."""

    name: str


class EstimateView(msgspec.Struct, frozen=True):
    """About how long: nine of ten wait no longer than `high_minutes`; 1 to 1 is less than a minute.

    `word` says why it grew since it was told last: privileged, returned, fewer_agents or slower.
    """

    low_minutes: int
    high_minutes: int
    word: Word | None = None


class ClosedView(msgspec.Struct, frozen=True):
    """It is closed: what the operator says, perhaps nothing, when it opens next, if ever, and the shop's time zone."""

    text: str
    opens_at: datetime | None
    zone: str


class WaitingView(msgspec.Struct, frozen=True):
    """The queue number, how many are served before, how many agents are there at all, and, with any, how long.

    `is_message`: a message was left, so place and time are nobody's concern.
    """

    number: int
    ahead: int
    agents_online: int
    estimate: EstimateView | None = None
    is_message: bool = False
    closed: ClosedView | None = None


class CustomerConversation(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation as its customer sees it; numbers are of entries the customer may see.

    `place_until`: its customer left the queue; whoever goes on with it until then has the old place.
    """

    id: str
    status: str
    department: Named
    head: int
    read: int
    staff_read: int
    unread: int
    opened_at: datetime
    topic: TopicName | None = None
    agent: AgentName | None = None
    order_number: str | None = None
    closed_at: datetime | None = None
    place_until: datetime | None = None
    waiting: WaitingView | None = None


class StateFrame(FromServer, tag="state"):
    """Status, queue place, agent, topic or reading marks are new."""

    conversation: str
    status: str
    department: Named
    read: ReadMarks
    agent: AgentName | None = None
    waiting: WaitingView | None = None
    place_until: datetime | None = None
    topic: TopicName | None = None


_SELECT = f"""
    select c.id as row, c.public_id as id, c.status, c.public_head as head, c.customer_read as read, c.staff_read,
        c.unread_by_customer as unread, c.opened_at, c.closed_at, c.order_number, c.topic_code,
        case when c.status = 'closed' and c.agent_id is null and (
            select case when not e.data ? 'assisted' then e.data ->> 'by' end from entry e
            where e.conversation_id = c.id and e.kind = 'event' and e.data ->> 'name' = 'closed'
            order by e.seq desc limit 1
        ) = 'customer' then c.closed_at + %(place_kept)s end as place_until,
        d.public_id as department_id,
        {name_of("d")} as department_name,
        a.name as agent_name,
        {name_of("t")} as topic_name
    from conversation c
    join department d on d.id = c.department_id
    left join agent a on a.id = c.agent_id
    left join topic t on t.code = c.topic_code
"""


async def of_customer(tx: Tx, who: Customer, locale: str, closed: int = 5) -> list[CustomerConversation]:
    """All open conversations of a customer and the last few closed ones, newest first."""
    return await _views(
        tx,
        """c.customer_id = any (%(family)s) and (c.status <> 'closed' or c.id in (
            select id from conversation where customer_id = any (%(family)s) and status = 'closed'
            order by id desc limit %(closed)s))""",
        {"family": list(who.family), "closed": closed, "en": locale == "en"},
    )


async def of(tx: Tx, conversation_ids: Sequence[int], locale: str) -> list[CustomerConversation]:
    """These conversations, newest first."""
    return await _views(tx, "c.id = any (%(ids)s)", {"ids": list(conversation_ids), "en": locale == "en"})


async def one(tx: Tx, conversation_id: int, locale: str) -> CustomerConversation:
    """This conversation."""
    return (await of(tx, [conversation_id], locale))[0]


async def _views(tx: Tx, condition: str, params: dict[str, object]) -> list[CustomerConversation]:
    params = {**params, "place_kept": PLACE_KEPT}
    rows = await tx.all(f"{_SELECT} where {condition} order by c.id desc", params)
    waiting = await routing.waiting(tx, [row["row"] for row in rows if row["status"] == "waiting"])
    return [_view(row, waiting.get(row["row"]), bool(params["en"])) for row in rows]


def _view(row: dict[str, object], waiting: Waiting | None, english: bool) -> CustomerConversation:
    row = dict(row)
    row.pop("row")
    topic_code, topic_name = row.pop("topic_code"), row.pop("topic_name")
    agent, department = row.pop("agent_name"), Named(str(row.pop("department_id")), str(row.pop("department_name")))
    return CustomerConversation(
        **row,  # type: ignore[arg-type]  # the columns are the fields
        department=department,
        topic=TopicName(str(topic_code), str(topic_name or topic_code)) if topic_code else None,
        agent=AgentName(str(agent)) if agent and row["status"] != "waiting" else None,
        waiting=_waiting(waiting, english) if waiting else None,
    )


def _waiting(waiting: Waiting, english: bool) -> WaitingView:
    expected = waiting.estimate
    told = EstimateView(expected.low_minutes, expected.high_minutes, expected.word) if expected else None
    closed = closed_view(waiting.closed, english) if waiting.closed else None
    return WaitingView(waiting.number, waiting.ahead, waiting.agents_online, told, waiting.is_message, closed)


def closed_view(closed: Closed, english: bool) -> ClosedView:
    """In the customer's language."""
    return ClosedView(closed.text_en if english and closed.text_en else closed.text, closed.opens_at, closed.zone)


def state(seen: CustomerConversation) -> StateFrame:
    """The frame that tells a customer's pages how it stands."""
    return StateFrame(
        seen.id,
        seen.status,
        seen.department,
        ReadMarks(seen.read, seen.staff_read),
        seen.agent,
        seen.waiting,
        seen.place_until,
        seen.topic,
    )


def customer(who: Customer) -> CustomerView:
    """The customer, as told to their own pages."""
    return CustomerView(who.public_id, who.name, who.proved, who.tier, who.claim_kind, who.claim_masked)

"""The conversation lists of the desk: who waits, whom the assistant serves, what is mine, open, closed, all I may see.

A page ends in a cursor that names the last row and its place; the next page continues behind
that place, so rows that move meanwhile are never shown twice and those that stay are never
left out.  A row that moves is announced to the open desks anyway (`rows`).

Every statement starts from `access.visible_to`; a list costs one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec

from mashang.conversations import access
from mashang.conversations import conversation as conversations
from mashang.conversations.naming import Named, TopicName, name_of
from mashang.customers.customer import ACCOUNT_OF
from mashang.desk.filters import NOTHING, Filters, condition
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid
from mashang.kit.i18n import sentence
from mashang.staff import Agent

List = Literal["waiting", "assisted", "mine", "snoozed", "open", "closed", "all"]
_EPOCH, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class RowCustomer(msgspec.Struct, frozen=True):
    """Who asks; `label` is what to show: the name, or 访客 and four characters.

    `order_proved`: a visitor who proved by four digits that the order this is about is theirs.
    """

    id: str
    name: str
    proved: bool
    tier: str
    claim_masked: str | None
    label: str
    order_proved: bool = False


class Last(msgspec.Struct, frozen=True):
    """The last message: when, one line of it (of a file its name), who wrote it ('' when nothing was said yet).

    Until something is said, `entered` is the code it was opened with as it was typed or chosen.
    """

    at: datetime
    preview: str
    author: str
    kind: Literal["text", "picture", "file"] = "text"
    entered: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation in a list.  While it waits `number` is its 排队号, and the
    waiting are served in the order of `order_at`: when they came, less the head start of their priority.
    `is_message`: the customer left a message and does not wait there.  `affected`: the title of an incident that is on.
    `matter`: what somebody who waits is here for, in a line; the last words often say nothing of it.
    """

    id: str
    status: conversations.Status
    customer: RowCustomer
    topic: TopicName | None
    department: Named
    agent: Named | None
    order_number: str | None
    last: Last
    unread: int
    opened_at: datetime
    queued_at: datetime | None
    order_at: datetime | None
    number: int | None
    is_message: bool
    head: int
    snoozed: bool
    snoozed_until: datetime | None
    affected: str | None = None
    matter: str | None = None


class Listed(msgspec.Struct, frozen=True):
    """A row with what decides who may see it; the row numbers stay inside."""

    conversation_id: int
    department_id: int
    agent_id: int | None
    row: Row

    def is_visible_to(self, agent: Agent) -> bool:
        """The same rule as `access.visible_to`, for rows in hand."""
        if agent.sees_everything or self.agent_id == agent.id:
            return True
        return any(self.department_id == one.id for one in agent.departments)


class RowPage(msgspec.Struct, frozen=True):
    """A page of a list; `next` is the cursor of the following one, null on the last."""

    rows: list[Row]
    next: str | None


class Counters(msgspec.Struct, frozen=True):
    """What is open among what the agent may see; `offered` are offers to the agent."""

    waiting: int
    mine: int
    all: int
    offered: int
    snoozed: int = 0
    assisted: int = 0


COLUMNS = f"""
    c.id as conversation_id, c.department_id, c.agent_id, c.public_id, c.status, c.topic_code, c.order_number,
    c.last_entry_at, c.last_preview, c.last_author, c.unread_by_staff, c.opened_at, c.head,
    c.snoozed_at is not null as snoozed, c.snoozed_until,
    u.public_id as customer, u.name as customer_name, u.claim_masked,
    (select jsonb_build_object('name', k.name, 'tier', k.tier) from customer k where k.id = {ACCOUNT_OF}) as account,
    d.public_id as department, {name_of("d")} as department_name,
    a.public_id as agent, a.name as agent_name,
    coalesce({name_of("t")}, c.topic_code) as topic_name,
    case when c.last_preview = '' then (
        select r.typed from redemption r where r.conversation_id = c.id order by r.at desc limit 1
    ) end as entered,
    exists (
        select from proof p where p.customer_id = c.customer_id and p.order_number = c.order_number
            and p.ended_at is null and p.expires_at > app_now()
    ) as order_proved,
    q.queued_at, q.order_at, q.number, q.message_at is not null as is_message,
    (
        select coalesce(case when %(en)s then nullif(i.title_en, '') end, i.title)
        from affected m join incident i on i.id = m.incident_id
        where m.conversation_id = c.id and m.unmarked_at is null and i.closed_at is null
        order by i.starts_at desc limit 1
    ) as affected,
    case when c.status = 'waiting' then jsonb_build_object(
        'statement', (select s.facts -> 'statement' from assistance s where s.conversation_id = c.id),
        'said', array(
            select left(e.text, 200) from entry e
            where e.conversation_id = c.id and e.author = 'customer' and e.kind = 'text' and e.text <> ''
                and e.seq > coalesce((select s.after_seq from assistance s where s.conversation_id = c.id), 0)
                and coalesce(e.data -> 'choice' ->> 'id', 'article:') ~ '^(article|diagnose):'
            order by e.seq limit 5)
    ) end as matter,
    case when coalesce(said.kind, '') <> 'file' then 'text'
        when (said.data ->> 'picture')::boolean then 'picture' else 'file' end as last_kind
"""
SOURCE = """
    from conversation c
    join customer u on u.id = c.customer_id
    join department d on d.id = c.department_id
    left join agent a on a.id = c.agent_id
    left join topic t on t.code = c.topic_code
    left join queue_place q on q.conversation_id = c.id
    left join lateral (
        select e.kind, e.data from entry e
        where e.conversation_id = c.id and e.audience = 'everyone' and e.kind <> 'event' and e.author <> 'system'
        order by e.seq desc limit 1
    ) said on true
"""


class _Order(msgspec.Struct, frozen=True):
    """A list: where its rows come from, which they are, their order, and what lies behind a place."""

    source: str
    rows: str
    order: str
    behind: str


_BACK_AT = "coalesce(c.snoozed_until, '9999-01-01')"
_LISTS: dict[List, _Order] = {
    "waiting": _Order(
        "queue_place q join conversation c on c.id = q.conversation_id",
        "true",
        "q.order_at, c.id",
        "(q.order_at, c.id) > (%(at)s, (select id from conversation where public_id = %(behind)s))",
    ),
    "mine": _Order(
        "conversation c",
        "c.agent_id = %(me)s and c.status <> 'closed' and c.snoozed_at is null",
        "c.last_entry_at desc, c.id desc",
        "(c.last_entry_at, c.id) < (%(at)s, (select id from conversation where public_id = %(behind)s))",
    ),
    "snoozed": _Order(
        "conversation c",
        "c.agent_id = %(me)s and c.snoozed_at is not null",
        f"{_BACK_AT}, c.id",
        f"({_BACK_AT}, c.id) > (%(at)s, (select id from conversation where public_id = %(behind)s))",
    ),
    "assisted": _Order(
        "conversation c",
        "c.status = 'assisted'",
        "c.last_entry_at desc, c.id desc",
        "(c.last_entry_at, c.id) < (%(at)s, (select id from conversation where public_id = %(behind)s))",
    ),
    "open": _Order(
        "conversation c",
        "c.status <> 'closed'",
        "c.id desc",
        "c.id < (select id from conversation where public_id = %(behind)s)",
    ),
    "closed": _Order(
        "conversation c",
        "c.status = 'closed'",
        "c.id desc",
        "c.id < (select id from conversation where public_id = %(behind)s)",
    ),
    "all": _Order(
        "conversation c",
        "true",
        "c.id desc",
        "c.id < (select id from conversation where public_id = %(behind)s)",
    ),
}


# What can be on a page of `all` for somebody who does not see everything: each department's newest and the own.
# Without it the few of a quiet department would be looked for among everybody's, from the newest down.
_NEAREST = """(
    select n.id from membership m cross join lateral (
        select c.id from conversation c where c.department_id = m.department_id and {behind}
        order by c.id desc limit %(limit)s
    ) n where m.agent_id = %(me)s
    union
    (select c.id from conversation c where c.agent_id = %(me)s and {behind} order by c.id desc limit %(limit)s)
) nearest join conversation c on c.id = nearest.id"""


async def page(
    tx: Tx, agent: Agent, name: List, *, cursor: str | None, limit: int, locale: str, filters: Filters = NOTHING
) -> RowPage:
    """A page of a list as this agent sees it; raises Invalid(field="cursor")."""
    said, params = statement(agent, name, cursor, limit, filters)
    found = await tx.all(said, {**params, "en": locale == "en"})
    last = found[limit - 1] if len(found) > limit else None
    return RowPage([row_of(one, locale) for one in found[:limit]], _cursor(name, last) if last else None)


def statement(
    agent: Agent, name: List, cursor: str | None, limit: int, filters: Filters = NOTHING
) -> tuple[str, dict[str, Any]]:
    """What a page asks the database: one row more than is shown, which says whether there is a next page."""
    wanted = _LISTS[name]
    visible, params = access.visible_to(agent)
    narrowed, more = condition(filters)
    behind, place = ("true", {}) if cursor is None else (wanted.behind, place_of(cursor))
    source = wanted.source if name != "all" or agent.sees_everything else _NEAREST.format(behind=behind)
    # The page is chosen before anything is joined to it: sorting thin rows is what keeps long queues quick.
    said = f"""
        with page as (
            select c.id from {source} where {visible} and {wanted.rows} and {behind} and {narrowed}
            order by {wanted.order} limit %(limit)s
        )
        select {COLUMNS} {SOURCE} where c.id in (select id from page) order by {wanted.order}
    """
    return said, {**params, **place, **more, "me": agent.id, "limit": limit + 1}


async def rows(tx: Tx, agent: Agent | None, conversation_ids: Sequence[int], locale: str = "zh-CN") -> list[Listed]:
    """These conversations as list rows, those the agent may see; without an agent, all of them."""
    visible, params = access.visible_to(agent) if agent else ("true", {})
    found = await tx.all(
        f"select {COLUMNS} {SOURCE} where c.id = any (%(ids)s) and {visible} order by c.id",
        {**params, "ids": list(conversation_ids), "en": locale == "en"},
    )
    return [Listed(one["conversation_id"], one["department_id"], one["agent_id"], row_of(one, locale)) for one in found]


async def counters(tx: Tx, agent: Agent) -> Counters:
    """How many are open, of each kind, among what this agent may see."""
    visible, params = access.visible_to(agent)
    return await tx.one(
        f"""
        select count(*) filter (where c.status = 'waiting') as waiting,
               count(*) filter (where c.agent_id = %(me)s and c.snoozed_at is null) as mine,
               count(*) filter (where c.agent_id = %(me)s and c.snoozed_at is not null) as snoozed,
               count(*) filter (where c.status = 'assisted') as assisted,
               count(*) as all,
               (select count(*) from offer o
                where o.agent_id = %(me)s and o.answered_at is null and o.expires_at > app_now()) as offered
        from conversation c where c.status <> 'closed' and {visible}
        """,
        {**params, "me": agent.id},
        into=Counters,
    )


def row_of(found: dict[str, Any], locale: str) -> Row:
    """A result of `COLUMNS` as a Row."""
    return Row(
        id=found["public_id"],
        status=found["status"],
        customer=_customer(found, locale),
        topic=TopicName(found["topic_code"], found["topic_name"]) if found["topic_code"] else None,
        department=Named(found["department"], found["department_name"]),
        agent=Named(found["agent"], found["agent_name"]) if found["agent"] else None,
        order_number=found["order_number"],
        last=Last(
            found["last_entry_at"], found["last_preview"], found["last_author"], found["last_kind"], found["entered"]
        ),
        unread=found["unread_by_staff"],
        opened_at=found["opened_at"],
        queued_at=found["queued_at"],
        order_at=found["order_at"],
        number=found["number"],
        is_message=found["is_message"],
        head=found["head"],
        snoozed=found["snoozed"],
        snoozed_until=found["snoozed_until"],
        affected=found["affected"],
        matter=_matter(found["matter"], locale) if found["matter"] else None,
    )


def _matter(known: dict[str, Any], locale: str) -> str | None:
    """What came of what, as the assistant understood it; else the most telling of the customer's first sentences."""
    statement = known["statement"] or {}
    if statement.get("result"):
        parts = (statement.get(name, {}).get(locale) for name in ("result", "action", "time"))
        return sentence("statement.apart", locale).join(filter(None, parts))
    told = max(known["said"], key=_letters, default="")
    return " ".join(told.split()) or None


def _letters(words: str) -> int:
    """Numbers tell nothing of a matter, however long they are."""
    return sum(map(str.isalpha, words))


def _customer(found: dict[str, Any], locale: str) -> RowCustomer:
    """Who asks, as the account they are proved or were joined to be."""
    account = found["account"]
    name = (account and account["name"]) or found["customer_name"]
    return RowCustomer(
        found["customer"],
        name,
        account is not None,
        account["tier"] if account else "",
        found["claim_masked"],
        label(found["customer"], name, locale),
        found["order_proved"],
    )


def label(customer: str, name: str, locale: str) -> str:
    """What to call a customer: the name, or 'visitor' and the end of the public id."""
    return name or sentence("visitor_label", locale, mark=customer[-4:].upper())


def _cursor(name: List, found: dict[str, Any]) -> str:
    """`microseconds-id`: the place of a row, in terms that may leave the server."""
    by = {"waiting": found["order_at"], "snoozed": found["snoozed_until"] or _NEVER}
    return cursor_at(by.get(name, found["last_entry_at"]), found["public_id"])


def cursor_at(at: datetime, public_id: str) -> str:
    """Where a page ends that is ordered by instants."""
    return f"{(at - _EPOCH) // timedelta(microseconds=1)}-{public_id}"


def place_of(cursor: str) -> dict[str, Any]:
    """`at` and `behind` (the public id) of a cursor; raises Invalid."""
    at, _, behind = cursor.partition("-")
    if not (at.isascii() and at.isdigit() and len(at) < 18 and behind.isascii() and behind.isalnum()):
        raise Invalid(field="cursor", reason="form")
    return {"at": _EPOCH + timedelta(microseconds=int(at)), "behind": behind}

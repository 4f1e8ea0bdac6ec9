"""Whose conversations an incident concerns: marked, told once what it is, and once that it is over.

A conversation is marked by its code: in the transaction that opens it (`meet`), or where it was open when the
incident began (`catch_up`); or by an agent, whatever its code.  Marked by its code, its customer is told at once, and
keeps place and person.  At the end everybody who is marked is told, also where the conversation is closed: that adds
an entry to be seen on return and opens nothing again.  Whoever is blocked is left out.

Everything is derived from the rows: who is not marked yet, who is not told yet.  An entry and the mark that says it
was written are one transaction, so neither a crash nor a second process nor a second ending tells anybody twice.

Does not: write incidents (`shops.incidents`), or decide what a message means (`intake` asks `meet`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mashang.conversations import timeline
from mashang.conversations.conversation import Conversation
from mashang.conversations.entry import NewEntry
from mashang.conversations.events import ConversationChanged
from mashang.customers.blocks import HOLDS
from mashang.kit.db import Database, Tx
from mashang.kit.errors import NotFound
from mashang.kit.i18n import sentence
from mashang.shops import incidents
from mashang.shops.incidents import ON, IncidentOver
from mashang.staff import installation
from mashang.staff.agents import Agent

_AT_ONCE = 50  # rows a transaction: short enough that nobody who writes there waits

# An incident `i` is about the conversations `c` of the site `s`.
_CONCERNS = "(i.shop_id is null or i.shop_id = s.shop_id)"
_TO_BE_TOLD = "a.ended_told_at is null and not a.left_out and a.unmarked_at is null"
_BLOCKED = f"exists (select from customer_block b where b.customer_id in (k.id, k.account_id) and {HOLDS})"
_WORDS = "i.id, i.title, i.title_en, i.text, i.text_en, i.starts_at, i.ends_at, i.end_text, i.end_text_en"


async def meet(tx: Tx, conversation: Conversation, code: str) -> None:
    """It is opened with this code, or the code is written in it: mark it for what is on, and say what that is."""
    await _mark(
        tx,
        f"""
        select i.id as incident_id, c.id as conversation_id
        from conversation c join site s on s.id = c.site_id join incident i on {_CONCERNS}
        where c.id = %(conversation)s and %(code)s = any (i.codes) and {ON} for update of c
        """,
        {"conversation": conversation.id, "code": code},
    )


async def mark(tx: Tx, by: Agent, conversation: Conversation, incident_id: str) -> None:
    """An agent says that it is affected; the agent explains it.  Raises NotFound, IncidentOver."""
    found = await incidents.find(tx, incident_id)
    if found.closed_at is not None:
        raise IncidentOver
    marked = await tx.run(
        f"""
        insert into affected as a (incident_id, conversation_id, marked_by)
        select i.id, %(conversation)s, %(by)s from incident i join site s on s.id = %(site)s and {_CONCERNS}
        where i.id = %(incident)s
        on conflict (incident_id, conversation_id) do update
        set unmarked_at = null, marked_by = case when a.unmarked_at is null then a.marked_by else %(by)s end
        """,
        {"incident": found.id, "conversation": conversation.id, "site": conversation.site_id, "by": by.id},
    )
    if not marked:
        raise NotFound
    tx.emit(ConversationChanged(conversation.id))


async def unmark(tx: Tx, conversation: Conversation, incident_id: str) -> None:
    """It has nothing to do with that, whatever its code; not marked by it again.  Raises NotFound, IncidentOver."""
    found = await incidents.find(tx, incident_id)
    if found.closed_at is not None:
        raise IncidentOver
    await tx.run(
        "update affected set unmarked_at = app_now()"
        " where incident_id = %s and conversation_id = %s and unmarked_at is null",
        (found.id, conversation.id),
    )
    tx.emit(ConversationChanged(conversation.id))


async def catch_up(db: Database) -> int:
    """Do what is due: end those whose time is over, mark those who wait, tell those who are told.  How many."""
    async with db.transaction() as tx:
        done = await incidents.due(tx)
    for step in (mark_some, tell_some):
        while batch := await _one(db, step):
            done += batch
    return done


async def _one(db: Database, step: Any) -> int:
    async with db.transaction() as tx:
        number: int = await step(tx)
    return number


async def mark_some(tx: Tx) -> int:
    """Mark and tell some of the open conversations with a code of an incident that is on; how many."""
    if not await tx.value(f"select exists (select from incident i where {ON} and i.codes <> '{{}}')"):
        return 0
    return await _mark(
        tx,
        f"""
        select i.id as incident_id, c.id as conversation_id
        from (select * from incident i where {ON} order by i.id for share) i
        join conversation c on c.topic_code = any (i.codes) and c.status <> 'closed'
        join site s on s.id = c.site_id and {_CONCERNS}
        where not exists (select from affected a where a.incident_id = i.id and a.conversation_id = c.id)
        order by c.id, i.id limit {_AT_ONCE} for update of c
        """,
        {},
    )


async def tell_some(tx: Tx) -> int:
    """Tell some of the affected that it is over; how many rows were done with."""
    rows = await tx.all(
        f"""
        select a.incident_id, a.conversation_id, c.locale, {_BLOCKED} or i.quiet as left_out, {_WORDS}
        from affected a join incident i on i.id = a.incident_id join conversation c on c.id = a.conversation_id
        join customer_standing k on k.id = c.customer_id
        where i.closed_at is not null and {_TO_BE_TOLD}
        order by a.conversation_id, a.incident_id limit {_AT_ONCE} for update of a skip locked
        """
    )
    for row in rows:
        if not row["left_out"]:
            await _say(tx, row, ending(row, row["locale"]))
    await tx.run(
        """
        update affected a set ended_told_at = case when not done.left_out then app_now() end, left_out = done.left_out
        from unnest(%(incidents)s::bigint[], %(conversations)s::bigint[], %(left_out)s::boolean[])
            as done (incident_id, conversation_id, left_out)
        where a.incident_id = done.incident_id and a.conversation_id = done.conversation_id
        """,
        {
            "incidents": [row["incident_id"] for row in rows],
            "conversations": [row["conversation_id"] for row in rows],
            "left_out": [row["left_out"] for row in rows],
        },
    )
    return len(rows)


async def _mark(tx: Tx, concerned: str, params: dict[str, Any]) -> int:
    """Mark what is not marked yet, and tell each what it is; of two who do it at once, one does.

    `concerned` locks the conversations: a mark alone holds a share of its row, and two with a share cannot both write.
    """
    rows = await tx.all(
        f"""
        with concerned as ({concerned}), marked as (
            insert into affected (incident_id, conversation_id, told_at)
            select incident_id, conversation_id, app_now() from concerned on conflict do nothing
            returning incident_id, conversation_id
        )
        select m.conversation_id, c.locale, c.status, {_WORDS}
        from marked m join incident i on i.id = m.incident_id join conversation c on c.id = m.conversation_id
        order by m.conversation_id, i.starts_at
        """,
        params,
    )
    zone = await installation.zone(tx) if rows else None
    for row in rows:
        await _say(tx, row, explanation(row, row["locale"], zone, waits=row["status"] == "waiting"))
        tx.emit(ConversationChanged(row["conversation_id"]))
    return len(rows)


async def _say(tx: Tx, row: dict[str, Any], text: str) -> None:
    await timeline.append(tx, NewEntry(conversation_id=row["conversation_id"], text=text))


def explanation(row: dict[str, Any], locale: str, zone: ZoneInfo | None, *, waits: bool) -> str:
    """What it is, from when until when, and that nobody loses their place."""
    english = locale == "en"
    lines = [
        (english and row["title_en"]) or row["title"],
        span(row["starts_at"], row["ends_at"], locale, zone),
        (english and row["text_en"]) or row["text"],
        sentence("incident_place", locale) if waits else "",
    ]
    return "\n".join(line for line in lines if line)


def ending(row: dict[str, Any], locale: str) -> str:
    """As the operator wrote it, else the sentence prepared for it."""
    english = locale == "en"
    written: str = (english and row["end_text_en"]) or row["end_text"]
    return written or sentence("incident_end", locale, title=(english and row["title_en"]) or row["title"])


def span(starts_at: datetime, ends_at: datetime | None, locale: str, zone: ZoneInfo | None) -> str:
    """From when until when, by the installation's clock; the day is said again where it is another."""
    begins = starts_at.astimezone(zone)
    said = {"day": _day(begins, locale), "from": f"{begins:%H:%M}"}
    if ends_at is None:
        return sentence("incident_since", locale, **said)
    ends = ends_at.astimezone(zone)
    until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{_day(ends, locale)} {ends:%H:%M}"
    return sentence("incident_span", locale, **said, until=until)


def _day(at: datetime, locale: str) -> str:
    return sentence("incident_day", locale, month=at.month if locale != "en" else f"{at:%b}", day=at.day)


async def counts(tx: Tx, of: Sequence[int]) -> dict[int, tuple[int, int, int, int]]:
    """Of each incident: affected, told what it is, told that it is over, and how many would be told that now."""
    rows = await tx.all(
        f"""
        select a.incident_id, count(*) filter (where a.unmarked_at is null)::int as marked,
            count(a.told_at)::int as told, count(a.ended_told_at)::int as ended_told,
            count(*) filter (where {_TO_BE_TOLD} and not {_BLOCKED})::int as reaches
        from affected a join conversation c on c.id = a.conversation_id join customer_standing k on k.id = c.customer_id
        where a.incident_id = any (%s) group by a.incident_id
        """,
        (list(of),),
    )
    return {row["incident_id"]: (row["marked"], row["told"], row["ended_told"], row["reaches"]) for row in rows}

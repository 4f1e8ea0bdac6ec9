"""Incidents as the staff see them: all of them on the page 故障公告, and those that matter beside a conversation.

Does not: change anything (`incidents_api`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from mashang.conversations import affected
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.shops.incident import Incident, Source
from mashang.shops.incidents import NEAR

_MOST = 200

State = Literal["announced", "now", "over"]


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """One beside a conversation: `affected` is marked, `by` the agent who marked it, `concerns` names its code."""

    id: str
    source: Source
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None
    state: State
    codes: list[str]
    concerns: bool
    affected: bool
    by: str | None


class Counts(msgspec.Struct, frozen=True):
    """Conversations: affected, told what it is, told that it is over; `reaches`: who would be told now."""

    affected: int = 0
    told: int = 0
    ended_told: int = 0
    reaches: int = 0


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """One on its page; `unknown` are codes that no topic has, `version` goes back with a change.

    `end_text` is what the affected were told at the end or, before it, the sentence prepared for them.
    """

    id: str
    source: Source
    shop: str | None
    title: str
    title_en: str
    text: str
    text_en: str
    starts_at: datetime
    ends_at: datetime | None
    codes: list[str]
    unknown: list[str]
    state: State
    closed_at: datetime | None
    closed_by: str | None
    quiet: bool
    end_text: str
    end_text_en: str
    opened_at: datetime
    version: int
    counts: Counts


class Named(msgspec.Struct, frozen=True):
    """One that lists can be narrowed by."""

    id: str
    title: str
    state: State


def state_of(starts_at: datetime, ends_at: datetime | None, closed_at: datetime | None) -> State:
    """Where it stands now, whether or not that was written down already."""
    now = clock.now()
    if closed_at is not None or (ends_at is not None and ends_at <= now):
        return "over"
    return "announced" if starts_at > now else "now"


async def beside(tx: Tx, conversation_id: int, site_id: int, code: str | None, locale: str) -> list[Beside]:
    """What is on or near on this conversation's site, and what it was affected by; what concerns it comes first."""
    rows = await tx.all(
        f"""
        select i.*, a.conversation_id is not null and a.unmarked_at is null as is_affected, g.name as by,
            coalesce(%(code)s = any (i.codes), false) as concerns
        from incident i join site s on s.id = %(site)s
        left join affected a on a.incident_id = i.id and a.conversation_id = %(conversation)s
        left join agent g on g.id = a.marked_by
        where (i.shop_id is null or i.shop_id = s.shop_id)
            and ({NEAR} or (a.conversation_id is not null and a.unmarked_at is null))
        order by is_affected desc, concerns desc, i.closed_at nulls first, i.starts_at desc limit 20
        """,
        {"conversation": conversation_id, "site": site_id, "code": code},
    )
    return [_beside(row, english=locale == "en") for row in rows]


def _beside(row: dict[str, Any], *, english: bool) -> Beside:
    return Beside(
        id=row["public_id"],
        source=row["source"],
        title=(english and row["title_en"]) or row["title"],
        text=(english and row["text_en"]) or row["text"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        closed_at=row["closed_at"],
        state=state_of(row["starts_at"], row["ends_at"], row["closed_at"]),
        codes=row["codes"],
        concerns=row["concerns"],
        affected=row["is_affected"],
        by=row["by"],
    )


async def everything(tx: Tx) -> list[IncidentView]:
    """Those that are on or announced, then the last that are over; newest first."""
    rows = await tx.all(
        "select i.*, s.name as shop from incident i left join shop s on s.id = i.shop_id"
        " order by i.closed_at desc nulls first, i.starts_at desc, i.id desc limit %s",
        (_MOST,),
    )
    return await _views(tx, rows)


async def one(tx: Tx, which: Incident) -> IncidentView:
    """This one, as it stands in this transaction."""
    rows = await tx.all(
        "select i.*, s.name as shop from incident i left join shop s on s.id = i.shop_id where i.id = %s", (which.id,)
    )
    return (await _views(tx, rows))[0]


async def named(tx: Tx, locale: str) -> list[Named]:
    """What lists can be narrowed by: those that are on, and that were within a week."""
    rows = await tx.all(
        """
        select i.public_id, i.starts_at, i.ends_at, i.closed_at,
            coalesce(case when %(en)s then nullif(i.title_en, '') end, i.title) as title
        from incident i
        where i.starts_at <= app_now() and coalesce(i.closed_at > app_now() - interval '7 days', true)
        order by i.closed_at desc nulls first, i.starts_at desc limit 50
        """,
        {"en": locale == "en"},
    )
    return [
        Named(row["public_id"], row["title"], state_of(row["starts_at"], row["ends_at"], row["closed_at"]))
        for row in rows
    ]


async def _views(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[IncidentView]:
    counted = await affected.counts(tx, [row["id"] for row in rows])
    known = {row["code"] for row in await tx.all("select code from topic where archived_at is null")}
    return [_view(row, Counts(*counted.get(row["id"], ())), known) for row in rows]


def _view(row: dict[str, Any], counts: Counts, known: set[str]) -> IncidentView:
    taken = {name: row[name] for name in IncidentView.__struct_fields__ if name in row and name not in ("id", "counts")}
    told = {"end_text": affected.ending(row, "zh-CN"), "end_text_en": affected.ending(row, "en")}
    return IncidentView(
        **{**taken, **told},
        id=row["public_id"],
        unknown=[code for code in row["codes"] if code not in known],
        state=state_of(row["starts_at"], row["ends_at"], row["closed_at"]),
        counts=counts,
    )

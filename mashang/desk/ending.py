"""Which codes die: the page 代码去留, where the operator sees them and decides.

Of a topic code: it ends within 30 days, or nobody has used it for 30 or for 90 days, or it has ended or was taken out
of use, and how many still came with it in the last 90 days (`codes.counting`).  One that people still come with stands
first, because each of them was told no; after it what ends, what has ended, and what nobody uses.

Of minted codes the sums of each campaign and of each place where they are shown, over all there are:

* **issued**, and of these **used**: given once at least by somebody who was proved to be the owner;
* **unused at the end**: ended, by time, and never used; **unused for long**: good, a month old, and never used;
* **ending**: good, and ends within 7 days;  **revoked** before their end;
* **renewed** once at least; **reminded**: their owner was told of an end, and **renewed then**: for that reminder.

Does not: change anything (`codes.api`, `codes.campaign_api`), or list customers' codes one by one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mashang.codes import reminders, renewal
from mashang.codes.topics import index
from mashang.conversations.naming import name_of
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.staff.installation import TODAY

SOON = timedelta(days=30)
_MOST = 300  # of each table

Concern = Literal["still_asked", "ends_soon", "ended", "archived", "unused_90", "unused_30"]


class EndingTopic(msgspec.Struct, frozen=True, kw_only=True):
    """A topic code that ended, ends, or that nobody uses; `instead` is what is offered now to who comes with it."""

    id: str
    code: str
    name: str
    department: str
    concern: Concern
    archived: bool
    ends_at: datetime | None
    last_used_at: datetime | None
    attempts: int
    successor: str | None
    instead: str | None


class EndingGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The minted codes of one campaign, or shown at one place (`scene`; "" is none in particular)."""

    campaign: str | None
    scene: str
    issued: int
    used: int
    unused_at_end: int
    unused_long: int
    ending: int
    live: int
    revoked: int
    renewed: int
    reminded: int
    renewed_then: int


class EndingCodes(msgspec.Struct, frozen=True):
    """Both tables."""

    topics: list[EndingTopic]
    groups: list[EndingGroup]


# `over_at`: when its code last led nobody any more, by its end or by being taken out of use.
_TOPICS = f"""
    select * from (
        select t.id as row, t.public_id as id, t.code, {name_of("t")} as name, {name_of("d")} as department,
            t.archived_at is not null as archived, t.expires_at, t.archived_at, s.code as successor,
            t.created_at, (select max(r.at) from redemption r where r.topic_id = t.id) as last_used_at,
            (select coalesce(sum(c.number), 0) from code_count c where c.topic_id = t.id
                and c.what in ('expired', 'archived') and c.day > {TODAY} - 90)::int as attempts,
            t.archived_at is not null or coalesce(t.expires_at <= app_now(), false) as is_over
        from topic t
        join department d on d.id = t.department_id
        left join topic s on s.id = t.successor_id
        where not t.forgotten
    ) x
    where x.is_over or x.expires_at <= app_now() + %(soon)s
        or coalesce(x.last_used_at, x.created_at) <= app_now() - interval '30 days'
"""


async def ending(tx: Tx, locale: str) -> EndingCodes:
    """Both tables, what matters most first."""
    rows = await tx.all(_TOPICS, {"soon": SOON, "en": locale == "en"})
    topics = await index(tx)
    now = clock.now()
    instead = {
        topic.id: other.code
        for topic in topics.ended.at(now)
        if (other := topics.ended.instead(topic, now)) is not None
    }
    found = [_topic(row, instead.get(row["row"]), now) for row in rows]
    found.sort(key=lambda one: (_ORDER.index(one.concern), -one.attempts, one.code))
    return EndingCodes(found[:_MOST], await _groups(tx))


_ORDER: list[Concern] = ["still_asked", "ends_soon", "ended", "unused_90", "unused_30", "archived"]


def _topic(row: dict[str, Any], instead: str | None, now: datetime) -> EndingTopic:
    return EndingTopic(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        department=row["department"],
        concern=_concern(row, now),
        archived=row["archived"],
        ends_at=row["archived_at"] or row["expires_at"],
        last_used_at=row["last_used_at"],
        attempts=row["attempts"] if row["is_over"] else 0,
        successor=row["successor"],
        instead=instead,
    )


def _concern(row: dict[str, Any], now: datetime) -> Concern:
    if row["is_over"]:
        return "still_asked" if row["attempts"] else "archived" if row["archived"] else "ended"
    if row["expires_at"] and row["expires_at"] <= now + SOON:
        return "ends_soon"
    unused = now - (row["last_used_at"] or row["created_at"])
    return "unused_90" if unused >= timedelta(days=90) else "unused_30"


async def _groups(tx: Tx) -> list[EndingGroup]:
    return await tx.all(
        """
        with reminded as (
            select minted_code_id, bool_or(renewed_at is not null) as renewed_then from code_reminder group by 1
        )
        select m.campaign, m.scene, count(*) as issued,
            count(*) filter (where m.uses > 0) as used,
            count(*) filter (where m.uses = 0 and m.expires_at <= least(m.revoked_at, app_now())) as unused_at_end,
            count(*) filter (where %(live)s and m.uses = 0 and m.minted_at <= app_now() - %(unused)s) as unused_long,
            count(*) filter (where %(live)s and m.expires_at <= app_now() + %(near)s) as ending,
            count(*) filter (where %(live)s) as live,
            count(*) filter (where m.revoked_at < coalesce(m.expires_at, 'infinity')) as revoked,
            count(*) filter (where m.renewals > 0) as renewed,
            count(r.minted_code_id) as reminded,
            count(*) filter (where r.renewed_then) as renewed_then
        from minted_code m left join reminded r on r.minted_code_id = m.id
        group by m.campaign, m.scene
        order by (m.campaign is null), max(m.id) desc
        limit %(most)s
        """.replace("%(live)s", _LIVE),
        {"unused": reminders.UNUSED, "near": renewal.NEAR, "most": _MOST},
        into=EndingGroup,
    )


_LIVE = (
    "(m.revoked_at is null and m.uses_left is distinct from 0 and (m.expires_at is null or m.expires_at > app_now()))"
)

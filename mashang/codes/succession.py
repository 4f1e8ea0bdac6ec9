"""What follows on a topic whose time is over: named by the operator, also for one that was archived long ago.

A successor is in use when it is named, and nothing follows on itself, over however many others.  One that ends
later is stepped over (`ended`), so that nothing has to be named anew when a promotion gives way to the next.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.staff import audit
from mashang.staff.audit import Actor

Code = Annotated[str, Meta(max_length=20, pattern=r"^[^\x00-\x1f\x7f]*$")]


async def checked(tx: Tx, code: str, topic_id: int | None, successor: str | None) -> int | None:
    """The row of the topic that is to follow on the one with `code` (or `topic_id`); raises Invalid.

    One that is over may stay where it stands already: an edit of something else is not refused for it.
    """
    if not successor:
        return None
    held = await tx.first(
        "select id, successor_id from topic where id = %(id)s or %(id)s::bigint is null and code = %(code)s",
        {"id": topic_id, "code": code},
    )
    found = await tx.first(
        "select id, archived_at is not null or coalesce(expires_at <= app_now(), false) as is_over"
        " from topic where code = %s",
        (successor.strip().upper(),),
    )
    if found is None:
        raise Invalid(field="successor", reason="unknown")
    if successor.strip().upper() == code or (held and await _leads_to(tx, found["id"], held["id"])):
        raise Invalid(field="successor", reason="cycle")
    row: int = found["id"]
    if found["is_over"] and not (held and held["successor_id"] == row):
        raise Invalid(field="successor", reason="over")
    return row


async def _leads_to(tx: Tx, first: int, last: int) -> bool:
    return bool(
        await tx.value(
            """
            with recursive following as (
                select %(first)s::bigint as id
                union
                select t.successor_id from topic t join following f on f.id = t.id where t.successor_id is not null
            )
            select exists (select from following where id = %(last)s)
            """,
            {"first": first, "last": last},
        )
    )


async def name(tx: Tx, by: Actor | None, public_id: str, successor: str | None) -> None:
    """Let this follow on a topic, in use or not; None: nothing.  Raises NotFound, Invalid."""
    await one_at_a_time(tx)
    row = await tx.first(
        "select t.id, t.code, s.code as successor from topic t left join topic s on s.id = t.successor_id"
        " where t.public_id = %s",
        (public_id,),
    )
    if row is None:
        raise NotFound
    follows = await checked(tx, row["code"], row["id"], successor)
    await tx.run("update topic set successor_id = %s where id = %s", (follows, row["id"]))
    now = await tx.value("select code from topic where id = %s", (follows,)) if follows else None
    before, after = {"successor": row["successor"]}, {"successor": now}
    await audit.record(tx, by, "topic.followed", row["code"], before=before, after=after)


async def one_at_a_time(tx: Tx) -> None:
    """No constraint says that no alias reads like another's code, or that nothing follows on itself: edits queue up."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended('codes.topics', 0))")

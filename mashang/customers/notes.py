"""Notes on a customer: what colleagues should know next time.  The customer never sees them.

A note stays with the account (or the visitor), not with one conversation.

Does not: mask what is written (`desk.customer_api` does, before it comes here).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict, NotFound
from mashang.staff import Agent, audit
from mashang.staff.permissions import permitted

MOST = 50  # of one customer


class TooManyNotes(Conflict):
    """There are `most` notes on this customer already."""

    code = "too_many_notes"


class Note(msgspec.Struct, frozen=True):
    """A note; `own`: this agent may take it away."""

    id: str
    at: datetime
    by: str
    text: str
    own: bool


async def add(tx: Tx, by: Agent, customer_id: int, public_id: str, text: str) -> None:
    """Write one down; raises TooManyNotes."""
    await tx.run("select 1 from customer where id = %s for no key update", (customer_id,))
    if await tx.value("select count(*) from customer_note where customer_id = %s", (customer_id,)) >= MOST:
        raise TooManyNotes(reason="too_many", most=MOST)
    await tx.run(
        "insert into customer_note (public_id, customer_id, agent_id, text) values (%s, %s, %s, %s)",
        (ids.public_id(), customer_id, by.id, text),
    )
    await audit.record(tx, by, "customer.note_added", public_id)


async def remove(tx: Tx, by: Agent, customer_ids: Sequence[int], public_id: str, note_id: str) -> None:
    """Take one's own note away, or as supervisor any; raises NotFound."""
    removed = await tx.run(
        """
        delete from customer_note
        where public_id = %(note)s and customer_id = any (%(customers)s) and (agent_id = %(by)s or %(manages)s)
        """,
        {
            "note": note_id, "customers": list(customer_ids), "by": by.id,
            "manages": permitted(by, "conversations.manage"),
        },
    )  # fmt: skip
    if not removed:
        raise NotFound
    await audit.record(tx, by, "customer.note_removed", public_id)


async def of(tx: Tx, by: Agent, customer_ids: Sequence[int]) -> list[Note]:
    """The notes on these rows, newest first."""
    return await tx.all(
        """
        select n.public_id as id, n.at, a.name as by, n.text, n.agent_id = %(by)s or %(manages)s as own
        from customer_note n join agent a on a.id = n.agent_id
        where n.customer_id = any (%(customers)s) order by n.id desc
        """,
        {"customers": list(customer_ids), "by": by.id, "manages": permitted(by, "conversations.manage")},
        into=Note,
    )

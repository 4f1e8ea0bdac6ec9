"""An incident that a shop tells by itself, brought to everybody who is talking about that shop.

It comes to the snapshots of all open conversations at once, as it was told: a shop that is in trouble is not asked
again by each of them.  Told anew under its id it takes the former's place; ended, it is gone.

A snapshot whose shop is being asked at this moment is written over by that answer, which is as new.

Does not: keep incidents for conversations to come (they ask the shop, see `context`).
"""

from __future__ import annotations

from mashang.kit import clock
from mashang.kit.db import Database, Json
from mashang.shops.context import ContextAnswered
from mashang.shops.contract import Incident


async def bring(db: Database, shop_id: int, incident: Incident) -> int:
    """Write it into what open conversations of this shop know; how many."""
    is_over = incident.ends_at is not None and incident.ends_at <= clock.now()
    async with db.transaction() as tx:
        told = await tx.all(
            """
            update context_snapshot s
            set data = jsonb_set(s.data, '{seen,incidents}', %(now)s || coalesce(
                (select jsonb_agg(known order by place)
                 from jsonb_array_elements(s.data->'seen'->'incidents') with ordinality as a (known, place)
                 where known->>'id' <> %(id)s), '[]'))
            from conversation c
            where c.id = s.conversation_id and c.status <> 'closed'
              and s.data->'ask'->>'shop_id' = %(shop)s and s.data->'ask'->'parts' ? 'incidents'
            returning s.conversation_id, s.status
            """,
            {"now": Json([] if is_over else [incident]), "id": incident.id, "shop": str(shop_id)},
        )
        for row in told:
            tx.emit(ContextAnswered(row["conversation_id"], row["status"]))
    return len(told)

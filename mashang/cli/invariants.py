"""What must be true of the rows, whatever happened: one table, each line a name and the rows that break it.

The sentences are in the catalogue under `check_…`; a statement answers what to look for, some of them suffice.
Written for whoever runs the product: a line that breaks is a bug of ours, or of a disk.

Does not: mend anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import sql

from mashang.codes import claims, minting
from mashang.customers import customer
from mashang.kit.sealing import Sealer, Unreadable
from mashang.kit.storage import Storage
from mashang.shops import providers, reach, site
from mashang.staff import second_factor

INVARIANTS = {
    "numbers_dense": """
        select c.public_id from conversation c
        left join (select conversation_id, count(*) as many, min(seq) as low, max(seq) as top
                   from entry group by conversation_id) e on e.conversation_id = c.id
        where c.head <> coalesce(e.top, 0) or c.head <> coalesce(e.many, 0) or coalesce(e.low, 1) <> 1
    """,
    "heads_right": """
        select c.public_id from conversation c
        left join (select conversation_id, max(seq) as top from entry where audience = 'everyone'
                   group by conversation_id) e on e.conversation_id = c.id
        where c.public_head <> coalesce(e.top, 0)
    """,
    "chain_whole": """
        select distinct c.public_id from conversation c join (
            select conversation_id, prev_public, coalesce(max(seq) filter (where audience = 'everyone') over earlier, 0)
                as before
            from entry window earlier as (
                partition by conversation_id order by seq rows between unbounded preceding and 1 preceding)
        ) e on e.conversation_id = c.id
        where e.prev_public <> e.before
    """,
    "queue_matches": """
        select c.public_id from conversation c left join queue_place q on q.conversation_id = c.id
        where (c.status = 'waiting') <> (q.conversation_id is not null)
    """,
    "assisted_match": """
        select c.public_id from conversation c left join assistance a on a.conversation_id = c.id
        where c.status = 'assisted' and (c.agent_id is not null or a.state is distinct from 'serving')
            or c.status in ('waiting', 'active') and a.state = 'serving'
    """,
    "waits_match": """
        select c.public_id from conversation c left join wait w on w.conversation_id = c.id and w.ended_at is null
        where c.status = 'waiting' and w.id is null -- the end of one is noted later (routing.waits)
    """,
    "offers_match": """
        select c.public_id from conversation c join offer o on o.conversation_id = c.id and o.answered_at is null
        where c.status <> 'waiting'
        union
        select c.public_id from conversation c join offer o on o.conversation_id = c.id and o.answered_at is null
        group by c.id having count(*) > 1
    """,
    "actions_followed": """
        select a.public_id from shop_action a where a.state in ('asked', 'unknown') and a.look_at is null
        union
        select max(a.public_id) from shop_action a where a.state in ('asked', 'unknown')
        group by a.shop_id, a.order_number, a.line having count(*) > 1
    """,
    "served_by_staff": """
        select c.public_id from conversation c join agent a on a.id = c.agent_id
        where c.status = 'active' and a.archived_at is not null
    """,
    "operator_there": """
        select 'operator' where exists (select from agent) and not exists (
            select from agent where role = 'operator' and archived_at is null)
    """,
}

# Every column that holds something sealed, and for what; a test finds one that is missing here.
SEALED = {
    ("code_claim", "sealed"): claims.PURPOSE,
    ("customer", "claim_sealed"): customer.CLAIM_PURPOSE,
    ("minted_code", "sealed"): minting.SHOW_PURPOSE,
    ("provider", "secret_sealed"): providers.SECRET_PURPOSE,
    ("second_factor", "secret_sealed"): second_factor.PURPOSE,
    ("shop", "secret_sealed"): reach.SECRET_PURPOSE,
    ("site_key", "secret_sealed"): site.KEY_PURPOSE,
}


def broken(connection: psycopg.Connection[Any], name: str) -> list[str]:
    """What breaks the invariant of this name; nothing when it holds."""
    return [str(found) for (found,) in connection.execute(INVARIANTS[name].encode())]


def unopened(connection: psycopg.Connection[Any], sealer: Sealer) -> Iterator[str]:
    """The tables that hold something our key does not open."""
    for (table, column), purpose in SEALED.items():
        statement = sql.SQL("select {column} from {table} where {column} is not null").format(
            table=sql.Identifier(table), column=sql.Identifier(column)
        )
        with connection.cursor("sealed") as rows:
            for (sealed,) in rows.execute(statement):
                try:
                    sealer.open(bytes(sealed), purpose)
                except Unreadable:
                    yield table
                    break


def lost_files(connection: psycopg.Connection[Any], storage: Storage) -> Iterator[str]:
    """The names of files that were sent and are not there whole."""
    with connection.cursor("files") as rows:
        found = rows.execute(
            "select public_id, size, storage_key, preview_key from attachment where posted_at is not null"
        )
        for public_id, size, key, preview in found:
            if storage.size(key) != size or (preview and not storage.size(preview)):
                yield public_id

"""What counts as a secret here: the forms the shops declared, and the codes that are none.

Every message asks, so every process keeps the answer for some seconds; a form that
a shop declares anew is used after that.

Does not: mask (`guard.masking`).
"""

from __future__ import annotations

import time
from weakref import WeakKeyDictionary

from mashang.codes import minted
from mashang.guard.masking import Rules
from mashang.kit.db import Database

_KEPT_SECONDS = 10.0
_kept: WeakKeyDictionary[Database, tuple[float, Rules]] = WeakKeyDictionary()


async def rules(db: Database) -> Rules:
    """The rules of this installation, at most ten seconds old."""
    until, known = _kept.get(db, (0.0, None))
    if known is not None and time.monotonic() < until:
        return known
    async with db.transaction() as tx:
        found = await tx.one(
            """
            select
                array(select jsonb_array_elements_text(capabilities -> 'order_number_shapes') from shop
                      where archived_at is null) as order_numbers,
                array(select jsonb_array_elements_text(capabilities -> 'card_key_shapes') from shop
                      where archived_at is null) as card_keys,
                array(select code from topic where archived_at is null) as codes
            """
        )
    is_topic = frozenset(found["codes"]).__contains__
    fresh = Rules(**found, public=lambda text: minted.spans(text, is_topic))
    _kept[db] = time.monotonic() + _KEPT_SECONDS, fresh
    return fresh

"""What it takes to reach a shop: its kind, where it is, and the secret between us, as stored.

Does not: open the secret, or ask (`adapters`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from mashang.kit.db import Tx

SECRET_PURPOSE = "shop secret"  # noqa: S105  # a purpose of kit.sealing, no secret
COLUMNS = (
    "shop.id as shop_id, shop.kind, shop.base_url, shop.key_id, shop.secret_sealed, shop.settings,"
    " coalesce(shop.down_until > app_now(), false) as is_down"
)


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """One shop to ask; `is_down`: it was seen down a moment ago and is left alone."""

    shop_id: int
    kind: str
    base_url: str
    key_id: str
    secret_sealed: bytes
    settings: dict[str, Any]
    is_down: bool = False


async def of(tx: Tx, shop_id: int) -> Reach:
    """How to reach this shop."""
    return await tx.one(f"select {COLUMNS} from shop where id = %s", (shop_id,), into=Reach)

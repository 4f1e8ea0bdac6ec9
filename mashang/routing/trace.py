"""The line each routing decision leaves, for a supervisor who asks why.

Facts carry the names people had then; the sentence for each kind of line is in the
catalogue under `trace_…`.
"""

from __future__ import annotations

from typing import Any

from mashang.kit.db import Json, Tx


async def leave(tx: Tx, conversation_id: int, what: str, **facts: Any) -> None:
    """Write one line."""
    await tx.run(
        "insert into routing_trace (conversation_id, at, what, facts) values (%s, app_now(), %s, %s)",
        (conversation_id, what, Json(facts)),
    )

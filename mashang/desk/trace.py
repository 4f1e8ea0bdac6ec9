"""Why a conversation went where it went: the routing trace, told in sentences.

Routing writes facts; the catalogue has a sentence for each kind of line, under `trace_…`.  A
fact that is an id of a person or department was written with the name it had then.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.conversations import access
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound
from mashang.kit.i18n import sentence
from mashang.staff import Agent

_LONGEST = 500


class TraceLine(msgspec.Struct, frozen=True):
    """One decision: when, what kind, and in words."""

    at: datetime
    what: str
    sentence: str


async def trace(tx: Tx, agent: Agent, public_id: str, locale: str) -> list[TraceLine]:
    """The decisions about a conversation, oldest first; raises NotFound."""
    visible, params = access.visible_to(agent)
    conversation_id = await tx.value(
        f"select c.id from conversation c where c.public_id = %(id)s and {visible}", {**params, "id": public_id}
    )
    if conversation_id is None:
        raise NotFound
    rows = await tx.all(
        "select at, what, facts from routing_trace where conversation_id = %s order by id limit %s",
        (conversation_id, _LONGEST),
    )
    return [TraceLine(row["at"], row["what"], _sentence(row["what"], row["facts"], locale)) for row in rows]


def _sentence(what: str, facts: dict[str, Any], locale: str) -> str:
    return sentence(f"trace_{what}", locale, **facts)

"""The audit: who changed what, and what it was before.

A line is written in the transaction of the change, so neither exists without the other.
Nothing secret is ever in one: fields named like secrets are dropped here once more, whatever
the caller hands over.

Does not: record conversations (their timeline and routing trace do) or reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from mashang.kit.db import Json, Tx

_SECRET_WORDS = ("password", "secret", "token", "hash", "sealed", "private")


class Actor(Protocol):
    """Whoever did it: an agent."""

    @property
    def id(self) -> int: ...


class AuditLine(msgspec.Struct):
    """One line as the audit page shows it."""

    id: int
    at: datetime
    action: str
    subject: str
    by: dict[str, str] | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


async def record(
    tx: Tx,
    by: Actor | None,
    action: str,
    subject: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write a line; `by` None is the system or the command line.

    With both sides given, only the fields that differ are kept.
    """
    if before is not None and after is not None:
        differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        before = {key: value for key, value in before.items() if key in differing}
        after = {key: value for key, value in after.items() if key in differing}
    await tx.run(
        "insert into audit (agent_id, action, subject, before, after) values (%s, %s, %s, %s, %s)",
        (by.id if by else None, action, subject, _stored(before), _stored(after)),
    )


async def lines(tx: Tx, *, older_than: int | None = None, limit: int = 50) -> list[AuditLine]:
    """The newest lines first; `older_than` is the id of the last line already held."""
    return await tx.all(
        """
        select l.id, l.at, l.action, l.subject, l.before, l.after,
               case when a.id is not null then jsonb_build_object('id', a.public_id, 'name', a.name) end as by
        from audit l left join agent a on a.id = l.agent_id
        where %(older_than)s::bigint is null or l.id < %(older_than)s
        order by l.id desc limit %(limit)s
        """,
        {"older_than": older_than, "limit": limit},
        into=AuditLine,
    )


def without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping without fields named like secrets, at any depth."""
    kept = {key: value for key, value in values.items() if not any(word in key.lower() for word in _SECRET_WORDS)}
    return {key: without_secrets(value) if isinstance(value, Mapping) else value for key, value in kept.items()}


def _stored(values: Mapping[str, Any] | None) -> Json | None:
    return None if values is None else Json(without_secrets(values))

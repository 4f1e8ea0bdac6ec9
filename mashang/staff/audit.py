"""The audit: who changed what, and what it was before.

A line is written in the transaction of the change, so neither exists without the other.
Nothing secret is ever in one: fields named like secrets are dropped here once more, whatever
the caller hands over.

Does not: record conversations (their timeline and routing trace do) or reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

import msgspec

from mashang.kit.db import Json, Tx

SYSTEM = "system"  # who did it, where nobody did: the product itself, or the command line
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


class Wanted(msgspec.Struct, frozen=True):
    """Which lines: of one person (SYSTEM: of nobody), about one kind of thing (`topic`), of one day of the zone."""

    by: str | None = None
    about: str | None = None
    day: date | None = None


_ANY = Wanted()


async def lines(tx: Tx, wanted: Wanted = _ANY, *, older_than: int | None = None, limit: int = 50) -> list[AuditLine]:
    """The newest lines first; `older_than` is the id of the last line already held."""
    return await tx.all(
        """
        select l.id, l.at, l.action, l.subject, l.before, l.after,
               case when a.id is not null then jsonb_build_object('id', a.public_id, 'name', a.name) end as by
        from audit l left join agent a on a.id = l.agent_id
        where (%(older_than)s::bigint is null or l.id < %(older_than)s)
          and (%(by)s::text is null or a.public_id = %(by)s or (%(by)s = %(system)s and l.agent_id is null))
          and (%(about)s::text is null or split_part(l.action, '.', 1) = %(about)s)
          and (%(day)s::date is null or (l.at >= %(day)s::date::timestamp at time zone (select zone from installation)
            and l.at < (%(day)s::date + 1)::timestamp at time zone (select zone from installation)))
        order by l.id desc limit %(limit)s
        """,
        {**msgspec.structs.asdict(wanted), "system": SYSTEM, "older_than": older_than, "limit": limit},
        into=AuditLine,
    )


def without_secrets(values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping without fields named like secrets, at any depth."""
    kept = {key: value for key, value in values.items() if not any(word in key.lower() for word in _SECRET_WORDS)}
    return {key: without_secrets(value) if isinstance(value, Mapping) else value for key, value in kept.items()}


def _stored(values: Mapping[str, Any] | None) -> Json | None:
    return None if values is None else Json(without_secrets(values))

"""What narrows a list of conversations: department, code, the customer's tier, how long they wait, an incident.

Does not: decide who may see what (`access.visible_to` does, before anything here).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from mashang.conversations.entry import PublicId
from mashang.customers.customer import ACCOUNT_OF

Narrowed = Literal["waiting", "assisted", "mine", "snoozed", "open", "closed"]

_TIER = f"""c.customer_id in (
    select u.id from customer u join customer a on a.id = {ACCOUNT_OF}
    where u.id = c.customer_id and a.tier = %(f_tier)s
)"""
# How long they wait for a first answer, or for the next one.
_WAITS = """(
    case when c.status = 'waiting' then c.opened_at when c.last_author = 'customer' then c.last_entry_at end
) <= app_now() - %(f_minutes)s * interval '1 minute' and c.status <> 'closed'"""

_AFFECTED = """c.id in (
    select m.conversation_id from affected m join incident i on i.id = m.incident_id
    where i.public_id = %(f_incident)s and m.unmarked_at is null
)"""


class Filters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`topic` is a code; `no_code`: came without one; `minutes`: waits for an answer at least so long.

    `incident`: is affected by it.
    """

    department: PublicId | None = None
    topic: Annotated[str, Meta(pattern="^[A-Z0-9]{2,8}$")] | None = None
    no_code: bool = False
    tier: Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[^\x00]*$")] | None = None
    minutes: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    incident: PublicId | None = None


NOTHING = Filters()


def condition(filters: Filters) -> tuple[str, dict[str, Any]]:
    """SQL on the conversation `c`, and its parameters."""
    parts = ["true"]
    if filters.department:
        parts.append("c.department_id = (select id from department where public_id = %(f_department)s)")
    if filters.topic:
        parts.append("c.topic_code = %(f_topic)s")
    if filters.no_code:
        parts.append("c.topic_code is null")
    if filters.tier:
        parts.append(_TIER)
    if filters.minutes:
        parts.append(_WAITS)
    if filters.incident:
        parts.append(_AFFECTED)
    params = {
        "f_department": filters.department, "f_topic": filters.topic, "f_tier": filters.tier,
        "f_minutes": filters.minutes, "f_incident": filters.incident,
    }  # fmt: skip
    return " and ".join(parts), params

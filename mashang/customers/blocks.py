"""Blocking: somebody may open no conversations and write nothing for a while, and why.

The reason is for colleagues; the customer hears one polite sentence.  A block of an account
holds for whoever is proved or was joined to be that account, in any browser.  With it new
visitors from the same block of addresses can be kept from opening anything, for a time that
ends by itself, because others share addresses; whoever is signed in is never kept out by it.

What was said stays readable, for both sides.

Does not: end the conversations (`desk.customer_api` has them ended), or limit how fast
somebody writes (the doors do).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from mashang.customers.customer import Customer, StandingChanged
from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict, Invalid, NotFound, Refusal
from mashang.staff import Agent, audit

LONGEST_WITH_ADDRESS = timedelta(days=7)
# A block b that holds now.
HOLDS = "b.lifted_at is null and (b.until is null or b.until > app_now())"


class CustomerBlocked(Refusal):
    """This customer may not open conversations or write now."""

    status, code = 403, "customer_blocked"


class AlreadyBlocked(Conflict):
    """Lift the block first to make another."""

    code = "already_blocked"


class Block(msgspec.Struct, frozen=True):
    """A block that holds; `until` null: until it is lifted.  `address`: visitors of the same addresses, too."""

    id: str
    reason: str
    by: str
    at: datetime
    until: datetime | None
    address: bool


class Blocking(msgspec.Struct, frozen=True):
    """What is asked for: why, for how long, and whether the customer's addresses are meant, too."""

    reason: str
    lasts: timedelta | None
    address: bool = False


def demand_welcome(who: Customer) -> None:
    """Raise CustomerBlocked when this customer may not write."""
    if who.is_blocked:
        raise CustomerBlocked


async def block(tx: Tx, by: Agent, customer_id: int, public_id: str, wanted: Blocking) -> None:
    """Let this customer (an account's own row, where it is one) write nothing; raises AlreadyBlocked, Invalid.

    The address is where the newest of its sessions began, an account's in one browser or the other.
    """
    if wanted.address and (wanted.lasts is None or wanted.lasts > LONGEST_WITH_ADDRESS):
        raise Invalid(field="hours", reason="too_long")
    await tx.run("select 1 from customer where id = %s for no key update", (customer_id,))
    if await of(tx, [customer_id]):
        raise AlreadyBlocked(reason="blocked")
    await tx.run(
        """
        insert into customer_block (public_id, customer_id, address_block, reason, agent_id, until)
        select %(public_id)s, %(customer)s, case when %(address)s then (
            select s.address_block from customer_session s
            where s.customer_id in (select id from customer_family(%(customer)s)) and s.address_block is not null
            order by s.created_at desc limit 1
        ) end, %(reason)s, %(by)s, app_now() + %(lasts)s
        """,
        {
            "public_id": ids.public_id(), "customer": customer_id, "address": wanted.address,
            "reason": wanted.reason, "by": by.id, "lasts": wanted.lasts,
        },
    )  # fmt: skip
    hours = None if wanted.lasts is None else wanted.lasts / timedelta(hours=1)
    after = {"reason": wanted.reason, "hours": hours, "address": wanted.address}
    await audit.record(tx, by, "customer.blocked", public_id, after=after)
    await _tell(tx, customer_id)


async def lift(tx: Tx, by: Agent, block_id: str) -> None:
    """Let them write again; raises NotFound."""
    row = await tx.first(
        f"""
        update customer_block b set lifted_at = app_now(), lifted_by = %s from customer u
        where b.public_id = %s and u.id = b.customer_id and {HOLDS}
        returning b.customer_id, u.public_id, b.reason
        """,
        (by.id, block_id),
    )
    if row is None:
        raise NotFound
    await audit.record(tx, by, "customer.unblocked", row["public_id"], before={"reason": row["reason"]})
    await _tell(tx, row["customer_id"])


async def family(tx: Tx, customer_id: int) -> list[int]:
    """The rows of this account: its own, those joined to it, and those who proved to be it; of a visitor its own."""
    rows = await tx.all("select id from customer_family(%s) order by id", (customer_id,))
    return [row["id"] for row in rows]


async def _tell(tx: Tx, customer_id: int) -> None:
    for one in await family(tx, customer_id):
        tx.emit(StandingChanged(one))


_SELECT = """
    select b.public_id as id, b.reason, a.name as by, b.at, b.until, b.address_block is not null as address
    from customer_block b join agent a on a.id = b.agent_id
"""


async def of(tx: Tx, customer_ids: Sequence[int]) -> list[Block]:
    """The blocks of these rows that hold now."""
    return await tx.all(
        f"{_SELECT} where b.customer_id = any (%s) and {HOLDS} order by b.id", (list(customer_ids),), into=Block
    )

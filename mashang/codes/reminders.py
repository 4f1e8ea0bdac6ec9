"""Reminding a customer of codes that end soon, or that were given without an end and never used.

A row says that a code's end was told, by which channel, and what came of it; what is due is whatever has none yet.
So two servers, two tabs or, one day, two channels tell it once.  On the customer's own pages it is told at the next
visit: for an hour, through reloads and in other tabs, and not again, unless it is the next end.

Only the proved account hears of its codes, for the others are nobody's business; not of an order it is talking about
already, nor of what is revoked or used up, nor of what could not live longer anyhow.  Whoever wants no reminder of a
code is not reminded of that one again, however often it is renewed.

Nothing is taken away for not having been used: a code that lies in a drawer is there for the day on which it is
needed.  The operator sees how many there are (`desk.ending`).

Does not: deliver anything (the channel does, and says so here), or renew (`renewal`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from mashang.codes import minting, renewal
from mashang.codes.minting import OF_ACCOUNT
from mashang.customers import Customer
from mashang.kit.db import Tx
from mashang.kit.sealing import Sealer

Channel = Literal["web"]
VISIT = timedelta(hours=1)
UNUSED = timedelta(days=30)  # without an end, and nobody ever typed it
MOST = 10  # told in one line; the soonest first

# A code `m` whose account is told, with its reminder `r` for this end, if there is one.
_THEIRS = f"""
    from minted_code m
    left join code_reminder r on r.minted_code_id = m.id and r.ends_at = coalesce(m.expires_at, 'infinity')
    where {OF_ACCOUNT} and m.revoked_at is null and m.uses_left is distinct from 0
"""
_DUE = f"""{_THEIRS}
    and case when m.expires_at is null then m.uses = 0 and m.minted_at <= app_now() - %(unused)s
        else m.expires_at > app_now() and m.expires_at < m.minted_at + %(longest)s
            and m.expires_at - app_now() <= least(%(near)s, (m.expires_at - m.minted_at) / %(part)s) end
    and (r.shown_at is null or r.shown_at > app_now() - %(visit)s and r.renewed_at is null)
    and not exists (select from code_reminder d where d.minted_code_id = m.id and d.declined_at is not null)
    and not exists (
        select from conversation c where c.customer_id = any (%(family)s) and c.status <> 'closed'
            and c.order_number = m.order_number
    )
"""


class Due(msgspec.Struct, frozen=True):
    """A code to be reminded of; without an end it is one that was never used."""

    id: str
    code: str
    order_number: str | None
    expires_at: datetime | None


def _of(who: Customer) -> dict[str, object]:
    return {
        "subject": who.subject,
        "shop": who.shop_id,
        "site": who.site_id,
        "family": list(who.family) or [who.id],
        "near": renewal.NEAR,
        "part": renewal.PART,
        "longest": renewal.LONGEST,
        "unused": UNUSED,
        "visit": VISIT,
        "most": MOST,
    }


async def due(tx: Tx, sealer: Sealer, who: Customer) -> list[Due]:
    """What to tell this customer now, the soonest end first; nothing to who is not proved to be an account."""
    if not who.proved:
        return []
    rows = await tx.all(f"select m.id {_DUE} order by m.expires_at, m.id limit %(most)s", _of(who))
    codes = [await minting.by_id(tx, sealer, row["id"]) for row in rows]
    return [Due(one.public_id, one.code, one.order_number, one.expires_at) for one in codes]


async def told(tx: Tx, who: Customer, codes: Sequence[str], channel: Channel) -> None:
    """These were shown to their owner; whatever else is named is passed over."""
    await tx.run(
        f"""
        insert into code_reminder (minted_code_id, ends_at, channel)
        select m.id, coalesce(m.expires_at, 'infinity'), %(channel)s {_DUE} and m.public_id = any (%(codes)s)
        on conflict do nothing
        """,
        {**_of(who), "codes": list(codes), "channel": channel},
    )


async def declined(tx: Tx, who: Customer, codes: Sequence[str], channel: Channel) -> None:
    """Their owner wants no more reminders of these."""
    await tx.run(
        f"""
        insert into code_reminder (minted_code_id, ends_at, channel, declined_at)
        select m.id, coalesce(m.expires_at, 'infinity'), %(channel)s, app_now() {_THEIRS}
            and m.public_id = any (%(codes)s)
        on conflict (minted_code_id, ends_at) do update set declined_at = app_now()
        """,
        {**_of(who), "codes": list(codes), "channel": channel},
    )

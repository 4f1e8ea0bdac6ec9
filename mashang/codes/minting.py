"""Minted codes: made once for an order, an account or a campaign, and shown to their owner only.

A code is stored as a keyed hash, to be found, and sealed, to be shown again.  For one
order (or account) and scene there is one live code: whoever asks again, a page drawn
twice or two at once, gets the same one, its end moved out where the new asking says so.
One that has expired, is used up, or belonged to a former owner is retired in the same
transaction, and a new one is drawn.

That two draws meet has a chance of 10⁻⁵ with a million codes; the index refuses the
second and it is drawn again.

Does not: decide who may mint (`shop_api`, `desk`, `channels.web`) or what a typed code
tells somebody (`redemption`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mashang.codes import minted
from mashang.codes.topics import index
from mashang.customers import Customer
from mashang.kit import clock, ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid, NotFound
from mashang.kit.sealing import Sealer

LASTS = timedelta(days=30)  # unless somebody says otherwise
LOOKUP_PURPOSE = "codes.minted.lookup"
SHOW_PURPOSE = "codes.minted.show"
_MOST_DRAWS = 8

By = Literal["shop", "customer", "agent", "operator"]
State = Literal["live", "expired", "revoked", "used_up"]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a code is to stand for: an order or an account (`subject`), or a campaign."""

    shop_id: int | None = None
    site_id: int | None = None
    subject: str | None = None
    order_number: str | None = None
    campaign: str | None = None
    topic_id: int | None = None
    scene: str = ""
    expires_at: datetime | None = None
    uses_left: int | None = None


class MintedCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code as its owner and the staff may see it; `code` is written with its topic before it."""

    id: int
    public_id: str
    code: str
    topic_id: int | None
    topic_code: str | None
    shop_id: int | None
    subject: str | None
    order_number: str | None
    campaign: str | None
    scene: str
    minted_by: By
    minted_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    uses: int
    uses_left: int | None

    @property
    def state(self) -> State:
        """Is it good now, and if not, why?"""
        if self.revoked_at:
            return "revoked"
        if self.expires_at and self.expires_at <= clock.now():
            return "expired"
        return "used_up" if self.uses_left == 0 else "live"


_SELECT = """
    select m.id, m.public_id, m.sealed, m.topic_id, t.code as topic_code, m.shop_id, m.subject, m.order_number,
        m.campaign, m.scene, m.minted_by, m.minted_at, m.expires_at, m.revoked_at, m.uses, m.uses_left
    from minted_code m left join topic t on t.id = m.topic_id
"""
# The columns of the two unique indexes, as they stand there.
_BINDING = """
    coalesce(shop_id, 0) = coalesce(%(shop_id)s::bigint, 0) and coalesce(site_id, 0) = coalesce(%(site_id)s::bigint, 0)
    and scene = %(scene)s and revoked_at is null
"""
_SAME_ORDER = f"{_BINDING} and order_number = %(order_number)s and order_number is not null"
_SAME_ACCOUNT = f"{_BINDING} and subject = %(subject)s and subject is not null and order_number is null"


def lookup_hash(sealer: Sealer, body: str) -> bytes:
    """What stands in the index instead of the twelve characters."""
    return sealer.sign(body.encode(), LOOKUP_PURPOSE)


async def mint(tx: Tx, sealer: Sealer, draft: Draft, by: By) -> tuple[MintedCode, bool]:
    """The live code of this order (or account) and scene, and whether it is new; a campaign's is always new.

    Raises Invalid for an end that has passed or no use at all.
    """
    if draft.expires_at and draft.expires_at <= clock.now():
        raise Invalid(field="expires_at", reason="past")
    if draft.uses_left is not None and draft.uses_left < 1:
        raise Invalid(field="uses", reason="range")
    if draft.campaign is None and (held := await _held(tx, draft)):
        return await by_id(tx, sealer, held), False
    made = await _drawn(tx, sealer, draft, by)
    return await by_id(tx, sealer, made[0]), made[1]


async def _held(tx: Tx, draft: Draft) -> int | None:
    """The live code there is already, its end moved out; what is in its way and not live is retired."""
    values, same = msgspec.structs.asdict(draft), _SAME_ORDER if draft.order_number else _SAME_ACCOUNT
    await tx.run(
        f"""
        update minted_code set revoked_at = app_now()
        where {same} and (expires_at <= app_now() or uses_left = 0 or subject <> %(subject)s)
        """,
        values,
    )
    found: int | None = await tx.value(
        f"""
        update minted_code set topic_id = coalesce(%(topic_id)s, topic_id),
            expires_at = case when expires_at is not null then greatest(expires_at, %(expires_at)s) end
        where {same} returning id
        """,
        values,
    )
    return found


async def _drawn(tx: Tx, sealer: Sealer, draft: Draft, by: By) -> tuple[int, bool]:
    for _ in range(_MOST_DRAWS):
        body = minted.draw()
        made = await tx.value(
            """
            insert into minted_code (public_id, code_hash, sealed, topic_id, shop_id, site_id, subject, order_number,
                campaign, scene, minted_by, expires_at, uses_left)
            values (%(public_id)s, %(hash)s, %(sealed)s, %(topic_id)s, %(shop_id)s, %(site_id)s, %(subject)s,
                %(order_number)s, %(campaign)s, %(scene)s, %(by)s, %(expires_at)s, %(uses_left)s)
            on conflict do nothing
            returning id
            """,
            {
                **msgspec.structs.asdict(draft),
                "public_id": ids.public_id(),
                "hash": lookup_hash(sealer, body),
                "sealed": sealer.seal(body.encode(), SHOW_PURPOSE),
                "by": by,
            },
        )
        if made is not None:
            return made, True
        if draft.campaign is None and (held := await _held(tx, draft)):
            return held, False  # somebody asked for the same at the same moment
    raise RuntimeError("no free code was drawn")


async def revoke(tx: Tx, sealer: Sealer, found: MintedCode) -> MintedCode:
    """It means nothing from now on."""
    await tx.run("update minted_code set revoked_at = coalesce(revoked_at, app_now()) where id = %s", (found.id,))
    return await by_id(tx, sealer, found.id)


async def end_campaign(tx: Tx, campaign: str, ends: datetime | None) -> int:
    """Move the end of all codes of a campaign that are good or have ended by time, or (None) revoke them; how many.

    Raises Invalid for an end that has passed.
    """
    if ends and ends <= clock.now():
        raise Invalid(field="expires_at", reason="past")
    change = "expires_at = %(ends)s" if ends else "revoked_at = app_now()"
    return await tx.run(
        f"""
        update minted_code set {change}
        where campaign = %(campaign)s and revoked_at is null and uses_left is distinct from 0
            and (%(ends)s::timestamptz is not null or expires_at is null or expires_at > app_now())
        """,
        {"campaign": campaign, "ends": ends},
    )


async def use(tx: Tx, found: MintedCode) -> bool:
    """Count a use; False when it has none left (somebody was quicker)."""
    return bool(
        await tx.run(
            "update minted_code set uses = uses + 1, uses_left = uses_left - 1"
            " where id = %s and (uses_left is null or uses_left > 0)",
            (found.id,),
        )
    )


async def topic_id_of(tx: Tx, code: str) -> int | None:
    """The topic to stand before a code; "" is none.  Raises Invalid for one that is not in use."""
    topic = (await index(tx)).by_code.get(code)
    if code and topic is None:
        raise Invalid(field="topic", reason="unknown")
    return topic.id if topic else None


async def by_id(tx: Tx, sealer: Sealer, row: int) -> MintedCode:
    """By row number."""
    return _opened(sealer, await tx.one(f"{_SELECT} where m.id = %s", (row,)))


async def find(tx: Tx, sealer: Sealer, public_id: str) -> MintedCode:
    """By public id, for the staff; raises NotFound."""
    row = await tx.first(f"{_SELECT} where m.public_id = %s", (public_id,))
    if row is None:
        raise NotFound
    return _opened(sealer, row)


async def owned(tx: Tx, sealer: Sealer, body: str, owner: Customer) -> MintedCode | None:
    """The code with these characters when it is this proved customer's, or a campaign's; else None.

    Whose it is stands in the condition: another's and one that was never minted are the
    same answer of the same statement.
    """
    row = await tx.first(
        f"{_SELECT} where m.code_hash = %(hash)s and (m.campaign is not null or {_OWNED})",
        {**_owner(owner), "hash": lookup_hash(sealer, body)},
    )
    return _opened(sealer, row) if row else None


async def of_account(tx: Tx, sealer: Sealer, owner: Customer, public_id: str) -> MintedCode | None:
    """One of this proved account's codes, revoked or not; of others None, whether they are or not."""
    if not owner.proved:
        return None
    row = await tx.first(
        f"{_SELECT} where m.public_id = %(code)s and {OF_ACCOUNT}", {**_owner(owner), "code": public_id}
    )
    return _opened(sealer, row) if row else None


async def of_order(tx: Tx, sealer: Sealer, owner: Customer, order_number: str) -> list[MintedCode]:
    """The codes of this order that are not revoked, when the order is this customer's; newest first."""
    rows = await tx.all(
        f"{_SELECT} where m.order_number = %(number)s and m.revoked_at is null and {_OWNED}"
        " order by m.id desc limit 20",
        {**_owner(owner), "number": order_number},
    )
    return _all_opened(sealer, rows)


async def of_campaigns(tx: Tx, sealer: Sealer, *, limit: int, campaign: str | None = None) -> list[MintedCode]:
    """Codes of campaigns, or of one, newest first."""
    rows = await tx.all(
        f"{_SELECT} where m.campaign = coalesce(%s::text, m.campaign) order by m.id desc limit %s", (campaign, limit)
    )
    return _all_opened(sealer, rows)


# A code `m` of this account.
OF_ACCOUNT = """(m.subject = %(subject)s and m.shop_id is not distinct from %(shop)s::bigint
        and (m.shop_id is not null or m.site_id = %(site)s))"""
# The account, or the one order that was proved.
_OWNED = f"""(
    {OF_ACCOUNT}
    or (m.order_number = any (%(orders)s) and m.shop_id = %(orders_shop)s::bigint)
)"""


def _owner(customer: Customer) -> dict[str, Any]:
    return {
        "subject": customer.subject,
        "shop": customer.shop_id,
        "site": customer.site_id,
        "orders": list(customer.proved_orders),
        "orders_shop": customer.orders_shop_id,
    }


def _opened(sealer: Sealer, row: dict[str, Any]) -> MintedCode:
    body = sealer.open(bytes(row.pop("sealed")), SHOW_PURPOSE).decode()
    return MintedCode(**row, code=minted.written(body, row["topic_code"] or ""))


def _all_opened(sealer: Sealer, rows: Sequence[dict[str, Any]]) -> list[MintedCode]:
    return [_opened(sealer, row) for row in rows]

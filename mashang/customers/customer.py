"""A customer: a visitor without proof, or an account of a shop, proved.

An account is proved only by the shop's signed token; the same account on two
browsers is one customer.  It is an account of the shop, on all its sites; of the site,
where no shop's system is connected.  What a visitor types about itself is a claim: sealed at
rest, shown masked, and never used to look up anything.
"""

from __future__ import annotations

import re

import msgspec

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid
from mashang.kit.sealing import Sealer
from mashang.kit.text import printable
from mashang.shops.token import ShopCustomer

CLAIM_PURPOSE = "customers.claim"
_PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")

SELECT = """
    select u.id, u.public_id, u.site_id, u.shop_id, u.subject, u.name, u.tier,
           u.claim_kind, u.claim_masked, u.locale
    from customer u
"""


class Customer(msgspec.Struct, frozen=True):
    """One row of `customer`; `subject` is the shop's id of a proved account."""

    id: int
    public_id: str
    site_id: int
    shop_id: int | None
    subject: str | None
    name: str
    tier: str
    claim_kind: str | None
    claim_masked: str | None
    locale: str

    @property
    def proved(self) -> bool:
        """Did the shop vouch for who this is?"""
        return self.subject is not None


async def recognise(tx: Tx, site_id: int, shop_id: int | None, account: ShopCustomer | None, locale: str) -> Customer:
    """The customer of a proved account, or a new visitor when there is none."""
    same = "(shop_id, subject)" if shop_id else "(site_id, subject) where shop_id is null and subject is not null"
    found = await tx.one(
        f"""
        insert into customer as u (public_id, site_id, shop_id, subject, name, tier, locale)
        values (%(public_id)s, %(site)s, %(shop)s, %(subject)s, %(name)s, %(tier)s, %(locale)s)
        on conflict {same} do update
            set name = excluded.name, tier = excluded.tier, locale = excluded.locale, seen_at = app_now()
        returning u.id
        """,
        {
            "public_id": ids.public_id(),
            "site": site_id,
            "shop": shop_id if account else None,
            "subject": account.subject if account else None,
            "name": printable(account.name)[:80] if account else "",
            "tier": printable(account.tier)[:20] if account else "",
            "locale": locale,
        },
    )
    return await by_id(tx, found["id"])


async def by_id(tx: Tx, customer_id: int) -> Customer:
    """The customer with this row number."""
    return await tx.one(SELECT + "where u.id = %s", (customer_id,), into=Customer)


async def claim(tx: Tx, sealer: Sealer, customer: Customer, value: str) -> Customer:
    """Keep what a visitor says it is registered as: a mainland mobile number or a user name.

    Raises Invalid for anything shorter than 2 or longer than 64 characters.
    """
    value = printable(value).strip()
    if not 2 <= len(value) <= 64:
        raise Invalid(field="value", reason="length")
    phone = _PHONE.fullmatch(re.sub(r"[\s\-]", "", value))
    kind, kept = ("phone", phone[1]) if phone else ("user_name", value)
    await tx.run(
        "update customer set claim_kind = %s, claim_sealed = %s, claim_masked = %s where id = %s",
        (kind, sealer.seal(kept.encode(), CLAIM_PURPOSE), _masked(kind, kept), customer.id),
    )
    return await by_id(tx, customer.id)


def _masked(kind: str, value: str) -> str:
    if kind == "phone":
        return f"{value[:3]}••••{value[-4:]}"
    return f"{value[0]}••{value[-1] if len(value) > 2 else ''}"

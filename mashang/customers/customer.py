"""A customer: a visitor without proof, or an account of a shop, proved.

An account is proved by the shop's signed token, and a visitor to be an account, for a
while, by a one-time code of the shop's (`proof`); the same account on two browsers is one
customer.  It is an account of the shop, on all its sites; of the site, where no shop's
system is connected.  What a visitor types about itself is a claim: sealed at rest, shown
masked, and never used to look up anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import msgspec

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Invalid
from mashang.kit.events import Event
from mashang.kit.sealing import Sealer
from mashang.kit.text import printable
from mashang.shops import contract
from mashang.shops.token import ShopCustomer

CLAIM_PURPOSE = "customers.claim"
_PHONE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")

# The account row that a customer `u` is to the staff: its own, else the one it proved to be, else was joined to.
# As scalar questions, because a list asks it of a few rows and must not have the others worked out.
ACCOUNT_OF = """(case when u.subject is not null then u.id else coalesce(
    (select p.account_id from proof p where p.customer_id = u.id and p.method = 'one_time_code'
        and p.ended_at is null and p.expires_at > app_now() order by p.id desc limit 1),
    (select s.account_id from same_as s where s.visitor_id = u.id and s.undone_at is null)) end)"""

SELECT = """
    select u.id, u.public_id, u.site_id, a.shop_id, a.subject, coalesce(a.name, '') as name,
        coalesce(a.tier, '') as tier, u.claim_kind, u.claim_masked, u.locale,
        u.subject is not null as signed_in, a.id as account_id, k.proved_until,
        coalesce(o.orders, '{}') as proved_orders, coalesce(o.whole, '{}') as whole_orders,
        o.shop_id as orders_shop_id,
        coalesce(u.no_offers_since, a.no_offers_since) is null as wants_offers,
        array(
            select u.id
            union select s.visitor_id from same_as s
            where s.account_id = a.id and s.undone_at is null and (u.id = a.id or k.joined_to = a.id)
            union select a.id where k.joined_to = a.id
        ) as family,
        exists (
            select from customer_block b where b.customer_id in (u.id, k.account_id)
                and b.lifted_at is null and (b.until is null or b.until > app_now())
        ) as is_blocked
    from customer u
    join customer_standing k on k.id = u.id
    left join customer a on a.id = k.account_id and k.proved_by <> 'joined'
    left join lateral (
        select array_agg(distinct p.order_number) as orders, p.shop_id,
            array_agg(distinct p.order_number) filter (where p.method = 'look_up_password') as whole
        from proof p join site s on s.id = u.site_id and s.shop_id = p.shop_id
        where p.customer_id = u.id and p.order_number is not null and p.ended_at is null
            and p.expires_at > app_now()
        group by p.shop_id
    ) o on true
"""


class StandingChanged(Event, frozen=True):
    """What this customer proved, or whom it was joined to, is another since the commit."""

    customer_id: int


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `customer` as it stands now; `subject` is the shop's id of the account it is proved to be.

    `account_id` is that account's row (its own, when it `signed_in` by a token), `proved_orders` are
    orders of `orders_shop_id` whose status may be told, `whole_orders` those that may be told whole,
    `family` the rows whose conversations are its own.
    `is_blocked`: it may not open conversations or write now (`blocks`).  `wants_offers`: has not said otherwise.
    """

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
    signed_in: bool = False
    account_id: int | None = None
    proved_until: datetime | None = None
    proved_orders: Sequence[str] = ()
    whole_orders: Sequence[str] = ()
    orders_shop_id: int | None = None
    family: Sequence[int] = ()
    is_blocked: bool = False
    wants_offers: bool = True

    @property
    def proved(self) -> bool:
        """Did the shop vouch for who this is?"""
        return self.subject is not None

    @property
    def may_lose_rights(self) -> bool:
        """Does it stand otherwise later, while its session lasts: a proof or a block ends, or a join is undone?"""
        return (
            self.is_blocked or len(self.family) > 1 or bool(self.proved_orders) or (self.proved and not self.signed_in)
        )

    def holds(self, customer_id: int) -> bool:
        """Is this row its own, or joined to it?"""
        return customer_id == self.id or customer_id in self.family


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


async def account_of(tx: Tx, visitor: Customer, shop_id: int, subject: str, told: contract.Account | None) -> int:
    """The row of an account that a visitor proved to be; name and tier as the shop told them, if it did."""
    row = await tx.one(
        """
        insert into customer as u (public_id, site_id, shop_id, subject, name, tier, locale)
        values (%(public_id)s, %(site)s, %(shop)s, %(subject)s, %(name)s, %(tier)s, %(locale)s)
        on conflict (shop_id, subject) do update set seen_at = app_now(),
            name = coalesce(nullif(excluded.name, ''), u.name),
            tier = case when %(told)s then excluded.tier else u.tier end
        returning u.id
        """,
        {
            "public_id": ids.public_id(),
            "site": visitor.site_id,
            "shop": shop_id,
            "subject": subject,
            "name": printable(told.name)[:80] if told else "",
            "tier": printable(told.tier)[:20] if told else "",
            "told": told is not None,
            "locale": visitor.locale,
        },
    )
    account_id: int = row["id"]
    return account_id


async def of_account(tx: Tx, site_id: int, shop_id: int | None, subject: str) -> Customer | None:
    """The customer that this account is, if it was ever here."""
    customer_id = await tx.value(
        "select id from customer where subject = %(subject)s and case when %(shop)s::bigint is not null"
        " then shop_id = %(shop)s else shop_id is null and site_id = %(site)s end",
        {"subject": subject, "shop": shop_id, "site": site_id},
    )
    return await by_id(tx, customer_id) if customer_id else None


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
    kept = as_registered(value)
    kind = "phone" if _PHONE.fullmatch(kept) else "user_name"
    await tx.run(
        "update customer set claim_kind = %s, claim_sealed = %s, claim_masked = %s where id = %s",
        (kind, sealer.seal(kept.encode(), CLAIM_PURPOSE), _masked(kind, kept), customer.id),
    )
    return await by_id(tx, customer.id)


def as_registered(typed: str) -> str:
    """A telephone as its eleven digits, whatever its spaces, width and country code; a name as it was typed."""
    shown = (one for one in printable(typed) if unicodedata.category(one) != "Cf")  # nothing that nobody sees
    value = unicodedata.normalize("NFKC", "".join(shown)).strip()
    phone = _PHONE.fullmatch(re.sub(r"[\s\-]", "", value))
    return phone[1] if phone else value


def _masked(kind: str, value: str) -> str:
    if kind == "phone":
        return f"{value[:3]}••••{value[-4:]}"
    last = min(4, len(value) // 3)  # enough to compare with what somebody says, less than half of it
    return f"{value[0]}••{value[-last:] if last else ''}"

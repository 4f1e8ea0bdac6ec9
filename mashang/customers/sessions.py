"""A widget's or phone page's session: a bearer secret of 256 random bits.

Stored hashed.  A visitor's lasts 30 days from its last use; an account's 12
hours, because the shop's sign-out cannot reach us and its token was short-lived.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from mashang.customers import customer
from mashang.customers.customer import Customer
from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotSignedIn
from mashang.kit.events import Event

VISITOR_LASTS = timedelta(days=30)
ACCOUNT_LASTS = timedelta(hours=12)


class Session(msgspec.Struct, frozen=True):
    """A live session, who holds it and on which site.

    `beside_a_block`: it began among addresses from which no visitor may open anything for a time (`blocks`).
    """

    customer: Customer
    site_id: int
    token_hash: bytes
    expires_at: datetime
    beside_a_block: bool = False


class CustomerSessionEnded(Event, frozen=True):
    """A customer signed out of one browser."""

    customer_id: int
    token_hash: bytes


async def begin(
    tx: Tx, who: Customer, site_id: int, *, address_block: str | None = None, continued_from: bytes | None = None
) -> str:
    """A new session; its secret is told once, here.

    `address_block` is where it begins.  One that is continued from another, by its digest, ends with it
    and, of an account, no later.
    """
    secret = ids.secret()
    await tx.run(
        """
        insert into customer_session (
            token_hash, customer_id, site_id, address_block, public_id, continued_from, expires_at)
        values (%(hash)s, %(customer)s, %(site)s, %(address)s, %(public_id)s, %(from)s,
            least(app_now() + %(lasts)s, case when %(is_account)s then (
                select expires_at from customer_session where token_hash = %(from)s
            ) end))
        """,
        {
            "hash": ids.digest(secret),
            "customer": who.id,
            "site": site_id,
            "address": address_block,
            "lasts": ACCOUNT_LASTS if who.signed_in else VISITOR_LASTS,
            "is_account": who.signed_in,
            "public_id": ids.public_id(),
            "from": continued_from,
        },
    )
    return secret


async def resume(tx: Tx, secret: str) -> Session:
    """The session behind a secret, its end pushed out for visitors; raises NotSignedIn."""
    if not 20 <= len(secret) <= 100:
        raise NotSignedIn
    token_hash = ids.digest(secret)
    row = await tx.first(
        """
        select s.customer_id, s.site_id, s.expires_at, s.expires_at < app_now() + %s as is_old, exists (
            select from customer_block b where b.address_block = s.address_block
                and b.lifted_at is null and b.until > app_now()
        ) as beside_a_block
        from customer_session s where s.token_hash = %s and s.expires_at > app_now()
        """,
        (VISITOR_LASTS - timedelta(days=1), token_hash),
    )
    if row is None:
        raise NotSignedIn
    who = await customer.by_id(tx, row["customer_id"])
    if row["is_old"] and not who.signed_in:  # at most once a day: a request must not cost a write
        row["expires_at"] = await tx.value(
            "update customer_session set expires_at = app_now() + %s where token_hash = %s returning expires_at",
            (VISITOR_LASTS, token_hash),
        )
    return Session(who, row["site_id"], token_hash, row["expires_at"], row["beside_a_block"])


async def end(tx: Tx, session: Session) -> None:
    """Sign out: the secret is worthless from now on, and so are the sockets that were opened with it."""
    await end_all(tx, session.token_hash)


async def end_all(tx: Tx, token_hash: bytes) -> None:
    """This session and what was continued from it, and from that."""
    ended = await tx.all(
        """
        with recursive family as (
            select token_hash from customer_session where token_hash = %s
            union
            select s.token_hash from customer_session s join family f on s.continued_from = f.token_hash
        )
        delete from customer_session s using family f where s.token_hash = f.token_hash
        returning s.customer_id, s.token_hash
        """,
        (token_hash,),
    )
    for row in ended:
        tx.emit(CustomerSessionEnded(row["customer_id"], bytes(row["token_hash"])))


async def sweep(tx: Tx) -> int:
    """Forget sessions that have ended; how many."""
    return await tx.run("delete from customer_session where expires_at < app_now()")

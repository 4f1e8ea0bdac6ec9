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
    """A live session, who holds it and on which site."""

    customer: Customer
    site_id: int
    token_hash: bytes
    expires_at: datetime


class CustomerSessionEnded(Event, frozen=True):
    """A customer signed out of one browser."""

    customer_id: int
    token_hash: bytes


async def begin(tx: Tx, who: Customer, site_id: int) -> str:
    """A new session; its secret is told once, here."""
    secret = ids.secret()
    await tx.run(
        """
        insert into customer_session (token_hash, customer_id, site_id, expires_at)
        values (%s, %s, %s, app_now() + %s)
        """,
        (ids.digest(secret), who.id, site_id, ACCOUNT_LASTS if who.signed_in else VISITOR_LASTS),
    )
    return secret


async def resume(tx: Tx, secret: str) -> Session:
    """The session behind a secret, its end pushed out for visitors; raises NotSignedIn."""
    if not 20 <= len(secret) <= 100:
        raise NotSignedIn
    token_hash = ids.digest(secret)
    row = await tx.first(
        """
        select s.customer_id, s.site_id, s.expires_at, s.expires_at < app_now() + %s as is_old
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
    return Session(who, row["site_id"], token_hash, row["expires_at"])


async def end(tx: Tx, session: Session) -> None:
    """Sign out: the secret is worthless from now on, and so are the sockets that were opened with it."""
    await tx.run("delete from customer_session where token_hash = %s", (session.token_hash,))
    tx.emit(CustomerSessionEnded(session.customer.id, session.token_hash))


async def sweep(tx: Tx) -> int:
    """Forget sessions that have ended; how many."""
    return await tx.run("delete from customer_session where expires_at < app_now()")

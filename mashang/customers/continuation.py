"""Going on in another browser: from the computer to the phone, or back, as the same customer.

A link carries a secret of 256 random bits, stored as a digest, good for `LASTS` and once.  Whoever opens it
gets a session of their own; the first page keeps its session, sees that it was continued, and can end it.
What was continued ends with what it came from: who signs out at the shop signs out everywhere, and no
session outlives the account's.

A new link ends the one before it.  Used and expired are told apart: nobody guesses 256 bits, and
whoever holds a link that is over deserves to know why.

Does not: build the link or draw its code (the web door does).
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from mashang.customers import customer, sessions
from mashang.customers.customer import Customer
from mashang.customers.sessions import Session
from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, Refusal

LASTS = timedelta(minutes=10)
_EXPLAINED_FOR = timedelta(days=1)


class LinkUsed(Refusal):
    """Somebody has gone on with this link already."""

    status, code = 410, "link_used"


class LinkExpired(Refusal):
    """The link's time is over, a newer one has replaced it, or there never was such a link."""

    status, code = 410, "link_expired"


class Offered(msgspec.Struct, frozen=True):
    """A link; its secret is told once, here."""

    secret: str
    expires_at: datetime


class Behind(msgspec.Struct, frozen=True):
    """Who goes on, on which site, and until when the link is good."""

    customer: Customer
    site_id: int
    expires_at: datetime


class Continued(msgspec.Struct, frozen=True):
    """A session that was begun by a link of this one."""

    id: str
    began_at: datetime


async def offer(tx: Tx, session: Session) -> Offered:
    """A link by which another browser goes on with this session's customer."""
    await tx.run(
        "delete from continuation where session_hash = %s and used_at is null",
        (session.token_hash,),
    )
    secret = ids.secret()
    expires_at: datetime = await tx.value(
        """
        insert into continuation (secret_hash, session_hash, expires_at)
        values (%s, %s, least(app_now() + %s, %s)) returning expires_at
        """,
        (ids.digest(secret), session.token_hash, LASTS, session.expires_at),
    )
    return Offered(secret, expires_at)


async def look(tx: Tx, secret: str) -> Behind:
    """Who would go on; uses nothing up.  Raises LinkUsed, LinkExpired."""
    row = await tx.first(
        """
        select s.customer_id, s.site_id, l.expires_at, l.used_at, l.expires_at > app_now() as is_good
        from continuation l join customer_session s on s.token_hash = l.session_hash and s.expires_at > app_now()
        where l.secret_hash = %s
        """,
        (ids.digest(secret),),
    )
    if row is None:
        raise LinkExpired
    if row["used_at"] is not None:
        raise LinkUsed
    if not row["is_good"]:
        raise LinkExpired
    return Behind(await customer.by_id(tx, row["customer_id"]), row["site_id"], row["expires_at"])


async def take(tx: Tx, secret: str) -> tuple[str, Behind]:
    """Go on: the secret of a session of one's own, and whose it is.  Raises LinkUsed, LinkExpired."""
    found = await look(tx, secret)
    used = await tx.first(
        """
        update continuation set used_at = app_now() where secret_hash = %s and used_at is null
        returning session_hash
        """,
        (ids.digest(secret),),
    )
    if used is None:  # two at one moment: the second waited for the first
        raise LinkUsed
    return await sessions.begin(tx, found.customer, found.site_id, continued_from=used["session_hash"]), found


async def continued(tx: Tx, session: Session) -> list[Continued]:
    """The live sessions that were begun by links of this one, newest first."""
    return await tx.all(
        """
        select public_id as id, created_at as began_at from customer_session
        where continued_from = %s and expires_at > app_now() order by created_at desc, public_id
        """,
        (session.token_hash,),
        into=Continued,
    )


async def end(tx: Tx, session: Session, public_id: str) -> None:
    """End what was continued elsewhere; raises NotFound."""
    token_hash = await tx.value(
        "select token_hash from customer_session where continued_from = %s and public_id = %s",
        (session.token_hash, public_id),
    )
    if token_hash is None:
        raise NotFound
    await sessions.end_all(tx, token_hash)


async def sweep(tx: Tx) -> int:
    """Forget links that nobody will ask about any more; how many."""
    return await tx.run("delete from continuation where expires_at < app_now() - %s", (_EXPLAINED_FOR,))

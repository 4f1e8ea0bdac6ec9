"""A visitor and an account are the same person: said by the customer, kept beside both, undone at any time.

After a sign-in or a one-time code the customer is asked whether what was said as a visitor
belongs to the account.  With a yes there is one row here, and the account sees both; nobody's
conversations, entries or claims are rewritten, so that taking the row away is all there is
to undoing it.  A visitor belongs to one account at most.

The visitor's own session gains nothing by it that its proof did not give.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from mashang.customers import customer
from mashang.customers.customer import Customer, StandingChanged
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict, NotFound


class Joined(msgspec.Struct, frozen=True):
    """A visitor that belongs to the account, by public id."""

    id: str
    joined_at: datetime


class NotProvedToBe(Conflict):
    """Joining needs a proof of the account: sign in, or enter a one-time code."""

    code = "not_proved_to_be"


def may_join(who: Customer) -> bool:
    """Is this a visitor that proved to be an account it was not joined to: is there anything to ask?"""
    return not who.signed_in and who.account_id is not None and who.account_id not in who.family


async def join(tx: Tx, visitor: Customer, account: Customer) -> Customer:
    """This visitor is that account; the caller holds sessions of both.  The account, who sees both now.

    Raises NotProvedToBe.
    """
    if visitor.signed_in or account.account_id is None or visitor.id == account.account_id:
        raise NotProvedToBe(reason="not_proved")
    await tx.run("select from customer where id = %s for no key update", (visitor.id,))  # of two accounts at once, one
    await tx.run(
        "update same_as set undone_at = app_now() where visitor_id = %s and account_id <> %s and undone_at is null",
        (visitor.id, account.account_id),
    )
    await tx.run(
        "insert into same_as (visitor_id, account_id) values (%s, %s) on conflict do nothing",
        (visitor.id, account.account_id),
    )
    tx.emit(StandingChanged(visitor.id))
    tx.emit(StandingChanged(account.account_id))
    return await customer.by_id(tx, account.id)


async def is_joined(tx: Tx, visitor: Customer) -> bool:
    """Does what this visitor writes belong to an account?"""
    return bool(
        await tx.value("select exists (select from same_as where visitor_id = %s and undone_at is null)", (visitor.id,))
    )


async def part(tx: Tx, who: Customer, visitor_public_id: str) -> Customer:
    """Undo it, from either side: the account's, or the visitor's own.  Raises NotFound."""
    row = await tx.first(
        """
        update same_as s set undone_at = app_now() from customer u
        where u.id = s.visitor_id and u.public_id = %(visitor)s and s.undone_at is null
            and (s.account_id = %(account)s or s.visitor_id = %(who)s)
        returning s.visitor_id
        """,
        {"visitor": visitor_public_id, "account": who.account_id, "who": who.id},
    )
    if row is None:
        raise NotFound
    tx.emit(StandingChanged(row["visitor_id"]))
    return await customer.by_id(tx, who.id)


async def joined_to(tx: Tx, who: Customer) -> list[Joined]:
    """The visitors that belong to this customer's account."""
    return await tx.all(
        """
        select u.public_id as id, s.joined_at
        from same_as s join customer u on u.id = s.visitor_id
        where s.account_id = %s and s.undone_at is null order by s.id
        """,
        (who.account_id,),
        into=Joined,
    )

"""The first operator: a link with a secret, shown once by `bin/up`.

It is valid for a day and for one use, and only while nobody is operator; a new link makes the
one before it worthless.  There is no default password and no open sign-up page.
"""

from __future__ import annotations

from datetime import timedelta

from mashang.kit import ids
from mashang.kit.db import Database, Tx
from mashang.kit.errors import Refusal
from mashang.staff import agents
from mashang.staff.agents import Agent, AgentDraft

VALID_FOR = timedelta(days=1)


class FirstRunOver(Refusal):
    """The link was used, has expired, never existed, or an operator is there already."""

    status, code = 410, "first_run_over"


async def awaited(tx: Tx) -> bool:
    """Whether the installation still has no operator."""
    return not await tx.value("select exists (select from agent where role = 'operator' and archived_at is null)")


async def new_link(tx: Tx) -> str:
    """A secret for the link; raises FirstRunOver when there is an operator."""
    if not await awaited(tx):
        raise FirstRunOver
    secret = ids.secret()
    await tx.run("delete from first_run_link")
    await tx.run(
        "insert into first_run_link (secret_hash, expires_at) values (%s, app_now() + %s)",
        (ids.digest(secret), VALID_FOR),
    )
    return secret


async def link_if_awaited(db: Database) -> str:
    """A new secret for whoever starts the program to print; empty when there is an operator."""
    async with db.transaction() as tx:
        return await new_link(tx) if await awaited(tx) else ""


async def is_valid(tx: Tx, secret: str) -> bool:
    """Whether the link could still be used."""
    fresh = await tx.value(
        "select 1 from first_run_link where secret_hash = %s and used_at is null and expires_at > app_now()",
        (ids.digest(secret),),
    )
    return bool(fresh) and await awaited(tx)


async def claim(tx: Tx, secret: str, login: str, name: str, password: str) -> Agent:
    """Become the first operator; raises FirstRunOver, PasswordTooShort, PasswordTooCommon, LoginTaken."""
    # Using the link first locks its row: of two that come at once, one finds it used.
    used = await tx.run(
        """
        update first_run_link set used_at = app_now()
        where secret_hash = %s and used_at is null and expires_at > app_now()
        """,
        (ids.digest(secret),),
    )
    if not used or not await awaited(tx):
        raise FirstRunOver
    return await agents.create(tx, None, AgentDraft(login=login, name=name, role="operator", password=password))

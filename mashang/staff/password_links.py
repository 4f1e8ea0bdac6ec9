"""A new password for somebody who forgot theirs: a one-time link that an operator makes and hands over.

Good for a day and for one use; a new link makes those before it worthless.  There is no e-mail yet, and an operator
who never learns the password cannot use it.  Using the link ends every session of that person; a second factor stays.

Does not: sign anybody in.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import Refusal
from mashang.staff import agents, audit
from mashang.staff.agents import Agent
from mashang.staff.audit import Actor

VALID_FOR = timedelta(days=1)


class PasswordLinkOver(Refusal):
    """The link was used, has expired, was replaced, or never existed."""

    status, code = 410, "password_link_over"


class Whose(msgspec.Struct, frozen=True):
    """For whom a link is."""

    name: str
    login: str


_GOOD = """
    from password_link l join agent a on a.id = l.agent_id
    where l.secret_hash = %s and l.used_at is null and l.expires_at > app_now() and a.archived_at is null
"""


async def make(tx: Tx, by: Actor | None, agent: Agent) -> str:
    """The secret of a link for this person, which is stored nowhere."""
    secret = ids.secret()
    await tx.run("delete from password_link where agent_id = %s", (agent.id,))
    await tx.run(
        "insert into password_link (secret_hash, agent_id, made_by, expires_at) values (%s, %s, %s, app_now() + %s)",
        (ids.digest(secret), agent.id, by.id if by else None, VALID_FOR),
    )
    await audit.record(tx, by, "password_link.made", agent.public_id)
    return secret


async def whose(tx: Tx, secret: str) -> Whose:
    """For whom it is; raises PasswordLinkOver."""
    found = await tx.first(f"select a.name, a.login {_GOOD}", (ids.digest(secret),), into=Whose)
    if found is None:
        raise PasswordLinkOver
    return found


async def use(tx: Tx, secret: str, password: str) -> None:
    """Choose the new password; raises PasswordLinkOver, PasswordTooShort, PasswordTooCommon."""
    public_id = await tx.value(f"select a.public_id {_GOOD} for update of l", (ids.digest(secret),))
    if public_id is None:
        raise PasswordLinkOver
    agent = await agents.find(tx, public_id)
    await agents.set_password(tx, agent, agent, password)
    await tx.run("update password_link set used_at = app_now() where secret_hash = %s", (ids.digest(secret),))


async def forget_old(tx: Tx) -> int:
    """Sweep: links that are over."""
    return await tx.run("delete from password_link where expires_at < app_now()")

"""Sessions of the staff: rows on our side, a random secret in a cookie on theirs.

A session ends after twelve hours without use, after seven days whatever happens, at sign-out,
when the password is reset, and with the employment.  Ended rows stay a month: sign-in asks
them from which addresses somebody usually comes.

On https the cookie is `__Host-mashang_staff` with Secure; on plain http, where browsers refuse
that prefix, `mashang_staff`.  Always HttpOnly and SameSite=Lax; forged requests are stopped
by the CSRF token, not by the cookie.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from litestar.datastructures import Cookie

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotFound, NotSignedIn
from mashang.kit.settings import Settings
from mashang.staff import agents, audit
from mashang.staff.agents import Agent
from mashang.staff.events import StaffSessionsEnded
from mashang.staff.second_factor import SecondFactorMissing

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
REMEMBERED = timedelta(days=30)
_TOUCHED_EVERY = timedelta(minutes=1)


async def start(tx: Tx, agent_id: int, address: str, user_agent: str) -> str:
    """Begin a session; answers the secret for the cookie, which is stored nowhere."""
    secret = ids.secret()
    await tx.run(
        """
        insert into staff_session (token_hash, agent_id, expires_at, address, user_agent)
        values (%s, %s, app_now() + %s, %s, %s)
        """,
        (ids.digest(secret), agent_id, IDLE, address, user_agent[:300].replace("\0", "")),
    )
    return secret


class Here(msgspec.Struct, frozen=True):
    """A session as its owner sees it; `current` is the one that asks."""

    id: str
    address: str
    user_agent: str
    created_at: datetime
    seen_at: datetime
    current: bool


async def agent_in(tx: Tx, secret: str | None, *, unequipped: bool = False) -> Agent:
    """Whose session this is, and keep it alive; raises NotSignedIn.

    Raises SecondFactorMissing, which is one, for whoever must set up a second factor first; not when `unequipped`,
    for the pages where that is done.  The expiry moves at most once a minute: a request must not cost a write.
    """
    row = secret and await tx.first(
        "with touched as ("
        + _TOUCH
        + ")"
        + agents.SELECT.replace("from agent a", f", {_UNEQUIPPED} as unequipped from agent a")
        + """
        join staff_session s on s.agent_id = a.id
        where s.token_hash = %(hash)s and s.expires_at > app_now() and a.archived_at is null
        """,
        {"hash": ids.digest(secret), "idle": IDLE, "longest": LONGEST, "every": _TOUCHED_EVERY},
    )
    if not row:
        raise NotSignedIn
    if row.pop("unequipped") and not unequipped:
        raise SecondFactorMissing
    return agents.agent_of(row)


_UNEQUIPPED = """
    exists (select from second_factor_rule r where r.role = a.role)
    and not exists (select from second_factor f where f.agent_id = a.id and f.confirmed_at is not null)
"""
_TOUCH = """
    update staff_session
    set seen_at = app_now(), expires_at = least(app_now() + %(idle)s, created_at + %(longest)s)
    where token_hash = %(hash)s and expires_at > app_now() and seen_at < app_now() - %(every)s
"""


async def end(tx: Tx, secret: str) -> None:
    """Sign out; open sockets close at once."""
    agent_id = await tx.value(
        """
        update staff_session set expires_at = app_now() where token_hash = %s and expires_at > app_now()
        returning agent_id
        """,
        (ids.digest(secret),),
    )
    if agent_id is not None:
        tx.emit(StaffSessionsEnded(agent_id))


async def of(tx: Tx, agent: Agent, secret: str) -> list[Here]:
    """Where somebody is signed in, the latest sign-in first; `secret` is of the session that asks."""
    return await tx.all(
        """
        select left(encode(token_hash, 'hex'), 16) as id, address, user_agent, created_at, seen_at,
               token_hash = %s as current
        from staff_session where agent_id = %s and expires_at > app_now() order by created_at desc
        """,
        (ids.digest(secret), agent.id),
        into=Here,
    )


async def end_others(tx: Tx, agent: Agent, secret: str, id: str | None = None) -> None:
    """End one's other sessions, or the one of this id; never the one that asks.  Raises NotFound."""
    ended = await tx.run(
        """
        update staff_session set expires_at = app_now()
        where agent_id = %(agent)s and expires_at > app_now() and token_hash <> %(mine)s
          and (%(id)s::text is null or left(encode(token_hash, 'hex'), 16) = %(id)s)
        """,
        {"agent": agent.id, "mine": ids.digest(secret), "id": id},
    )
    if not ended and id is not None:
        raise NotFound
    if ended:
        await audit.record(tx, agent, "agent.sessions_ended", agent.public_id, after={"sessions": ended})
        tx.emit(StaffSessionsEnded(agent.id))


async def forget_ended(tx: Tx) -> int:
    """Sweep: delete sessions that ended a month ago."""
    return await tx.run("delete from staff_session where expires_at < app_now() - %s", (REMEMBERED,))


def cookie_name(settings: Settings) -> str:
    """The cookie's name, which depends on whether we are reached over https."""
    return "__Host-mashang_staff" if settings.https else "mashang_staff"


def secret_in(cookies: Mapping[str, str], settings: Settings) -> str | None:
    """The session secret among a request's or socket's cookies."""
    return cookies.get(cookie_name(settings))


def cookie(secret: str, settings: Settings) -> Cookie:
    """The cookie that carries a session."""
    return Cookie(
        key=cookie_name(settings),
        value=secret,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.https,
        max_age=int(LONGEST.total_seconds()),
    )


def no_cookie(settings: Settings) -> Cookie:
    """The cookie that removes it."""
    return Cookie(
        key=cookie_name(settings), value="", path="/", httponly=True, samesite="lax", secure=settings.https, max_age=0
    )

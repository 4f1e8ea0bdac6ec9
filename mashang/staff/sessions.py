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
from datetime import timedelta

from litestar.datastructures import Cookie

from mashang.kit import ids
from mashang.kit.db import Tx
from mashang.kit.errors import NotSignedIn
from mashang.kit.settings import Settings
from mashang.staff import agents
from mashang.staff.agents import Agent
from mashang.staff.events import StaffSessionsEnded

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


async def agent_in(tx: Tx, secret: str | None) -> Agent:
    """Whose session this is, and keep it alive; raises NotSignedIn.

    The expiry moves at most once a minute: a request must not cost a write.
    """
    row = secret and await tx.first(
        "with touched as ("
        + _TOUCH
        + ")"
        + agents.SELECT
        + """
        join staff_session s on s.agent_id = a.id
        where s.token_hash = %(hash)s and s.expires_at > app_now() and a.archived_at is null
        """,
        {"hash": ids.digest(secret), "idle": IDLE, "longest": LONGEST, "every": _TOUCHED_EVERY},
    )
    if not row:
        raise NotSignedIn
    return agents.agent_of(row)


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

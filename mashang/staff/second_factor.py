"""The second factor of the staff: six digits of an app beside the password (TOTP, RFC 6238).

The secret is shown once, as a QR code and in letters, and counts only when a code of it was typed: nobody is locked
out by a phone that did not scan.  A code is taken at its own half minute or the one before or after, for clocks that
are a little off, and never twice, nor an older one after it.  Ten recovery codes stand in for a lost phone, once each.

Operators may ask it of whole roles: whoever has none then can do nothing but set it up (`SecondFactorMissing`).

Does not: count wrong codes (`sign_in`), or replace the password.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from typing import Any, Literal

import msgspec
import pyotp

from mashang.kit import clock, ids
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict, NotSignedIn, Refusal
from mashang.kit.sealing import Sealer
from mashang.staff import audit
from mashang.staff.agents import Agent, Role
from mashang.staff.audit import Actor
from mashang.staff.events import StaffSessionsEnded

PURPOSE, _RECOVERY = "staff.second_factor", "staff.recovery_code"
RECOVERY_CODES = 10
_STEP = 30  # seconds
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike
_MADE_OF = 10  # letters a recovery code: 49 random bits, kept as a keyed hash

State = Literal["on", "off", "missing"]


class SecondFactorAsked(Refusal):
    """Login and password are right; a code is wanted as well."""

    status, code = 401, "second_factor_asked"


class SecondFactorWrong(Refusal):
    """Not a code of now, one that was used before, or no recovery code."""

    status, code = 401, "second_factor_wrong"


class SecondFactorMissing(NotSignedIn):
    """One's role must have a second factor, and one has none yet: set it up first."""

    code = "second_factor_missing"


class SecondFactorDemanded(Conflict):
    """One's role must have it: it cannot be switched off."""

    code = "second_factor_demanded"


class SecondFactorOn(Conflict):
    """It is on already: switch it off first."""

    code = "second_factor_on"


class Offered(msgspec.Struct, frozen=True):
    """A secret to take into an app: in letters, and as the address that a QR code carries."""

    secret: str
    uri: str


async def state(tx: Tx, agent: Agent) -> State:
    """On, off, or missing where the role must have it."""
    row = await tx.one(
        """
        select exists (select from second_factor where agent_id = %s and confirmed_at is not null) as confirmed,
               exists (select from second_factor_rule where role = %s) as demanded
        """,
        (agent.id, agent.role),
    )
    return "on" if row["confirmed"] else "missing" if row["demanded"] else "off"


async def holders(tx: Tx) -> set[int]:
    """Row numbers of those who have it on."""
    return {
        row["agent_id"] for row in await tx.all("select agent_id from second_factor where confirmed_at is not null")
    }


async def recovery_left(tx: Tx, agent_id: int) -> int:
    """How many recovery codes are unused."""
    left: int = await tx.value(
        "select count(*) from recovery_code where agent_id = %s and used_at is null", (agent_id,)
    )
    return left


async def offer(tx: Tx, sealer: Sealer, agent: Agent, issuer: str) -> Offered:
    """A new secret to confirm; one that was offered before is worthless.  Raises SecondFactorOn."""
    if await state(tx, agent) == "on":
        raise SecondFactorOn
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    await tx.run(
        """
        insert into second_factor (agent_id, secret_sealed) values (%s, %s)
        on conflict (agent_id) do update
        set secret_sealed = excluded.secret_sealed, created_at = app_now(), last_step = 0
        """,
        (agent.id, sealer.seal(secret.encode(), PURPOSE)),
    )
    return Offered(secret, pyotp.TOTP(secret).provisioning_uri(name=agent.login, issuer_name=issuer))


async def confirm(tx: Tx, sealer: Sealer, agent: Agent, typed: str) -> list[str]:
    """A code of the offered secret: it is on from now, and these are the recovery codes.  Raises SecondFactorWrong."""
    if await state(tx, agent) == "on":
        raise SecondFactorOn
    if not await _take_code(tx, sealer, agent.id, _plain(typed)):
        raise SecondFactorWrong
    await tx.run("update second_factor set confirmed_at = app_now() where agent_id = %s", (agent.id,))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await tx.run("delete from recovery_code where agent_id = %s", (agent.id,))
    for code in codes:
        await tx.run("insert into recovery_code (agent_id, code_hash) values (%s, %s)", (agent.id, _hash(sealer, code)))
    await audit.record(tx, agent, "second_factor.on", agent.public_id)
    tx.emit(StaffSessionsEnded(agent.id))  # none did: desks that were refused for want of it look again
    return [f"{code[:5]}-{code[5:]}" for code in codes]


async def take(tx: Tx, sealer: Sealer, agent_id: int, typed: str) -> bool:
    """Does this code, or recovery code, let somebody in who has it on?  It does so once."""
    plain = _plain(typed)
    if plain.isdecimal() and len(plain) == 6:
        return await _take_code(tx, sealer, agent_id, plain)
    used = await tx.run(
        "update recovery_code set used_at = app_now() where agent_id = %s and code_hash = %s and used_at is null",
        (agent_id, _hash(sealer, plain)),
    )
    return used == 1


async def switch_off(tx: Tx, by: Agent) -> None:
    """One's own; raises SecondFactorDemanded where the role must have it."""
    if await tx.value("select 1 from second_factor_rule where role = %s", (by.role,)):
        raise SecondFactorDemanded
    if await _forget(tx, by.id):
        await audit.record(tx, by, "second_factor.off", by.public_id)


async def reset(tx: Tx, by: Actor | None, agent: Agent) -> None:
    """Somebody lost phone and codes: the password alone lets them in, until they set it up anew."""
    if await _forget(tx, agent.id):
        await audit.record(tx, by, "second_factor.reset", agent.public_id)


async def demanded(tx: Tx) -> list[Role]:
    """The roles that must have it."""
    return [row["role"] for row in await tx.all("select role from second_factor_rule order by role")]


async def demand(tx: Tx, by: Actor, roles: list[Role]) -> None:
    """From now on these roles must have it, and no others."""
    before = await demanded(tx)
    await tx.run("delete from second_factor_rule")
    await tx.run("insert into second_factor_rule (role) select distinct unnest(%s::text[])", (list(roles),))
    after = await demanded(tx)
    if before != after:
        await audit.record(tx, by, "second_factor.rule", "roles", before={"roles": before}, after={"roles": after})


async def _take_code(tx: Tx, sealer: Sealer, agent_id: int, typed: str) -> bool:
    """Under the row's lock: of two that bring the same code at once, one is too late."""
    row: dict[str, Any] | None = await tx.first(
        "select secret_sealed, last_step from second_factor where agent_id = %s for update", (agent_id,)
    )
    if row is None:
        return False
    known = pyotp.TOTP(sealer.open(bytes(row["secret_sealed"]), PURPOSE).decode())
    now = int(clock.now().timestamp()) // _STEP
    steps = [step for step in (now - 1, now, now + 1) if ids.same(typed, known.generate_otp(step))]
    if not steps or steps[-1] <= row["last_step"]:
        return False
    await tx.run("update second_factor set last_step = %s where agent_id = %s", (steps[-1], agent_id))
    return True


async def _forget(tx: Tx, agent_id: int) -> bool:
    await tx.run("delete from recovery_code where agent_id = %s", (agent_id,))
    return await tx.run("delete from second_factor where agent_id = %s", (agent_id,)) > 0


def _recovery_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_MADE_OF))


def _plain(typed: str) -> str:
    """As it is kept: full-width forms, spaces and hyphens are what fingers and apps add."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed).lower() if letter.isalnum())


def _hash(sealer: Sealer, code: str) -> bytes:
    return sealer.sign(code.encode(), _RECOVERY)

"""Letting a minted code live on: by its proved owner, in its last days or after its end, and not for ever.

Asked for once more, by an impatient second tap or in another tab, it is the same renewal.  A year after it was
minted a code ends for good, for by then pictures of it lie about; its order gets a new one.

Does not: ask the shop whether the order is still good for it (`channels.web`), or mint (`minting`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mashang.codes import minting
from mashang.codes.minting import MintedCode
from mashang.kit import clock
from mashang.kit.db import Tx
from mashang.kit.errors import Conflict
from mashang.kit.sealing import Sealer

NEAR = timedelta(days=7)
PART = 4  # a code that lasts a day is not near its end from the first hour: the last quarter is
LONGEST = timedelta(days=365)


class NotRenewable(Conflict):
    """It cannot live on: `reason` is revoked, used_up, oldest (a year is over), endless or settled (the order is)."""

    code = "code_not_renewable"


def until(code: MintedCode, now: datetime) -> datetime:
    """When it would end, renewed now."""
    return min(now + minting.LASTS, code.minted_at + LONGEST)


def may_be_renewed(code: MintedCode, now: datetime) -> bool:
    """Is there something to offer: has it ended, or is it near its end, and would it live longer?"""
    ends = code.expires_at
    if ends is None or code.state not in ("live", "expired"):
        return False
    near = min(NEAR, (ends - code.minted_at) / PART)
    return ends - now <= near and until(code, now) > max(ends, now)


async def renew(tx: Tx, sealer: Sealer, found: MintedCode) -> MintedCode:
    """With its end moved out; one that is not near its end stays as it is.  Raises NotRenewable."""
    await tx.run("select from minted_code where id = %s for no key update", (found.id,))  # of two at once, one counts
    code, now = await minting.by_id(tx, sealer, found.id), clock.now()
    if not may_be_renewed(code, now):
        if reason := _why_not(code, now):
            raise NotRenewable(reason=reason)
        return code
    await tx.run(
        "update code_reminder set renewed_at = app_now() where minted_code_id = %s and ends_at = %s",
        (code.id, code.expires_at),
    )
    await tx.run(
        "update minted_code set expires_at = %s, renewals = renewals + 1 where id = %s", (until(code, now), code.id)
    )
    return await minting.by_id(tx, sealer, code.id)


def _why_not(code: MintedCode, now: datetime) -> str | None:
    """Why it cannot be renewed, ever; None when it need not be yet."""
    if code.state in ("revoked", "used_up"):
        return code.state
    if code.expires_at is None:
        return "endless"
    return "oldest" if code.minted_at + LONGEST <= max(code.expires_at, now) else None

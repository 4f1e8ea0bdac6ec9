"""The providers connected to a shop: one of each kind, with the shop's own account there.

Settings are told again; keys are sealed and never are.  A provider seen down is left
alone for a while, as a shop is.

Does not: ask (`payments`, `tracking`), or show anything (`provider_api`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mashang.kit import ids
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Conflict, NotFound
from mashang.kit.sealing import Sealer, Unreadable
from mashang.shops import alipay, fields, kuaidi100, wechat_pay
from mashang.shops.providing import Kind, KindName, ProviderFailed, Values
from mashang.shops.shop import DOWN_FOR

KINDS: dict[str, Kind] = {kind.name: kind for kind in (alipay.KIND, wechat_pay.KIND, kuaidi100.KIND)}
SECRET_PURPOSE = "provider secret"  # noqa: S105  # a purpose of kit.sealing, no secret
_COLUMNS = (
    "id, public_id, shop_id, kind, settings, secret_sealed, down_until, last_error, last_answer_at,"
    " coalesce(down_until > app_now(), false) as is_down"
)


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """One provider as stored."""

    id: int
    public_id: str
    shop_id: int
    kind: KindName
    settings: dict[str, str]
    secret_sealed: bytes
    down_until: datetime | None
    last_error: str | None
    last_answer_at: datetime | None
    is_down: bool

    def values(self, sealer: Sealer) -> dict[str, str]:
        """All that was entered; raises ProviderFailed when our key does not open it."""
        try:
            hidden = msgspec.json.decode(sealer.open(self.secret_sealed, SECRET_PURPOSE), type=dict[str, str])
        except Unreadable:
            raise ProviderFailed("secret_unreadable", kind=self.kind) from None
        return {**self.settings, **hidden}


async def of_shop(tx: Tx, shop_id: int, part: str | None = None) -> list[Provider]:
    """Those in use, oldest first; with `part` those that know of it."""
    kinds = [name for name, kind in KINDS.items() if part in (None, kind.part)]
    return await tx.all(
        f"select {_COLUMNS} from provider where shop_id = %s and kind = any(%s) and archived_at is null order by id",
        (shop_id, kinds),
        into=Provider,
    )


async def find(tx: Tx, public_id: str) -> Provider:
    """One in use; raises NotFound."""
    found = await tx.first(
        f"select {_COLUMNS} from provider where public_id = %s and archived_at is null", (public_id,), into=Provider
    )
    if found is None:
        raise NotFound
    return found


async def connect(tx: Tx, sealer: Sealer, shop_id: int, kind: KindName, entered: Values) -> Provider:
    """Connect one; raises Invalid, and Conflict where the shop has one of this kind."""
    values = _checked(kind, entered)
    made = await tx.first(
        "insert into provider (public_id, shop_id, kind, settings, secret_sealed) values (%s, %s, %s, %s, %s)"
        f" on conflict (shop_id, kind) where archived_at is null do nothing returning {_COLUMNS}",
        (ids.public_id(), shop_id, kind, *_stored(sealer, kind, values)),
        into=Provider,
    )
    if made is None:
        raise Conflict(reason="already_connected")
    return made


async def change(tx: Tx, sealer: Sealer, public_id: str, entered: Values) -> Provider:
    """Change one; keys left empty stay.  It is asked at once, whatever the old one did.  Raises NotFound, Invalid."""
    before = await find(tx, public_id)
    try:
        kept = before.values(sealer)
    except ProviderFailed:
        kept = {}  # sealed with another key: it must be entered anew
    settings, sealed = _stored(sealer, before.kind, _checked(before.kind, entered, kept))
    await tx.run(
        "update provider set settings = %s, secret_sealed = %s, down_until = null, last_error = null where id = %s",
        (settings, sealed, before.id),
    )
    return await find(tx, public_id)


async def archive(tx: Tx, sealer: Sealer, public_id: str) -> None:
    """Take one out of use, and forget its keys; raises NotFound."""
    found = await find(tx, public_id)
    nothing = sealer.seal(b"{}", SECRET_PURPOSE)
    await tx.run("update provider set archived_at = app_now(), secret_sealed = %s where id = %s", (nothing, found.id))


async def note_answer(tx: Tx, provider_id: int) -> None:
    """It answered."""
    await tx.run(
        "update provider set last_answer_at = app_now(), down_until = null, last_error = null where id = %s",
        (provider_id,),
    )


async def note_failure(tx: Tx, provider_id: int, failure: ProviderFailed) -> None:
    """It gave no answer that can be used; one that looks down is not asked again for a while."""
    await tx.run(
        "update provider set last_error = %s, down_until = case when %s then app_now() + %s end where id = %s",
        (failure.reason, failure.looks_down, DOWN_FOR, provider_id),
    )


def sealed(kind: str) -> list[str]:
    """The names of the fields that are never told again."""
    return [field.name for field in KINDS[kind].fields if field.is_sealed]


def _checked(kind: str, entered: Values, kept: Values | None = None) -> dict[str, str]:
    """The values to keep; `kept` has the keys of those left empty.  Raises Invalid."""
    before = {name: text for name, text in (kept or {}).items() if name in sealed(kind)}
    values = before | fields.read(KINDS[kind].fields, dict(entered), kept=frozenset(before))
    KINDS[kind].check(values)
    return values


def _stored(sealer: Sealer, kind: str, values: Values) -> tuple[Any, bytes]:
    hidden = {name: values[name] for name in sealed(kind) if name in values}
    told = {name: value for name, value in values.items() if name not in hidden}
    return Json(told), sealer.seal(msgspec.json.encode(hidden), SECRET_PURPOSE)

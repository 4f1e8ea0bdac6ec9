"""A shop: somebody else's system behind a connector, and the key we share with it.

The secret is sealed at rest and told once, when it is made; a new one replaces the
old at once, so a shop is asked with the new one as soon as it has been entered
there.

Does not: ask the shop (`context`, `check`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from mashang.kit import ids
from mashang.kit.db import Json, Tx
from mashang.kit.errors import Conflict, Invalid, NotFound
from mashang.kit.sealing import Sealer
from mashang.shops import contract
from mashang.shops.http import SECRET_PURPOSE, base_url_problem

Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
DOWN_FOR = timedelta(seconds=30)
_COLUMNS = "id, public_id, name, base_url, key_id, secret_sealed, capabilities, down_until, last_error, last_answer_at"


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """One shop as stored."""

    id: int
    public_id: str
    name: str
    base_url: str
    key_id: str
    secret_sealed: bytes
    capabilities: dict[str, Any] | None
    down_until: datetime | None
    last_error: str | None
    last_answer_at: datetime | None


class ShopDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes about a shop."""

    name: Name
    base_url: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class NewSecret(msgspec.Struct, frozen=True):
    """The key a shop and we share; the secret is told this once."""

    key_id: str
    secret: str


async def present(tx: Tx) -> list[Shop]:
    """All shops in use."""
    return await tx.all(f"select {_COLUMNS} from shop where archived_at is null order by id", into=Shop)


async def find(tx: Tx, public_id: str) -> Shop:
    """One shop in use; raises NotFound."""
    found = await tx.first(
        f"select {_COLUMNS} from shop where public_id = %s and archived_at is null", (public_id,), into=Shop
    )
    if found is None:
        raise NotFound
    return found


async def by_key_id(tx: Tx, key_id: str) -> Shop | None:
    """The shop that signs with this key."""
    return await tx.first(
        f"select {_COLUMNS} from shop where key_id = %s and archived_at is null", (key_id,), into=Shop
    )


async def create(tx: Tx, sealer: Sealer, draft: ShopDraft) -> tuple[Shop, NewSecret]:
    """Connect a shop; raises Invalid."""
    key = NewSecret("m" + ids.public_id()[:11], ids.secret())
    made = await tx.one(
        "insert into shop (public_id, name, base_url, key_id, secret_sealed)"
        f" values (%s, %s, %s, %s, %s) returning {_COLUMNS}",
        (ids.public_id(), draft.name.strip(), _base_url(draft), key.key_id, _sealed(sealer, key.secret)),
        into=Shop,
    )
    return made, key


async def edit(tx: Tx, public_id: str, draft: ShopDraft) -> Shop:
    """Change a shop; a new address is asked at once, whatever the old one did.  Raises NotFound, Invalid."""
    before = await find(tx, public_id)
    await tx.run(
        "update shop set name = %(name)s, base_url = %(base_url)s,"
        " down_until = case when base_url = %(base_url)s then down_until end where id = %(id)s",
        {"id": before.id, "name": draft.name.strip(), "base_url": _base_url(draft)},
    )
    return await find(tx, public_id)


async def new_secret(tx: Tx, sealer: Sealer, public_id: str) -> NewSecret:
    """Replace the shared secret; raises NotFound."""
    found = await find(tx, public_id)
    secret = ids.secret()
    await tx.run("update shop set secret_sealed = %s where id = %s", (_sealed(sealer, secret), found.id))
    return NewSecret(found.key_id, secret)


async def archive(tx: Tx, public_id: str) -> None:
    """Take a shop out of use; raises NotFound, and Conflict while a site belongs to it."""
    found = await find(tx, public_id)
    sites = await tx.all("select name from site where shop_id = %s and archived_at is null order by id", (found.id,))
    if sites:
        raise Conflict(reason="in_use", by=[row["name"] for row in sites])
    await tx.run("update shop set archived_at = app_now() where id = %s", (found.id,))


async def note_capabilities(tx: Tx, shop_id: int, capabilities: contract.Capabilities) -> None:
    """Keep what the shop said it can do."""
    await tx.run("update shop set capabilities = %s where id = %s", (Json(msgspec.to_builtins(capabilities)), shop_id))


async def note_answer(tx: Tx, shop_id: int, *, error: str | None) -> None:
    """It answered, perhaps not everything: `error` is the first thing that went wrong."""
    await tx.run(
        "update shop set last_answer_at = app_now(), down_until = null, last_error = %s where id = %s",
        (error, shop_id),
    )


async def note_failure(tx: Tx, shop_id: int, error: str, *, looks_down: bool) -> None:
    """It gave no answer that can be used; one that looks down is not asked again for a while."""
    await tx.run(
        "update shop set last_error = %s, down_until = case when %s then app_now() + %s end where id = %s",
        (error, looks_down, DOWN_FOR, shop_id),
    )


def _base_url(draft: ShopDraft) -> str:
    address = draft.base_url.strip().rstrip("/")
    problem = base_url_problem(address)
    if problem:
        raise Invalid(field="base_url", reason=problem)
    return address


def _sealed(sealer: Sealer, secret: str) -> bytes:
    return sealer.seal(secret.encode(), SECRET_PURPOSE)

"""A shop: somebody else's system behind a connector, and the key we share with it.

The secret is sealed at rest.  Where we make it it is told once, and a new one replaces the
old at once, so a shop is asked with the new one as soon as it has been entered there;
where the operator types it (a database's password) it is never told at all.

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
from mashang.shops import contract, fields
from mashang.shops.adapters import KINDS, KindName
from mashang.shops.http import base_url_problem
from mashang.shops.reach import SECRET_PURPOSE

Name = Annotated[
    str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
DOWN_FOR = timedelta(seconds=30)
_COLUMNS = (
    "id, public_id, name, kind, base_url, settings, customer_actions, actions_a_day, key_id, secret_sealed,"
    " capabilities, down_until, last_error, last_answer_at"
)


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """One shop as stored."""

    id: int
    public_id: str
    name: str
    kind: str
    base_url: str
    settings: dict[str, Any]
    customer_actions: list[contract.Action]
    actions_a_day: int
    key_id: str
    secret_sealed: bytes
    capabilities: dict[str, Any] | None
    down_until: datetime | None
    last_error: str | None
    last_answer_at: datetime | None


class ShopDraft(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator writes about a shop.

    `fields` are those its kind asks for; `customer_actions` what a proved customer may press
    without an agent, at most `actions_a_day` times.
    """

    name: Name
    base_url: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    kind: KindName = "http"
    fields: Annotated[dict[str, str], msgspec.Meta(max_length=20)] = {}
    customer_actions: Annotated[list[contract.Action], msgspec.Meta(max_length=3)] = msgspec.field(
        default_factory=lambda: ["resend"]
    )
    actions_a_day: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3


class NewSecret(msgspec.Struct, frozen=True):
    """The key a shop and we share; the secret is told this once, and empty where it was typed."""

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
    """The shop that signs with this key; one whose secret is a password of its own signs nothing."""
    return await tx.first(
        f"select {_COLUMNS} from shop where key_id = %s and kind = any(%s) and archived_at is null",
        (key_id, [kind.name for kind in KINDS.values() if kind.makes_secret]),
        into=Shop,
    )


async def create(tx: Tx, sealer: Sealer, draft: ShopDraft) -> tuple[Shop, NewSecret]:
    """Connect a shop; raises Invalid."""
    kind = KINDS[draft.kind]
    settings, typed = _read(draft)
    key = NewSecret("m" + ids.public_id()[:11], ids.secret() if kind.makes_secret else "")
    made = await tx.one(
        "insert into shop (public_id, name, kind, base_url, settings, customer_actions, actions_a_day, key_id,"
        f" secret_sealed) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning {_COLUMNS}",
        (
            ids.public_id(),
            draft.name.strip(),
            draft.kind,
            _base_url(draft),
            Json(settings),
            list(dict.fromkeys(draft.customer_actions)),
            draft.actions_a_day,
            key.key_id,
            _sealed(sealer, typed or key.secret),
        ),
        into=Shop,
    )
    return made, key


async def edit(tx: Tx, sealer: Sealer, public_id: str, draft: ShopDraft) -> Shop:
    """Change a shop, not its kind; it is asked anew at once, whatever it did before.  Raises NotFound, Invalid.

    A secret field left empty keeps what is there, unless it would be shown to another server than before.
    """
    before = await find(tx, public_id)
    if draft.kind != before.kind:
        raise Invalid(field="kind", reason="fixed")
    settings, typed = _read(draft, before)
    await tx.run(
        """
        update shop set name = %(name)s, base_url = %(base_url)s, settings = %(settings)s, down_until = null,
            customer_actions = %(actions)s, actions_a_day = %(a_day)s,
            secret_sealed = coalesce(%(sealed)s, secret_sealed)
        where id = %(id)s
        """,
        {
            "id": before.id,
            "name": draft.name.strip(),
            "base_url": _base_url(draft),
            "settings": Json(settings),
            "actions": list(dict.fromkeys(draft.customer_actions)),
            "a_day": draft.actions_a_day,
            "sealed": _sealed(sealer, typed) if typed else None,
        },
    )
    return await find(tx, public_id)


async def new_secret(tx: Tx, sealer: Sealer, public_id: str) -> NewSecret:
    """Replace the shared secret; raises NotFound, and Conflict where it is not ours to make."""
    found = await find(tx, public_id)
    if not KINDS[found.kind].makes_secret:
        raise Conflict(reason="typed")
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


def _read(draft: ShopDraft, before: Shop | None = None) -> tuple[dict[str, Any], str]:
    """What its kind asks for: the settings, and the secret where one was typed."""
    asked = KINDS[draft.kind].fields
    sealed = frozenset(field.name for field in asked if field.is_sealed)
    values = fields.read(asked, draft.fields, kept=sealed if before else frozenset())
    typed = next((str(value) for name, value in values.items() if name in sealed), "")
    settings = {name: value for name, value in values.items() if name not in sealed}
    if (
        before
        and not typed
        and any(settings.get(name) != before.settings.get(name) for name in KINDS[draft.kind].place)
    ):
        raise Invalid(field=next(iter(sealed)), reason="required")
    return settings, typed


def _base_url(draft: ShopDraft) -> str:
    address = draft.base_url.strip().rstrip("/")
    problem = base_url_problem(address)
    if problem:
        raise Invalid(field="base_url", reason=problem)
    return address


def _sealed(sealer: Sealer, secret: str) -> bytes:
    return sealer.seal(secret.encode(), SECRET_PURPOSE)

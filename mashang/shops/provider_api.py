"""Providers over HTTP: which kinds there are, and those of a shop connected, changed, taken out of use, tried.

Keys are entered and never answered: `filled` names those that are there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta

from mashang.kit import i18n
from mashang.kit.db import Database
from mashang.kit.edge import Asking, Id, locale_of, refusals
from mashang.kit.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from mashang.kit.sealing import Sealer
from mashang.shops import providers, shop
from mashang.shops.adapters import Shops
from mashang.shops.fields import Field
from mashang.shops.providers import KINDS, Provider
from mashang.shops.providing import KindName, Part, ProviderFailed, Tested
from mashang.staff import audit
from mashang.staff.agents import Agent
from mashang.staff.permissions import require

Entered = Annotated[
    dict[Annotated[str, Meta(max_length=40)], Annotated[str, Meta(max_length=16_000)]], Meta(max_length=40)
]


class KindView(msgspec.Struct):
    """A kind of provider: its fields, and what it can and cannot do, by the keys of the desk's words."""

    kind: KindName
    part: Part
    fields: list[Field]
    can: list[str]
    cannot: list[str]


class ProviderView(msgspec.Struct):
    """A provider as the administration shows it; `filled` are the keys it holds, `trouble` is `last_error` in words."""

    id: str
    kind: KindName
    values: dict[str, str]
    filled: list[str]
    last_error: str | None
    trouble: str | None
    last_answer_at: datetime | None
    down_until: datetime | None


class NewProvider(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator enters."""

    kind: KindName
    values: Entered


class ProviderChange(msgspec.Struct, forbid_unknown_fields=True):
    """What the operator enters anew; keys left empty stay."""

    values: Entered


class ProviderSubject(msgspec.Struct, forbid_unknown_fields=True):
    """A number the provider knows, for who wants to see it; empty: one that nobody has."""

    reference: Annotated[str, Meta(max_length=64, pattern=r"^[0-9A-Za-z][0-9A-Za-z._|*-]*$|^$")] = ""


class TestedView(msgspec.Struct):
    """One thing that was tried, in the reader's words."""

    name: str
    ok: bool
    detail: str


class ProviderTest(msgspec.Struct):
    """All that was tried; `ok` when each is."""

    ok: bool
    checks: list[TestedView]


_READS = refusals(NotSignedIn, NotAllowed)
_READS_ONE = refusals(NotSignedIn, NotAllowed, NotFound)
_MAKES = refusals(NotSignedIn, NotAllowed, NotFound, Conflict, Invalid)
_CHANGES = refusals(NotSignedIn, NotAllowed, NotFound, Invalid)


@get("/provider-kinds", responses=_READS, sync_to_thread=False)
def list_provider_kinds(agent: NamedDependency[Agent]) -> list[KindView]:
    """What can be connected beside a shop."""
    require(agent, "shops.read")
    return [KindView(one.name, one.part, one.fields, one.can, one.cannot) for one in KINDS.values()]


@get("/shops/{id:str}/providers", responses=_READS_ONE)
async def list_providers(
    request: Asking,
    *,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    id: Id,
) -> list[ProviderView]:
    """The providers of a shop."""
    require(agent, "shops.read")
    async with db.transaction() as tx:
        found = await providers.of_shop(tx, (await shop.find(tx, id)).id)
    return [_view(one, sealer, locale_of(request)) for one in found]


@post("/shops/{id:str}/providers", responses=_MAKES)
async def connect_provider(
    request: Asking,
    *,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[NewProvider],
) -> ProviderView:
    """Connect a provider to a shop; one of each kind."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        made = await providers.connect(tx, sealer, (await shop.find(tx, id)).id, data.kind, data.values)
        after = {"shop": id, "kind": made.kind, **made.settings}
        await audit.record(tx, agent, "provider.connected", made.public_id, after=after)
    return _view(made, sealer, locale_of(request))


@put("/providers/{id:str}", responses=_CHANGES)
async def change_provider(
    request: Asking,
    *,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[ProviderChange],
) -> ProviderView:
    """Change a provider."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        before = await providers.find(tx, id)
        changed = await providers.change(tx, sealer, id, data.values)
        anew = [name for name in providers.sealed(before.kind) if data.values.get(name, "").strip()]
        after = {**changed.settings, **({"replaced": anew} if anew else {})}
        await audit.record(tx, agent, "provider.changed", id, before=dict(before.settings), after=after)
    return _view(changed, sealer, locale_of(request))


@delete("/providers/{id:str}", responses=_READS_ONE)
async def archive_provider(
    db: NamedDependency[Database], sealer: NamedDependency[Sealer], agent: NamedDependency[Agent], id: Id
) -> None:
    """Take a provider out of use; its keys are forgotten."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        before = await providers.find(tx, id)
        await providers.archive(tx, sealer, id)
        gone = {"kind": before.kind, **before.settings}
        await audit.record(tx, agent, "provider.archived", id, before=gone)


@post("/providers/{id:str}/test", status_code=200, responses=_CHANGES)
async def try_provider(
    request: Asking,
    *,
    db: NamedDependency[Database],
    sealer: NamedDependency[Sealer],
    shops: NamedDependency[Shops],
    agent: NamedDependency[Agent],
    id: Id,
    data: JSONBody[ProviderSubject | None] = None,
) -> ProviderTest:
    """Ask it once, and tell how that went."""
    require(agent, "shops.edit")
    async with db.transaction() as tx:
        one = await providers.find(tx, id)
    tried = await _tried(one, sealer, shops, data.reference if data else "")
    failed = next((each for each in tried if not each.ok), None)
    async with db.transaction() as tx:
        if failed is None:
            await providers.note_answer(tx, one.id)
        else:
            await providers.note_failure(tx, one.id, ProviderFailed(str(failed.facts.get("reason", ""))))
    locale = locale_of(request)
    return ProviderTest(failed is None, [_tested(each, locale) for each in tried])


async def _tried(one: Provider, sealer: Sealer, shops: Shops, reference: str) -> list[Tested]:
    try:
        values = one.values(sealer)
    except ProviderFailed as failure:
        return [Tested("answered", ok=False, facts={"reason": failure.reason})]
    return await KINDS[one.kind].probe(shops.client, values, reference)


def _tested(tested: Tested, locale: str) -> TestedView:
    reason = str(tested.facts.get("reason", ""))
    if reason:
        detail, more = _trouble(reason, locale), str(tested.facts.get("detail") or "")
        detail = f"{detail} ({more})" if more else detail
    else:
        detail = i18n.sentence(f"provider.{tested.name}.found.{tested.facts.get('status', '')}", locale)
    return TestedView(i18n.sentence(f"provider.{tested.name}", locale), tested.ok, detail)


def _trouble(reason: str, locale: str) -> str:
    known = f"provider.reason.{reason}"
    return i18n.sentence(known if known in i18n.catalogue(locale) else "provider.reason.other", locale)


def _view(one: Provider, sealer: Sealer, locale: str) -> ProviderView:
    try:
        held: dict[str, Any] = one.values(sealer)
    except ProviderFailed:
        held = {}
    return ProviderView(
        id=one.public_id,
        kind=one.kind,
        values=one.settings,
        filled=[name for name in providers.sealed(one.kind) if name in held],
        last_error=one.last_error,
        trouble=_trouble(one.last_error, locale) if one.last_error else None,
        last_answer_at=one.last_answer_at,
        down_until=one.down_until,
    )


ROUTES = [
    list_provider_kinds,
    list_providers,
    connect_provider,
    change_provider,
    archive_provider,
    try_provider,
]

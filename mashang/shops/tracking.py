"""Parcels under way, followed at the carrier where the shop gives no more than a number.

The snapshot has at once what is known already; the carrier is asked after it was stored
(`follow`), because it may take longer than anybody should wait, and its answer is then
written beside the conversation, for agent and customer alike.  Carriers lock a number
that is asked about more often than every half hour: whoever comes earlier reads what
was answered last.  A parcel that has arrived is not asked about again.

The four digits that some carriers want are handed on and never kept.

Does not: ask the shop (`questions`), or speak a carrier's protocol (`kuaidi100`).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from mashang.kit.db import Database, Json, Tx
from mashang.kit.log import log
from mashang.shops import contract, kuaidi100, providers
from mashang.shops.adapters import Shops
from mashang.shops.providers import Provider
from mashang.shops.providing import ProviderFailed

ASKED_EVERY = timedelta(minutes=30)
KEPT_FOR = timedelta(days=30)
_ASKED_AT_ONCE = 5
_CUT_SHORT_AFTER = timedelta(seconds=10)  # whoever asked is gone
_OF_ONE_PARCEL = frozenset({"phone_wrong", "another", "malformed"})
_ENDED = ("delivered", "returned")
_NOT_COUNTED = frozenset(
    {"unreachable", "certificate", "private_address", "secret_unreadable", "refused_us", "used_up"}
)


class TrackedShipment(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A parcel as agent and customer see it; `reason`: why the carrier says nothing of it, or nothing newer.

    `reason`: asking · not_connected · no_track · phone_needed · or why the carrier's service failed.
    """

    number: str
    carrier: str
    carrier_code: str = ""
    state: contract.ShipmentState | None = None
    lines: list[str] = []
    events: list[contract.ShipmentEvent] = []
    source: Literal["shop", "kuaidi100"] = "shop"
    tracked_at: datetime
    reason: str = ""


class _Row(msgspec.Struct):
    carrier_code: str
    number: str
    answered_at: datetime | None
    state: contract.ShipmentState | None
    events: list[contract.ShipmentEvent]
    reason: str


async def known(tx: Tx, shop_id: int, shipments: list[contract.Shipment], told_at: datetime) -> list[TrackedShipment]:
    """What the shop told at `told_at`, with what the carrier said last."""
    provider = await _provider(tx, shop_id)
    rows = await tx.all(
        """
        select carrier_code, number, answered_at, state, events,
               case when reason = 'asking' and ask_again_at < app_now() + %s then 'timed_out' else reason end as reason
        from tracking where shop_id = %s and number = any(%s)
        """,
        (ASKED_EVERY - _CUT_SHORT_AFTER, shop_id, [one.number for one in shipments]),
    )
    kept = {(row["carrier_code"], row["number"]): msgspec.convert(row, _Row) for row in rows}
    return [_seen(one, kept.get((one.carrier_code, one.number)), provider, told_at) for one in shipments]


async def follow(db: Database, shops: Shops, shop_id: int, shipments: list[contract.Shipment]) -> bool:
    """Ask the carrier about those that may be asked about by now; was there one?  A carrier that fails is a result."""
    followed = [one for one in shipments if not _hindrance(one)][:_ASKED_AT_ONCE]
    followed.sort(key=lambda one: (one.carrier_code, one.number))  # as all lock them
    async with db.transaction() as tx:
        provider = await _provider(tx, shop_id) if followed else None
        if provider is None or provider.is_down:
            return False
        claimed = [one for one in followed if await _claim(tx, shop_id, one)]
    await asyncio.gather(*(_ask(db, shops, provider, one) for one in claimed))
    return bool(claimed)


async def sweep(tx: Tx) -> int:
    """Forget parcels that nobody talked about for long; how many."""
    return await tx.run("delete from tracking where ask_again_at < app_now() - %s", (KEPT_FOR,))


def _seen(one: contract.Shipment, row: _Row | None, provider: Provider | None, told_at: datetime) -> TrackedShipment:
    told = TrackedShipment(
        number=one.number,
        carrier=one.carrier,
        carrier_code=one.carrier_code,
        state=one.state,
        lines=one.lines,
        events=one.events,
        tracked_at=told_at,
    )
    if one.events:
        return told
    told.reason = _hindrance(one) or _not_asked(provider)
    if row is None or told.reason == "not_connected":
        return told
    told.reason = row.reason
    if row.answered_at is not None:
        told.state, told.events, told.source, told.tracked_at = row.state, row.events, "kuaidi100", row.answered_at
    return told


def _hindrance(one: contract.Shipment) -> str:
    """Why the carrier cannot be asked about this parcel; empty: it can, or the shop follows it itself."""
    if one.events or not one.carrier_code:
        return "not_connected"
    return "phone_needed" if one.carrier_code in kuaidi100.WANTS_A_PHONE and not one.phone_last_four else ""


def _not_asked(provider: Provider | None) -> str:
    if provider is None:
        return "not_connected"
    return (provider.last_error or "left_alone") if provider.is_down else "asking"


async def _provider(tx: Tx, shop_id: int) -> Provider | None:
    found = await providers.of_shop(tx, shop_id, "shipments")
    return found[0] if found else None


async def _claim(tx: Tx, shop_id: int, one: contract.Shipment) -> bool:
    """May we ask about it now?  Whoever comes next may not."""
    return bool(
        await tx.run(
            """
            insert into tracking (shop_id, carrier_code, number, ask_again_at)
            values (%(shop)s, %(carrier)s, %(number)s, app_now() + %(every)s)
            on conflict (shop_id, carrier_code, number) do update
            set ask_again_at = excluded.ask_again_at, reason = 'asking'
            where tracking.ask_again_at <= app_now() and coalesce(tracking.state <> all(%(ended)s), true)
            """,
            {
                "shop": shop_id,
                "carrier": one.carrier_code,
                "number": one.number,
                "every": ASKED_EVERY,
                "ended": [*_ENDED],
            },
        )
    )


async def _ask(db: Database, shops: Shops, provider: Provider, one: contract.Shipment) -> None:
    """Ask about one parcel and keep the answer, or why there is none."""
    values: dict[str, Any] = {"shop": provider.shop_id, "carrier": one.carrier_code, "number": one.number}
    try:
        track = await kuaidi100.track(
            shops.client, provider.values(shops.sealer), one.carrier_code, one.number, one.phone_last_four
        )
    except ProviderFailed as failure:
        log.warning("provider_failed", provider=provider.id, kind=provider.kind, reason=failure.reason)
        async with db.transaction() as tx:
            if failure.reason not in _OF_ONE_PARCEL:
                await providers.note_failure(tx, provider.id, failure)
            await tx.run(
                "update tracking set reason = %(reason)s,"
                " ask_again_at = case when %(counted)s then ask_again_at else app_now() end"
                " where shop_id = %(shop)s and carrier_code = %(carrier)s and number = %(number)s",
                {**values, "reason": failure.reason, "counted": failure.reason not in _NOT_COUNTED},
            )
        return
    async with db.transaction() as tx:
        await providers.note_answer(tx, provider.id)
        await _keep(tx, values, track)


async def _keep(tx: Tx, values: dict[str, Any], track: kuaidi100.Track | None) -> None:
    """What the carrier said; one that knows nothing (any more) leaves what it said before."""
    if track is None:
        await tx.run(
            "update tracking set reason = 'no_track'"
            " where shop_id = %(shop)s and carrier_code = %(carrier)s and number = %(number)s",
            values,
        )
        return
    await tx.run(
        "update tracking set state = %(state)s, events = %(events)s, reason = '', answered_at = app_now()"
        " where shop_id = %(shop)s and carrier_code = %(carrier)s and number = %(number)s",
        {**values, "state": track.state, "events": Json(track.events)},
    )

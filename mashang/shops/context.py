"""What the shop knows of this matter, standing beside the first message.

`begin` writes that the shop will be asked, in the transaction that opens the
conversation; `fetch` asks after the commit.  The parts are asked in parallel and
there are less than two seconds for all of them: what is not there by then is
`missing`, and the agent sees that, with a button to ask again.  Nobody waits for
the shop to get into the queue.

A shop seen down is left alone for a while (`shop.DOWN_FOR`).  A process that dies between `begin`
and the answer leaves a row saying `asking`: `sweep` takes it up.

An order is shown only when the shop says it belongs to the very account the
customer proved.  Any other number stays a claim: the agent sees what was typed and
nothing of the order, and cannot tell whether it exists.  Of an order that was proved
by the last four digits alone only the status is kept: no keys, payment or targets.

Does not: decide who may look (`desk`), or fetch earlier conversations (ours).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from msgspec import UNSET

from mashang.kit import clock
from mashang.kit.db import Database, Json, Tx
from mashang.kit.events import Event
from mashang.shops import contract, events, gathering, matters, tracking
from mashang.shops.adapters import Shops
from mashang.shops.gathering import Turn
from mashang.shops.questions import (
    ABOUT_A_CUSTOMER,
    ABOUT_AN_ORDER,
    PARTS,
    Ask,
    Failed,
    Found,
    OrderOwner,
    OwnOrder,
)
from mashang.shops.snapshot import ClaimedOrder, Context, Snapshot, Status, View, merged

AWAITED_FOR = timedelta(seconds=3)
STUCK_AFTER = timedelta(seconds=5)
GIVEN_UP_AFTER = timedelta(seconds=60)
TALKED_ABOUT_FOR = timedelta(days=1)
_SWEPT_AT_ONCE = 20


class ContextAnswered(Event, frozen=True):
    """A snapshot has its final state; `status` is not 'asking'."""

    conversation_id: int
    status: str


class ParcelsTold(Event, frozen=True):
    """The shop has answered with parcels; `shipments` have what the carrier wants to know and nobody keeps."""

    conversation_id: int | None
    asked_at: datetime
    shop_id: int
    shipments: list[contract.Shipment]


class Asker(Protocol):
    """Whom the context is about: a customer, proved or not."""

    @property
    def site_id(self) -> int: ...
    @property
    def shop_id(self) -> int | None: ...
    @property
    def subject(self) -> str | None: ...


class _Asking(msgspec.Struct, kw_only=True):
    """A snapshot that waits for its answer, and what it takes to ask."""

    conversation_id: int
    asked_at: datetime
    data: Snapshot
    turn: Turn


async def begin(
    tx: Tx,
    conversation_id: int,
    customer: Asker,
    order_number: str | None,
    parts: list[str] | tuple[str, ...],
    *,
    owner: OrderOwner | None = None,
) -> Status:
    """Write what the shop is to be asked; `fetch` after the commit.  A later call begins anew.

    `owner` is the order's, where the customer proved no more than that order.
    """
    shop_id = customer.shop_id or await tx.value("select shop_id from site where id = %s", (customer.site_id,))
    ask = Ask(
        shop_id=shop_id,
        subject=customer.subject,
        order_number=order_number,
        parts=_askable(parts, customer.subject, order_number, owner) if shop_id else [],
        **({} if customer.subject else Ask.of_order(owner)),
    )
    seen = Context(claimed_order=ClaimedOrder(order_number) if order_number else UNSET)
    status: Status = "asking" if ask.parts else "nothing_to_ask"
    await tx.run(
        """
        insert into context_snapshot (conversation_id, status, data, asked_at)
        values (%(id)s, %(status)s, %(data)s, app_now())
        on conflict (conversation_id) do update
        set status = excluded.status, data = excluded.data, asked_at = excluded.asked_at, answered_at = null
        """,
        {"id": conversation_id, "status": status, "data": Json(Snapshot(ask=ask, seen=seen))},
    )
    return status


async def fetch(db: Database, shops: Shops, conversation_id: int) -> None:
    """Ask the shop and keep its answer; nothing to do unless the snapshot says 'asking'.

    A shop that fails is a result, not an error: this raises for our own bugs only.
    """
    async with db.transaction() as tx:
        asking = await _asking(tx, conversation_id)
    if asking is None:
        return
    found, failed = await gathering.ask(asking.turn, shops)
    shop_id, parcels = asking.turn.shop.shop_id, found.get("shipments")
    async with db.transaction() as tx:
        await gathering.note(tx, asking.turn, found, failed)
        if await _store(tx, asking, found, failed) and parcels:
            tx.emit(ParcelsTold(conversation_id, asking.asked_at, shop_id, parcels))


async def look(db: Database, shops: Shops, ask: Ask) -> View:
    """The same questions outside any conversation; nothing of the answer is kept but where parcels are."""
    async with db.transaction() as tx:
        turn = await gathering.prepared(tx, ask)
    asked_at = clock.now()
    found, failed = await gathering.ask(turn, shops)
    parcels = found.get("shipments")
    async with db.transaction() as tx:
        await gathering.note(tx, turn, found, failed)
        if parcels:
            tx.emit(ParcelsTold(None, asked_at, turn.shop.shop_id, parcels))
        seen = merged(Snapshot(ask=ask, seen=Context()), found, failed)
        return View(
            status="partial" if seen.missing else "complete",
            asked_at=asked_at,
            answered_at=clock.now(),
            reported=await reported(tx, ask, seen.order or None),
            issued=await events.issued_of(tx, ask.shop_id, ask.owner, ask.order_number),
            **msgspec.structs.asdict(seen),
        )


async def follow(db: Database, shops: Shops, told: ParcelsTold) -> None:
    """Ask the carrier, and show beside the conversation what is known then; a carrier that fails is a result."""
    if not await tracking.follow(db, shops, told.shop_id, told.shipments):
        return
    async with db.transaction() as tx:
        tracks = await tracking.known(tx, told.shop_id, told.shipments, told.asked_at)
        status = await tx.value(
            "update context_snapshot set data = jsonb_set(data, '{seen,shipments}', %s)"
            " where conversation_id = %s and asked_at = %s and status <> 'asking' returning status",
            (Json(tracks), told.conversation_id, told.asked_at),
        )
        if status and told.conversation_id:
            tx.emit(ContextAnswered(told.conversation_id, status))


async def refresh(db: Database, shops: Shops, conversation_id: int) -> None:
    """Ask again; what is known stays where the shop does not answer now."""
    async with db.transaction() as tx:
        await tx.run(
            "update context_snapshot set status = 'asking', asked_at = app_now()"
            " where conversation_id = %s and status not in ('asking', 'nothing_to_ask')",
            (conversation_id,),
        )
    await fetch(db, shops, conversation_id)


async def refresh_about(db: Database, shops: Shops, shop_id: int, order_number: str) -> int:
    """The shop reported something of this order: ask again where its owner talks about it today.  How many."""
    async with db.transaction() as tx:
        about = await tx.all(
            """
            select conversation_id from context_snapshot
            where data->'ask'->>'order_number' = %s and data->'ask'->>'shop_id' = %s
              and coalesce(data->'ask'->>'subject', data->'ask'->>'order_of') is not null and asked_at > app_now() - %s
            order by asked_at desc limit %s
            """,
            (order_number, str(shop_id), TALKED_ABOUT_FOR, _SWEPT_AT_ONCE),
        )
    await asyncio.gather(*(refresh(db, shops, row["conversation_id"]) for row in about))
    return len(about)


async def view(tx: Tx, conversation_id: int) -> View | None:
    """The snapshot of a conversation, or None when it has none."""
    row = await tx.first(
        """
        select s.status, s.data, s.asked_at, s.answered_at, shop.last_error,
               coalesce((shop.capabilities->>'reveals')::boolean, false) as reveals,
               case when shop.down_until > app_now() then shop.down_until end as retry_at
        from context_snapshot s left join shop on shop.id = (s.data->'ask'->>'shop_id')::bigint
        where s.conversation_id = %s
        """,
        (conversation_id,),
    )
    if row is None:
        return None
    snapshot = msgspec.convert(row["data"], Snapshot)
    seen = snapshot.seen
    if seen.reason == "left_alone":  # because of what was seen just before
        seen.reason = row["last_error"] or UNSET
    for parcel in seen.shipments:
        if parcel.reason == "asking" and row["asked_at"] < clock.now() - GIVEN_UP_AFTER:
            parcel.reason = "timed_out"
    return View(
        status=row["status"],
        asked_at=row["asked_at"],
        answered_at=row["answered_at"] or UNSET,
        retry_at=row["retry_at"] or UNSET,
        reported=await reported(tx, snapshot.ask, seen.order or None),
        issued=await events.issued_of(tx, snapshot.ask.shop_id, snapshot.ask.owner, snapshot.ask.order_number),
        reveals=row["reveals"] and snapshot.ask.owner is not None,
        **msgspec.structs.asdict(seen),
    )


class Owned(msgspec.Struct, frozen=True):
    """An order that stands proved beside a conversation, and whose it is."""

    shop_id: int
    subject: str
    order: OwnOrder


async def owned(tx: Tx, conversation_id: int) -> Owned | None:
    """The order of a conversation whose owner is proved; None for a claim, for one proved in part only, and for one
    of a shop that is not in use any more.
    """
    data = await tx.value(
        """
        select s.data from context_snapshot s join shop on shop.id = (s.data->'ask'->>'shop_id')::bigint
        where s.conversation_id = %s and shop.archived_at is null
        """,
        (conversation_id,),
    )
    if data is None:
        return None
    snapshot = msgspec.convert(data, Snapshot)
    ask, order = snapshot.ask, snapshot.seen.order
    if ask.shop_id is None or ask.owner is None or order is UNSET or order.status_only:
        return None
    return Owned(ask.shop_id, ask.owner, order)


async def is_awaited(tx: Tx, conversation_id: int) -> bool:
    """Will the shop, as things are, tell of its order in a moment?"""
    awaited: bool | None = await tx.value(
        "select asked_at > app_now() - %s from context_snapshot"
        " where conversation_id = %s and status = 'asking' and data -> 'ask' -> 'parts' ? 'order'",
        (AWAITED_FOR, conversation_id),
    )
    return bool(awaited)


async def kinds(tx: Tx, conversation_id: int) -> frozenset[contract.DeliveryKind]:
    """What the order of a conversation delivers; nothing where its owner is not proved."""
    own = await owned(tx, conversation_id)
    return frozenset(line.delivery.kind for line in own.order.lines) if own else frozenset()


async def reported(tx: Tx, ask: Ask, order: OwnOrder | None) -> list[contract.Anomaly]:
    """What the shop told by itself of this customer's own order, and the order as it was answered does not say."""
    if ask.shop_id is None or ask.owner is None or ask.order_number is None:
        return []
    said = order.anomaly.kind if order and order.anomaly else None
    found = await matters.open_of(tx, ask.shop_id, ask.owner, ask.order_number)
    return [contract.Anomaly(kind=one.kind, text=one.text, since=one.since) for one in found if one.kind != said]


async def sweep(db: Database, shops: Shops) -> int:
    """Take up snapshots whose asking was cut short; give up on those a minute old.  How many."""
    async with db.transaction() as tx:
        given_up = await tx.all(
            "update context_snapshot set status = 'unanswered' where status = 'asking' and asked_at < app_now() - %s"
            " returning conversation_id",
            (GIVEN_UP_AFTER,),
        )
        for row in given_up:
            tx.emit(ContextAnswered(row["conversation_id"], "unanswered"))
        stuck = await tx.all(
            "select conversation_id from context_snapshot where status = 'asking' and asked_at < app_now() - %s"
            " order by asked_at limit %s",
            (STUCK_AFTER, _SWEPT_AT_ONCE),
        )
    await asyncio.gather(*(fetch(db, shops, row["conversation_id"]) for row in stuck))
    return len(given_up) + len(stuck)


def _askable(
    parts: list[str] | tuple[str, ...], subject: str | None, order_number: str | None, owner: OrderOwner | None
) -> list[str]:
    """The parts that make sense to ask: nothing about a person nobody proved to be, and the order with its parcels."""
    wanted = [part for part in PARTS if part in parts or (part == "order" and ABOUT_AN_ORDER.intersection(parts))]
    if subject is None:
        told = ABOUT_AN_ORDER if owner and owner.whole else {"order"} if owner else set()
        wanted = [part for part in wanted if part not in ABOUT_A_CUSTOMER - told]
    return [part for part in wanted if order_number or part not in ABOUT_AN_ORDER]


async def _asking(tx: Tx, conversation_id: int) -> _Asking | None:
    row = await tx.first(
        """
        select s.asked_at, s.data
        from context_snapshot s join shop on shop.id = (s.data->'ask'->>'shop_id')::bigint
        where s.conversation_id = %s and s.status = 'asking'
        """,
        (conversation_id,),
    )
    if row is None:
        return None
    snapshot = msgspec.convert(row["data"], Snapshot)
    turn = await gathering.prepared(tx, snapshot.ask)
    return _Asking(conversation_id=conversation_id, asked_at=row["asked_at"], data=snapshot, turn=turn)


async def _store(tx: Tx, asking: _Asking, found: Found, failed: Failed) -> bool:
    """Keep the answer; False when somebody began anew meanwhile."""
    snapshot = Snapshot(ask=asking.data.ask, seen=merged(asking.data, found, failed))
    status: Status = "complete" if not snapshot.seen.missing else "partial" if found else "unanswered"
    stored = await tx.run(
        """
        update context_snapshot
        set status = %(status)s, data = %(data)s,
            answered_at = case when %(answered)s then app_now() else answered_at end
        where conversation_id = %(id)s and status = 'asking' and asked_at = %(asked_at)s
        """,
        {
            "status": status,
            "data": Json(snapshot),
            "answered": bool(found),
            "id": asking.conversation_id,
            "asked_at": asking.asked_at,
        },
    )
    if stored:
        tx.emit(ContextAnswered(asking.conversation_id, status))
    return bool(stored)
